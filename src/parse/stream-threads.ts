import type { Comment, Diagnostic } from '../types';
import type { CommentRecord } from './format';
import { cycleAt, dateOf, parentOf, toComment } from './threads';

/** A stream knows the ids and depths of at least so many comments before the one at hand, and of at most twice as many. */
const WINDOW = 50_000;

/**
 * Depths by thread and id; the thread of a file that names none is ''. Under an id that was made up stands the complement of
 * the depth (`~depth`, below 0): no answer of the source can mean it.
 */
type Depths = Map<string, Map<string, number>>;

/** Works out ids, parents and depths of comments that pass by, in bounded memory. */
export function recentThreads(report: (diagnostic: Diagnostic) => void): {
  resolve(record: CommentRecord): Comment;
  finish(): void;
} {
  // Two generations: when the young one is full, it takes the place of the old one, and nothing is looked for to be forgotten.
  let young: Depths = new Map();
  let old: Depths = new Map();
  let inYoung = 0;
  let threadAtHand = '';
  let recent: Map<string, number> | undefined;
  let earlier: ReadonlyMap<string, number> | undefined;
  const copies = new Map<string, number>();
  /** Ids of the source that had been made up for another comment, and what their own comment goes by, here or still to come. */
  const renamed = new Map<string, string>();
  let position = 0;
  let unreadable = 0;
  let example = '';

  function turnTo(threadId: string): Map<string, number> {
    if (threadId === threadAtHand && recent !== undefined) return recent;
    threadAtHand = threadId;
    recent = young.get(threadId) ?? new Map();
    young.set(threadId, recent);
    earlier = old.get(threadId);
    return recent;
  }

  const depthOf = (id: string): number | undefined => recent?.get(id) ?? earlier?.get(id);

  function note(id: string, depth: number): void {
    turnTo(threadAtHand).set(id, depth);
    inYoung += 1;
    if (inYoung < WINDOW) return;
    old = young;
    young = new Map();
    inYoung = 0;
    recent = undefined;
  }

  function keep<T>(map: Map<string, T>, id: string, value: T): void {
    if (map.size >= WINDOW) map.clear();
    map.set(`${threadAtHand}\n${id}`, value);
  }

  function copyOf(wanted: string): string {
    let copy = copies.get(`${threadAtHand}\n${wanted}`) ?? 2;
    let id = `${wanted}#${copy}`;
    for (; depthOf(id) !== undefined; id = `${wanted}#${copy}`) copy += 1;
    keep(copies, wanted, copy);
    return id;
  }

  /** What a comment goes by whose id has been made up for another one. */
  function nameInstead(id: string): string {
    const known = renamed.get(`${threadAtHand}\n${id}`);
    if (known !== undefined) return known;
    const name = copyOf(id);
    keep(renamed, id, name);
    return name;
  }

  function uniqueId(record: CommentRecord): string {
    const wanted = record.id ?? String(position + 1);
    const holder = depthOf(wanted);
    if (record.id === undefined)
      return holder === undefined && wanted !== record.parentId ? wanted : copyOf(wanted);
    if (holder === undefined) return wanted;
    const name = holder < 0 ? nameInstead(wanted) : undefined;
    const id = name !== undefined && depthOf(name) === undefined ? name : copyOf(wanted);
    const message = `the id ${wanted} occurs again; this comment is called ${id}`;
    report({ code: 'duplicate-id', severity: 'warning', message, lost: 0, place: { id } });
    return id;
  }

  return {
    resolve(record) {
      turnTo(record.threadId ?? '');
      const id = uniqueId(record);
      let parentId = record.parent?.id ?? record.parentId ?? null;
      let above = parentId === null ? undefined : depthOf(parentId);
      if (parentId !== null && above !== undefined && above < 0 && record.parent === undefined) {
        parentId = nameInstead(parentId);
        above = depthOf(parentId);
      }
      const isLoop = parentId === id;
      if (isLoop) report(cycleAt(id));
      const isTop = above === undefined && record.parent === undefined && parentOf(record) === null;
      if (isLoop || isTop) parentId = null;
      const depth = parentId === null ? 0 : above === undefined ? 1 : (above < 0 ? ~above : above) + 1;
      note(id, id === record.id ? depth : ~depth);
      // Answers nested in it, which come next, find it by the name that it goes by.
      record.id = id;
      const { createdAt, readable } = dateOf(record);
      if (!readable) {
        unreadable += 1;
        example ||= record.createdAt!.slice(0, 40);
      }
      const comment = toComment(record, { id, parentId, depth, position, orphan: false, createdAt });
      if (record.threadId !== undefined) comment.threadId = record.threadId;
      position += 1;
      return comment;
    },
    finish() {
      if (unreadable === 0) return;
      const message = `${unreadable} ${unreadable === 1 ? 'date is' : 'dates are'} of no known form: ${JSON.stringify(example)}`;
      report({ code: 'unreadable-date', severity: 'warning', message, lost: 0 });
    },
  };
}

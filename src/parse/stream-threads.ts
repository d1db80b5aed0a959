import type { Comment, Diagnostic } from '../types';
import type { CommentRecord } from './format';
import { dateOf, parentOf, toComment } from './threads';

/** A stream knows the ids and depths of at least so many comments before the one at hand, and of at most twice as many. */
const WINDOW = 50_000;

/** Depths by thread and id; the thread of a file that names none is ''. */
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
  let threadAtHand: string | undefined;
  let recent = new Map<string, number>();
  let earlier: ReadonlyMap<string, number> | undefined;
  const copies = new Map<string, number>();
  let position = 0;
  let unreadable = 0;
  let example = '';

  function turnTo(threadId: string): void {
    if (threadId === threadAtHand) return;
    threadAtHand = threadId;
    recent = young.get(threadId) ?? new Map();
    young.set(threadId, recent);
    earlier = old.get(threadId);
  }

  const isKnown = (id: string): boolean => recent.has(id) || earlier?.has(id) === true;

  function note(id: string, depth: number): void {
    recent.set(id, depth);
    inYoung += 1;
    if (inYoung < WINDOW) return;
    old = young;
    young = new Map();
    inYoung = 0;
    threadAtHand = undefined;
  }

  function rename(threadId: string, wanted: string): string {
    const key = `${threadId}\n${wanted}`;
    let copy = copies.get(key) ?? 2;
    let id = wanted;
    for (; isKnown(id); copy += 1) id = `${wanted}#${copy}`;
    if (copies.size >= WINDOW) copies.clear();
    copies.set(key, copy);
    return id;
  }

  return {
    resolve(record) {
      const threadId = record.threadId ?? '';
      turnTo(threadId);
      let id = record.id ?? String(position + 1);
      if (isKnown(id)) {
        id = rename(threadId, id);
        if (record.id !== undefined) {
          const message = `the id ${record.id} occurs again; this comment is called ${id}`;
          report({ code: 'duplicate-id', severity: 'warning', message, lost: 0, place: { id } });
        }
      }
      const known =
        record.parentId == null ? undefined : (recent.get(record.parentId) ?? earlier?.get(record.parentId));
      const parentId = known === undefined || record.parentId === id ? parentOf(record) : record.parentId!;
      const depth = parentId === null ? 0 : (known ?? 0) + 1;
      note(id, depth);
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

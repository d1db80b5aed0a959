import type { Comment, Diagnostic } from '../types';
import type { CommentRecord } from './format';
import { dateOf, parentOf, toComment } from './threads';

/** So many comments back a stream knows ids and depths. */
const WINDOW = 100_000;

/** Works out ids, parents and depths of comments that pass by, in bounded memory. */
export function recentThreads(report: (diagnostic: Diagnostic) => void): {
  resolve(record: CommentRecord): Comment;
  finish(): void;
} {
  /** Depths by thread and id; the thread of a file that names none is ''. */
  const threads = new Map<string, Map<string, number>>();
  const copies = new Map<string, number>();
  const oldest: { threadId: string; id: string }[] = [];
  let at = 0;
  let position = 0;
  let unreadable = 0;
  let example = '';

  function depthsOf(threadId: string): Map<string, number> {
    let depths = threads.get(threadId);
    if (depths === undefined) {
      depths = new Map();
      threads.set(threadId, depths);
    }
    return depths;
  }

  /** Notes a comment that has just come, in the place of the one that came longest ago. */
  function note(threadId: string, id: string): void {
    if (oldest.length < WINDOW) {
      oldest.push({ threadId, id });
      return;
    }
    const gone = oldest[at]!;
    const depths = threads.get(gone.threadId)!;
    depths.delete(gone.id);
    if (depths.size === 0) threads.delete(gone.threadId);
    gone.threadId = threadId;
    gone.id = id;
    at = (at + 1) % WINDOW;
  }

  function rename(threadId: string, wanted: string, depths: Map<string, number>): string {
    const key = `${threadId}\n${wanted}`;
    let copy = copies.get(key) ?? 2;
    let id = wanted;
    for (; depths.has(id); copy += 1) id = `${wanted}#${copy}`;
    if (copies.size >= WINDOW) copies.clear();
    copies.set(key, copy);
    return id;
  }

  return {
    resolve(record) {
      const threadId = record.threadId ?? '';
      const depths = depthsOf(threadId);
      let id = record.id ?? String(position + 1);
      if (depths.has(id)) {
        id = rename(threadId, id, depths);
        if (record.id !== undefined) {
          const message = `the id ${record.id} occurs again; this comment is called ${id}`;
          report({ code: 'duplicate-id', severity: 'warning', message, lost: 0, place: { id } });
        }
      }
      const known = record.parentId == null ? undefined : depths.get(record.parentId);
      const parentId = known === undefined || record.parentId === id ? parentOf(record) : record.parentId!;
      const depth = parentId === null ? 0 : (known ?? 0) + 1;
      depths.set(id, depth);
      note(threadId, id);
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

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
  const depths = new Map<string, number>();
  const copies = new Map<string, number>();
  const oldest: string[] = [];
  let at = 0;
  let position = 0;
  let unreadable = 0;
  let example = '';

  function remember(key: string, depth: number): void {
    depths.set(key, depth);
    if (oldest.length < WINDOW) oldest.push(key);
    else {
      depths.delete(oldest[at]!);
      oldest[at] = key;
      at = (at + 1) % WINDOW;
    }
  }

  return {
    resolve(record) {
      const prefix = record.threadId === undefined ? '' : `${record.threadId}\n`;
      let id = record.id ?? String(position + 1);
      if (depths.has(prefix + id)) {
        const wanted = id;
        let copy = copies.get(prefix + wanted) ?? 2;
        for (; depths.has(prefix + id); copy += 1) id = `${wanted}#${copy}`;
        if (copies.size >= WINDOW) copies.clear();
        copies.set(prefix + wanted, copy);
        if (record.id !== undefined) {
          const message = `the id ${record.id} occurs again; this comment is called ${id}`;
          report({ code: 'duplicate-id', severity: 'warning', message, lost: 0, place: { id } });
        }
      }
      const known = record.parentId == null ? undefined : depths.get(prefix + record.parentId);
      const parentId = known === undefined || record.parentId === id ? parentOf(record) : record.parentId!;
      const depth = parentId === null ? 0 : (known ?? 0) + 1;
      remember(prefix + id, depth);
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

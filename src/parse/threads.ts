import type { Comment, Diagnostic, Thread } from '../types';
import type { CommentRecord, Sink, ThreadRecord } from './format';
import { readDate } from './reading/dates';

interface Draft {
  id: string | undefined;
  header: ThreadRecord;
  records: CommentRecord[];
  diagnostics: Diagnostic[];
}

/** A sink that gathers everything and works out the threads once the input has ended. */
export function threadCollector(): Sink & { threads(source: string, format: string): Thread[] } {
  const drafts = new Map<string | undefined, Draft>();
  const general: Diagnostic[] = [];

  function draft(id: string | undefined): Draft {
    let found = drafts.get(id);
    if (found === undefined) {
      found = { id, header: {}, records: [], diagnostics: [] };
      drafts.set(id, found);
    }
    return found;
  }

  return {
    thread(record) {
      const target = draft(record.id);
      target.header = {
        ...target.header,
        ...record,
        article:
          record.article === undefined
            ? target.header.article
            : { ...target.header.article, ...record.article },
      };
    },
    comment(record) {
      draft(record.threadId).records.push(record);
    },
    diagnostic({ threadId, lost = 0, ...rest }) {
      const target = threadId === undefined ? general : draft(threadId).diagnostics;
      target.push({ ...rest, lost });
    },
    threads(source, format) {
      if (drafts.size === 0) draft(undefined);
      const threads = [...drafts.values()].map((each) => finish(each, source, format));
      threads[0]!.diagnostics = [...general, ...threads[0]!.diagnostics];
      return threads;
    },
  };
}

function finish(draft: Draft, source: string, format: string): Thread {
  const { diagnostics, header } = draft;
  const comments = resolve(draft.records, diagnostics);
  const { article, declaredCount } = header;
  // Pages count what they show: some with pingbacks, none with spam.
  const shown = comments.filter(({ status }) => status === undefined || status === 'approved').length;
  if (declaredCount !== undefined && declaredCount !== comments.length && declaredCount !== shown) {
    diagnostics.push({
      code: 'count-mismatch',
      severity: 'warning',
      message: `the page says ${declaredCount} comments, ${comments.length} were found`,
      lost: 0,
    });
  }
  return {
    source,
    format,
    ...(draft.id === undefined ? {} : { id: draft.id }),
    ...(article === undefined
      ? {}
      : { article: { ...article, title: article.title ?? '', text: article.text ?? '' } }),
    ...(declaredCount === undefined ? {} : { declaredCount }),
    comments,
    diagnostics,
  };
}

/** Gives ids, parents and depths; breaks cycles; marks orphans. */
export function resolve(records: readonly CommentRecord[], diagnostics: Diagnostic[]): Comment[] {
  const ids = uniqueIds(records, diagnostics);
  const positionOf = parentFinder(records, ids);
  const orphans = new Uint8Array(records.length);
  const parents = records.map((record, position) => {
    const parent = positionOf(record);
    if (parent === undefined && parentOf(record) !== null) orphans[position] = 1;
    if (parent === position) diagnostics.push(cycleAt(ids[position]!));
    return parent === undefined || parent === position ? -1 : parent;
  });
  const depths = new Int32Array(records.length).fill(-1);
  const onPath = new Uint8Array(records.length);
  for (let start = 0; start < records.length; start += 1) {
    const path: number[] = [];
    let at = start;
    while (at !== -1 && depths[at] === -1) {
      onPath[at] = 1;
      path.push(at);
      const parent = parents[at]!;
      if (parent !== -1 && onPath[parent] === 1 && depths[parent] === -1) {
        diagnostics.push(cycleAt(ids[at]!));
        parents[at] = -1;
        break;
      }
      at = parent;
    }
    for (const each of path.reverse()) {
      const parent = parents[each]!;
      depths[each] = parent === -1 ? 0 : depths[parent]! + 1;
    }
  }
  const unreadable: string[] = [];
  const comments = records.map((record, position) => {
    const parent = parents[position]!;
    const orphan = orphans[position] === 1;
    if (orphan) {
      diagnostics.push({
        code: 'orphan',
        severity: 'info',
        message: `comment ${ids[position]} answers ${record.parentId}, which is not in the source`,
        lost: 0,
        place: { id: ids[position]! },
      });
    }
    const { createdAt, readable } = dateOf(record);
    if (!readable) unreadable.push(record.createdAt!);
    return toComment(record, {
      id: ids[position]!,
      parentId: parent === -1 ? (orphan ? record.parentId! : null) : ids[parent]!,
      depth: depths[position]!,
      position,
      orphan,
      createdAt,
    });
  });
  if (unreadable.length > 0) {
    diagnostics.push({
      code: 'unreadable-date',
      severity: 'warning',
      message: `${unreadable.length} ${unreadable.length === 1 ? 'date is' : 'dates are'} of no known form: ${JSON.stringify(unreadable[0]!.slice(0, 40))}`,
      lost: 0,
    });
  }
  return comments;
}

/** Finds where the parent of a record stands: by the record that holds it, or by the id it names. */
function parentFinder(
  records: readonly CommentRecord[],
  ids: readonly string[],
): (record: CommentRecord) => number | undefined {
  const byId = new Map(ids.map((id, position) => [id, position]));
  const byRecord = new Map<CommentRecord, number>();
  if (records.some(({ parent }) => parent !== undefined))
    for (const [position, record] of records.entries()) byRecord.set(record, position);
  return ({ parent, parentId }) =>
    (parent === undefined ? undefined : byRecord.get(parent)) ??
    (parentId == null ? undefined : byId.get(parentId));
}

export function cycleAt(id: string): Diagnostic {
  const message = `comment ${id} is an answer to itself through its parents; it stands at the top now`;
  return { code: 'cycle', severity: 'warning', message, lost: 0, place: { id } };
}

/** What sources write for "no parent". */
const noParent = new Set(['', '0', '-1', 'root', 'null', 'none', 'None', 'NULL', 'nan', 'NaN']);

/** A parent as the source names it, or null for a comment on the article. */
export function parentOf(record: CommentRecord): string | null {
  return record.parentId == null || noParent.has(record.parentId) ? null : record.parentId;
}

export function dateOf(record: CommentRecord): { createdAt: string | undefined; readable: boolean } {
  if (record.createdAt === undefined || record.createdAt === '')
    return { createdAt: undefined, readable: true };
  const createdAt = readDate(record.createdAt);
  return { createdAt, readable: createdAt !== undefined };
}

interface Resolved {
  id: string;
  parentId: string | null;
  depth: number;
  position: number;
  orphan: boolean;
  createdAt: string | undefined;
}

/** A `Comment` of a record and of what was worked out for it; absent values leave no keys. */
export function toComment(
  record: CommentRecord,
  { id, parentId, depth, position, orphan, createdAt }: Resolved,
): Comment {
  const comment: Comment = { id, parentId, depth, position, text: record.text };
  if (record.author !== undefined) comment.author = record.author;
  if (record.quotes !== undefined && record.quotes.length > 0) comment.quotes = record.quotes;
  if (createdAt !== undefined) comment.createdAt = createdAt;
  if (record.likes !== undefined) comment.likes = record.likes;
  if (record.status !== undefined) comment.status = record.status;
  if (orphan) comment.orphan = true;
  if (record.span !== undefined) comment.span = record.span;
  return comment;
}

/** Ids that are made up are none that the source names, as a parent's either: that would be another comment's. */
function uniqueIds(records: readonly CommentRecord[], diagnostics: Diagnostic[]): string[] {
  const taken = new Set<string>();
  const given = new Set<string>();
  const copies = new Map<string, number>();
  for (const { id, parentId } of records) {
    if (id !== undefined) given.add(id);
    if (parentId != null) given.add(parentId);
  }
  return records.map((record, position) => {
    const wanted = record.id ?? String(position + 1);
    let id = wanted;
    // Counting on from the last copy keeps a file of one id linear.
    let copy = copies.get(wanted) ?? 2;
    while (taken.has(id) || (id !== record.id && given.has(id))) {
      id = `${wanted}#${copy}`;
      copy += 1;
    }
    if (id !== wanted) copies.set(wanted, copy);
    if (record.id !== undefined && id !== record.id) {
      diagnostics.push({
        code: 'duplicate-id',
        severity: 'warning',
        message: `the id ${record.id} occurs again; this comment is called ${id}`,
        lost: 0,
        place: { id },
      });
    }
    taken.add(id);
    return id;
  });
}

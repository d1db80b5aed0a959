import type { CommentRecord } from '../format';
import { joinLines } from './article';
import type { Section } from './section';
import { cleanName, isRemoved, type ShapedLine } from './shapes';

interface Draft {
  record: CommentRecord;
  body: { text: string; gap: boolean; start: number; end: number }[];
  indent: number;
  answers: string | undefined;
}

export interface Assembled {
  comments: CommentRecord[];
  /** Lines of the section that belong to the page. */
  left: ShapedLine[];
  after: ShapedLine[];
}

const answerTo =
  /(?:in reply to|replying to|replied to|in response to|reply to|antwort auf|en réponse à|en respuesta a|в ответ|↪)\s*:?\s*@?(.{1,50}?)\s*:?$/iu;

/** Makes comments of the lines of a section. */
export function assemble(lines: readonly ShapedLine[], section: Section): Assembled {
  const drafts: Draft[] = [];
  const left: ShapedLine[] = [];
  const after: ShapedLine[] = [];
  let answers: string | undefined;
  for (const [index, role] of section.roles.entries()) {
    const line = lines[section.body + index]!;
    const current = drafts.at(-1);
    const answered = answerTo.exec(line.text)?.[1];
    if (role === 'author' || role === 'inline') {
      drafts.push(open(line, role === 'inline', answers));
      answers = undefined;
    } else if (role === 'text' || role === 'more') current!.body.push(line);
    else if (role === 'after') after.push(line);
    else {
      left.push(line);
      if (answered !== undefined && line.text.length < 80) {
        if (role === 'header') current!.answers ??= answered;
        else answers = answered;
      }
      if (role !== 'intro' && current !== undefined) annotate(current.record, line);
    }
  }
  const comments = drafts.map(close);
  setParents(drafts, comments);
  return { comments, left, after };
}

function open(line: ShapedLine, inline: boolean, answers: string | undefined): Draft {
  const written = cleanName(line.name ?? line.text);
  // "Karamba replied to Cerebro" names both.
  const both = inline ? undefined : answersOf(written);
  const [, name = '', handle] = /^(.*?)(?:\s+(@[\p{L}\p{N}_.-]+))?$/u.exec(both?.name ?? written)!;
  // "Anna Kovács @annak" is a name and an account.
  const author = handle === undefined ? { name } : { name, id: handle };
  const start = line.textStart ?? 0;
  return {
    record: {
      author: inline && line.textStart === undefined ? undefined : author,
      text: '',
      createdAt: line.date?.iso,
      likes: line.likes,
    },
    body: inline
      ? [{ text: line.text.slice(start), gap: false, start: line.start + start, end: line.end }]
      : [],
    indent: line.indent,
    answers: both?.answers ?? answers,
  };
}

function answersOf(line: string): { name: string; answers: string } | undefined {
  const match = answerTo.exec(line);
  return match === null || match.index === 0
    ? undefined
    : { name: line.slice(0, match.index).trim(), answers: match[1]! };
}

function annotate(record: CommentRecord, line: ShapedLine): void {
  record.createdAt ??= line.date?.iso;
  record.likes ??= line.likes;
  if (/awaiting moderation/i.test(line.text)) record.status = 'pending';
  if (line.shape === 'handle' && record.author !== undefined)
    record.author = { ...record.author, id: line.text };
}

function close({ record, body }: Draft): CommentRecord {
  const text = joinLines(body);
  return {
    ...record,
    text,
    ...(isRemoved(text) ? { status: 'deleted' as const } : {}),
    span: { start: body[0]!.start, end: body.at(-1)!.end },
  };
}

/** Parents where the page shows them: by indentation, or by "in reply to …". */
function setParents(drafts: readonly Draft[], comments: CommentRecord[]): void {
  const indented = drafts.some((draft) => draft.indent > drafts[0]!.indent);
  const open: number[] = [];
  for (const [index, draft] of drafts.entries()) {
    comments[index]!.id = String(index + 1);
    while (open.length > 0 && drafts[open.at(-1)!]!.indent >= draft.indent) open.pop();
    if (draft.answers !== undefined) {
      const wanted = draft.answers.toLowerCase();
      const parent = comments
        .slice(0, index)
        .findLastIndex((each) => each.author?.name.toLowerCase() === wanted);
      if (parent !== -1) comments[index]!.parentId = String(parent + 1);
    } else if (indented && open.length > 0) comments[index]!.parentId = String(open.at(-1)! + 1);
    open.push(index);
  }
}

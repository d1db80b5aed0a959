import type { ReaderSettings, Sink } from '../format';
import { isThread, readTree, shapeOf, type ToComment } from '../reading/json-rows';
import { jsonFormat } from '../reading/json-values';
import { objectReader } from '../reading/rows';
import { asId, asText, asTotal, get, isObject, type JsonObject } from '../reading/values';

/** Any other JSON: an array of rows, or an object that holds one, with answers nested or by parent's id. */
export const json = jsonFormat({
  name: 'json',
  description: 'JSON with a list of comments',
  aliases: [],
  advice: "name the key of their text (columns: { text: '…' }, --column text=…), or the format",
  // Whatever else JSON may be, it is no prose: better an error than an article of brackets.
  recognize(value, { lines, columns }) {
    const toComment = objectReader(columns);
    const shape = isObject(value) ? shapeOf(value, toComment) : undefined;
    if (shape?.row) return lines ? 0.3 : 0.8;
    const list = Array.isArray(value) ? value : shape?.list.items;
    if (list === undefined) return 0.3;
    if (list.length === 0) return isThread(value) ? 0.8 : 0.4;
    const first = list.find(isObject);
    return first !== undefined && (isThread(first) || toComment(first) !== undefined) ? 0.8 : 0.3;
  },
  // What starts like JSON and is none is broken JSON rather than prose; the error then says where.
  broken: ({ text }) => (/^\s*(?:\{\s*"|\[\s*[[{"\]])/.test(text) ? 0.3 : 0),
  open: rowsReader,
});

function rowsReader(sink: Sink, { columns }: ReaderSettings): (value: unknown) => number {
  const toComment = objectReader(columns);
  let threads = 0;

  /** Gives the number of comments and, where there is an article, reports what was lost even if there are none. */
  function readList(list: readonly unknown[], threadId: string | undefined, isCertain: boolean): number {
    let found = 0;
    let used: Set<string> | undefined;
    const lost: { code: string; message: string; record: number }[] = [];
    readTree(list, toComment, {
      comment(record) {
        found += 1;
        record.threadId ??= threadId;
        sink.comment(record);
      },
      lose: (code, message, record) => lost.push({ code, message, record }),
      name() {
        used ??= idsOf(list, toComment);
        let name = String(found + 1);
        while (used.has(name)) name = `_${name}`;
        return name;
      },
    });
    if (found === 0 && list.length > 0 && !isCertain) return 0;
    for (const { code, message, record } of lost) {
      sink.diagnostic({ code, severity: 'error', message, lost: 1, place: { record }, threadId });
    }
    return Math.max(found, 1);
  }

  function readThread(value: JsonObject): number {
    const shape = shapeOf(value, toComment);
    threads += 1;
    const threadId = asId(get(value, 'id')) ?? (threads === 1 ? undefined : `#${threads}`);
    readHeader(value, threadId, sink);
    return readList(shape === undefined || shape.row ? [] : shape.list.items, threadId, true);
  }

  function readAll(items: readonly unknown[]): number {
    const articles = items.filter(isThread);
    if (articles.length === 0) return readList(items, undefined, false);
    let found = 0;
    for (const each of articles) found += readThread(each);
    const rows = items.filter((each) => !isThread(each));
    return found + (rows.length === 0 ? 0 : readList(rows, undefined, true));
  }

  return (value) => {
    if (Array.isArray(value)) return readAll(value);
    if (!isObject(value)) return 0;
    const shape = shapeOf(value, toComment);
    if (shape === undefined) return 0;
    if (shape.row) return readList([value], undefined, false);
    const { items, owner } = shape.list;
    if (isThread(value)) return readThread(value);
    if (isThread(owner)) return readThread(owner);
    readHeader(value, undefined, sink);
    return readAll(items);
  };
}

function idsOf(list: readonly unknown[], toComment: ToComment): Set<string> {
  const ids = new Set<string>();
  for (const node of list) {
    const id = isObject(node) ? toComment(node)?.id : undefined;
    if (id !== undefined) ids.add(id);
  }
  return ids;
}

function readHeader(value: JsonObject, id: string | undefined, sink: Sink): void {
  const article = isObject(get(value, 'article')) ? get(value, 'article') : value;
  const title = asText(get(article, 'title')) ?? asText(get(article, 'headline'));
  const url =
    asText(get(article, 'url')) ?? asText(get(article, 'webpage_url')) ?? asText(get(article, 'link'));
  const text =
    asText(get(article, 'text')) ??
    asText(get(article, 'body')) ??
    asText(get(article, 'content')) ??
    asText(get(article, 'description'));
  const declaredCount =
    asTotal(get(value, 'declaredCount')) ??
    asTotal(get(value, 'commentCount')) ??
    asTotal(get(value, 'comment_count'));
  if (id === undefined && title === undefined && url === undefined && declaredCount === undefined) return;
  const header = { title: title ?? '', text: text ?? '', ...(url === undefined ? {} : { url }) };
  sink.thread({
    id,
    ...(title === undefined && url === undefined ? {} : { article: header }),
    declaredCount,
  });
}

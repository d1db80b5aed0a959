import type { Article } from '../../types';
import type { ReaderSettings, Sink } from '../format';
import { contentOf, isThread, type RowList, readTree, unreadIn, unreadMessage } from '../reading/json-rows';
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
  recognize(value, { lines, lone, columns }) {
    const toComment = objectReader(columns);
    const content = isObject(value) ? contentOf(value, toComment, lone) : undefined;
    if (content?.row) return lines ? 0.3 : 0.8;
    const list = Array.isArray(value) ? value : content?.list.items;
    if (list === undefined) return 0.3;
    if (list.length === 0) return content?.article === undefined ? 0.4 : 0.8;
    const first = list.find(isObject);
    return first !== undefined && (isThread(first) || toComment(first) !== undefined) ? 0.8 : 0.3;
  },
  // What starts like JSON and is none is broken JSON rather than prose; the error then says where.
  broken: ({ text }) => (/^\s*(?:\{\s*"|\[\s*[[{"\]])/.test(text) ? 0.3 : 0),
  open: rowsReader,
});

function rowsReader(sink: Sink, { columns }: ReaderSettings): (value: unknown, lone: boolean) => number {
  const toComment = objectReader(columns);
  let threads = 0;

  /** Gives the number of comments and, where there is an article, reports what was lost even if there are none. */
  function readList(list: readonly unknown[], threadId: string | undefined, isCertain: boolean): number {
    let found = 0;
    const losses: { code: string; message: string; record: number; lost: number }[] = [];
    readTree(list, toComment, {
      comment(record) {
        found += 1;
        record.threadId ??= threadId;
        sink.comment(record);
      },
      lose: (code, message, record, lost) => losses.push({ code, message, record, lost }),
    });
    if (found === 0 && list.length > 0 && !isCertain) return 0;
    for (const { code, message, record, lost } of losses)
      sink.diagnostic({ code, severity: 'error', message, lost, place: { record }, threadId });
    return Math.max(found, 1);
  }

  /** Says which lists of a document are not read. */
  function loseOthers(value: JsonObject, read: RowList | undefined, threadId?: string): void {
    for (const { name, count: lost } of unreadIn(value, read, toComment)) {
      const message = unreadMessage(name);
      sink.diagnostic({ code: 'unread-list', severity: 'error', message, lost, threadId });
    }
  }

  /** `whole` is the document, where the article is a part of it. */
  function readThread(value: JsonObject, whole = value): number {
    const content = contentOf(value, toComment, true);
    threads += 1;
    const threadId = asId(get(value, 'id')) ?? (threads === 1 ? undefined : `#${threads}`);
    sink.thread({ id: threadId, article: articleOf(value), declaredCount: declaredCountOf(value) });
    const list = content === undefined || content.row ? undefined : content.list;
    loseOthers(whole, list, threadId);
    return readList(list?.items ?? [], threadId, true);
  }

  function readAll(items: readonly unknown[]): number {
    const articles = items.filter(isThread);
    if (articles.length === 0) return readList(items, undefined, false);
    let found = 0;
    for (const each of articles) found += readThread(each);
    const rows = items.filter((each) => !isThread(each));
    return found + (rows.length === 0 ? 0 : readList(rows, undefined, true));
  }

  return (value, lone) => {
    if (Array.isArray(value)) return readAll(value);
    if (!isObject(value)) return 0;
    const content = contentOf(value, toComment, lone);
    if (content === undefined) return 0;
    if (content.row) return readList([value], undefined, false);
    if (content.article !== undefined) return readThread(content.article, value);
    const article = articleOf(value);
    const declaredCount = declaredCountOf(value);
    // A text alone is a message beside the list.
    const isArticle = article !== undefined && (article.title !== '' || article.url !== undefined);
    if (isArticle || declaredCount !== undefined)
      sink.thread({ article: isArticle ? article : undefined, declaredCount });
    loseOthers(value, content.list);
    return readAll(content.list.items);
  };
}

function articleOf(value: JsonObject): Article | undefined {
  const article = isObject(get(value, 'article')) ? get(value, 'article') : value;
  const first = (...names: string[]): string | undefined =>
    names.map((name) => asText(get(article, name))).find((text) => text !== undefined);
  const title = first('title', 'headline', 'subject');
  const url = first('url', 'webpage_url', 'permalink_url', 'link');
  const text = first('text', 'body', 'content', 'description', 'message');
  if (title === undefined && url === undefined && text === undefined) return undefined;
  return { title: title ?? '', text: text ?? '', ...(url === undefined ? {} : { url }) };
}

function declaredCountOf(value: JsonObject): number | undefined {
  return (
    asTotal(get(value, 'declaredCount')) ??
    asTotal(get(value, 'commentCount')) ??
    asTotal(get(value, 'comment_count'))
  );
}

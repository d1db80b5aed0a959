import { InputError } from '../../errors';
import type { CommentStatus } from '../../types';
import type { Format, Reader, ReaderSettings, Sink } from '../format';
import { htmlToText, looseHtmlToText } from '../reading/markup';
import { asStatus } from '../reading/rows';
import { authorOf } from '../reading/values';
import { type XmlFields, xmlRecords } from '../reading/xml-records';

/** WordPress' export (WXR): an RSS feed with the comments inside each item. */
export const wordpress: Format = {
  name: 'wordpress',
  description: 'WordPress export (WXR)',
  aliases: ['wxr', 'wp'],
  streaming: true,
  detect({ text }) {
    if (!/^\s*</.test(text) || !/<rss[\s>]/.test(text)) return 0;
    if (text.includes('wordpress.org/export/') || /<wp:(?:wxr_version|comment|post_id)\b/.test(text))
      return 0.98;
    return 0.3;
  },
  open: openWordpress,
};

const fields = new Set(
  `comment_id comment_author comment_date_gmt comment_date comment_content comment_approved comment_type comment_parent
  comment_user_id`.split(/\s+/),
);
const itemFields = new Set(['title', 'link', 'pubDate', 'post_id', 'post_type', 'post_date_gmt', 'encoded']);
const articleTypes = new Set(['', 'post', 'page']);

function openWordpress(sink: Sink, settings: ReaderSettings): Reader {
  let isFeed = false;
  let item: Map<string, string> | undefined;
  let itemNumber = 0;
  let announced: string | undefined;
  let comments = 0;
  let field: string | undefined;
  let length = 0;

  const threadId = (): string =>
    item?.get('post_id')?.trim() || item?.get('link')?.trim() || `item-${itemNumber}`;

  function announce(): string {
    if (announced !== undefined) return announced;
    announced = threadId();
    sink.thread(readItem(announced, item ?? new Map()));
    return announced;
  }

  return xmlRecords(
    {
      records: new Set(['comment']),
      fields,
      record(_name, _id, record) {
        comments += 1;
        sink.comment({ threadId: announce(), ...readComment(record) });
      },
      lost: (_name, message) => sink.diagnostic({ code: 'truncated', severity: 'error', message, lost: 1 }),
      tooLong: () =>
        sink.diagnostic({
          code: 'record-too-long',
          severity: 'error',
          message: `a comment is longer than ${settings.maxRecordLength} characters`,
          lost: 1,
        }),
      open(name, qualifiedName) {
        if (name === 'rss' || name === 'channel') isFeed = true;
        if (name === 'item') {
          item = new Map();
          itemNumber += 1;
          announced = undefined;
          comments = 0;
        } else if (item !== undefined && itemFields.has(name) && !qualifiedName.startsWith('excerpt')) {
          field = name;
          length = 0;
        }
      },
      text(data) {
        if (item === undefined || field === undefined) return;
        length += data.length;
        if (length <= settings.maxRecordLength) item.set(field, (item.get(field) ?? '') + data);
      },
      close(name) {
        field = undefined;
        if (name !== 'item' || item === undefined) return;
        // Attachments, menus and revisions are items, too, but no threads.
        if (comments === 0 && articleTypes.has(item.get('post_type')?.trim() ?? '')) announce();
        item = undefined;
      },
      end(_count, unclosed) {
        if (!isFeed)
          throw new InputError('not a WordPress export: it has no <rss> element', {
            code: 'input-malformed',
          });
        if (unclosed)
          sink.diagnostic({ code: 'truncated', severity: 'error', message: 'the file ends before </rss>' });
      },
    },
    settings,
  );
}

function readItem(id: string, item: XmlFields) {
  const url = item.get('link')?.trim();
  const published = utc(item.get('post_date_gmt')) ?? item.get('pubDate')?.trim();
  return {
    id,
    article: {
      title: htmlToText(item.get('title') ?? '').text,
      text: looseHtmlToText(item.get('encoded') ?? '').text,
      ...(url === undefined || url === '' ? {} : { url }),
      ...(published === undefined || published === '' ? {} : { publishedAt: published }),
    },
  };
}

function readComment(record: XmlFields) {
  const field = (name: string): string => record.get(name)?.trim() ?? '';
  const name = htmlToText(field('comment_author')).text;
  const user = field('comment_user_id');
  return {
    id: field('comment_id') || undefined,
    parentId: field('comment_parent') === '0' ? null : field('comment_parent') || null,
    author: authorOf(name, user === '0' ? undefined : user),
    ...looseHtmlToText(record.get('comment_content') ?? ''),
    createdAt: utc(field('comment_date_gmt')) ?? (field('comment_date') || undefined),
    status: readStatus(field('comment_approved'), field('comment_type')),
  };
}

function readStatus(approved: string, type: string): CommentStatus | undefined {
  const status = asStatus(approved);
  if (status === 'spam' || status === 'deleted') return status;
  return type === 'pingback' || type === 'trackback' ? 'pingback' : status;
}

/** WordPress writes times of UTC without a zone, and zeros for none. */
function utc(value: string | undefined): string | undefined {
  const stamp = value?.trim() ?? '';
  return stamp === '' || stamp.startsWith('0000') ? undefined : `${stamp.replace(' ', 'T')}Z`;
}

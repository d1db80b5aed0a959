import { InputError } from '../../errors';
import type { Author } from '../../types';
import type { Format, Reader, ReaderSettings, Sink } from '../format';
import { htmlToText } from '../reading/markup';
import { authorOf } from '../reading/values';
import { type XmlFields, xmlRecords } from '../reading/xml-records';

/** Disqus' XML export: flat threads and posts. */
export const disqus: Format = {
  name: 'disqus',
  description: 'Disqus export (XML)',
  aliases: ['disqus-xml'],
  streaming: true,
  detect({ text }) {
    if (!/^\s*</.test(text)) return 0;
    if (/<disqus[\s>]/.test(text)) return 0.98;
    return text.includes('disqus.com/disqus-internals') ? 0.9 : 0;
  },
  open: openDisqus,
};

const fields = new Set(
  'message createdAt isDeleted isSpam isApproved title link author/name author/username author/isAnonymous thread@id parent@id'.split(
    ' ',
  ),
);

function openDisqus(sink: Sink, settings: ReaderSettings): Reader {
  let root = false;
  return xmlRecords(
    {
      records: new Set(['thread', 'post']),
      fields,
      record(name, id, record) {
        if (name === 'thread') {
          if (id === undefined) return;
          sink.thread(readThread(id, record));
        } else sink.comment(readPost(id, record));
      },
      lost: (name, message) => {
        if (name === 'post') sink.diagnostic({ code: 'truncated', severity: 'error', message, lost: 1 });
        else sink.diagnostic({ code: 'truncated', severity: 'error', message });
      },
      tooLong: (name) =>
        sink.diagnostic({
          code: 'record-too-long',
          severity: 'error',
          message: `a ${name} is longer than ${settings.maxRecordLength} characters`,
          lost: name === 'post' ? 1 : 0,
        }),
      open(name) {
        if (name === 'disqus') root = true;
      },
      end(count, unclosed) {
        if (count === 0 && !root)
          throw new InputError('not a Disqus export: it has no <disqus> element', {
            code: 'input-malformed',
          });
        if (unclosed)
          sink.diagnostic({
            code: 'truncated',
            severity: 'error',
            message: 'the file ends before </disqus>',
          });
      },
    },
    settings,
  );
}

function readThread(id: string, record: XmlFields) {
  const url = record.get('link');
  const published = record.get('createdAt');
  return {
    id,
    article: {
      title: record.get('title')?.trim() ?? '',
      text: htmlToText(record.get('message') ?? '').text,
      ...(url === undefined || url === '' ? {} : { url }),
      ...(published === undefined || published === '' ? {} : { publishedAt: published }),
    },
  };
}

function readPost(id: string | undefined, record: XmlFields) {
  const flag = (name: string): boolean => record.get(name)?.trim() === 'true';
  return {
    threadId: record.get('thread@id'),
    id,
    parentId: record.get('parent@id') ?? null,
    author: readAuthor(record),
    ...htmlToText(record.get('message') ?? ''),
    createdAt: record.get('createdAt')?.trim(),
    status: flag('isSpam')
      ? ('spam' as const)
      : flag('isDeleted')
        ? ('deleted' as const)
        : record.get('isApproved')?.trim() === 'false'
          ? ('pending' as const)
          : undefined,
  };
}

function readAuthor(record: XmlFields): Author | undefined {
  const id = record.get('author/username')?.trim();
  const name = record.get('author/name')?.trim() || id;
  return authorOf(name, id);
}

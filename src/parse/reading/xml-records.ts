import type { Reader, ReaderSettings } from '../format';
import { localName, xmlReader } from './xml';

/** Texts of a record's elements by path (`author/name`), and ids of empty elements that refer (`parent@id`). */
export type XmlFields = ReadonlyMap<string, string>;

export interface XmlRecordHandler {
  /** Local names of the elements that are records. */
  records: ReadonlySet<string>;
  /** The paths that matter; everything else is passed over. */
  fields: ReadonlySet<string>;
  record(name: string, id: string | undefined, fields: XmlFields): void;
  /** A record that the end of the input cuts. */
  lost(name: string, message: string): void;
  tooLong(name: string): void;
  /** Every element outside of records. */
  open?(name: string, qualifiedName: string): void;
  text?(data: string): void;
  close?(name: string, qualifiedName: string): void;
  end(records: number, unclosed: boolean): void;
}

/**
 * Reads flat records from XML of any size. A record that starts inside another one ends it: one missing end tag costs one
 * record.
 */
export function xmlRecords(handler: XmlRecordHandler, settings: ReaderSettings): Reader {
  let count = 0;
  let name: string | undefined;
  let id: string | undefined;
  let fields = new Map<string, string>();
  /** What the open elements inside the record are among the fields; undefined for those that do not matter. */
  let path: (Field | undefined)[] = [];
  const root = fieldTree(handler.fields);
  let length = 0;

  function start(record: string, attributes: Record<string, string>): void {
    name = record;
    id = attribute(attributes, 'id');
    fields = new Map();
    path = [];
    length = 0;
  }

  function finish(): void {
    if (name === undefined) return;
    count += 1;
    const closed = name;
    name = undefined;
    if (length > settings.maxRecordLength) handler.tooLong(closed);
    else handler.record(closed, id, fields);
  }

  return xmlReader(
    {
      open(qualifiedName, attributes) {
        const local = localName(qualifiedName);
        if (name === undefined) {
          if (handler.records.has(local)) start(local, attributes);
          else handler.open?.(local, qualifiedName);
          return;
        }
        // Within a record of another kind it may be no record but a reference to one.
        const isReference = local !== name && handler.fields.has(`${local}@id`);
        if (handler.records.has(local) && !isReference) {
          // The end tag of the record before is missing.
          finish();
          start(local, attributes);
          return;
        }
        const parent = path.length === 0 ? root : path[path.length - 1];
        const field = parent?.children.get(local);
        path.push(field);
        if (field === undefined) return;
        if (field.reference !== undefined) {
          const reference = attribute(attributes, 'id');
          if (reference !== undefined) fields.set(field.reference, reference);
        }
        // A field that occurs twice counts once, the last.
        if (field.path !== undefined) fields.set(field.path, '');
      },
      text(data) {
        if (name === undefined) return handler.text?.(data);
        const key = path[path.length - 1]?.path;
        if (key === undefined) return;
        length += data.length;
        if (length > settings.maxRecordLength) return;
        const before = fields.get(key);
        fields.set(key, before === undefined || before === '' ? data : before + data);
      },
      close(qualifiedName) {
        if (name === undefined) return handler.close?.(localName(qualifiedName), qualifiedName);
        if (path.length > 0) {
          path.pop();
          return;
        }
        finish();
      },
      end(unclosed) {
        if (name !== undefined) handler.lost(name, `the file ends in the middle of a ${name}`);
        handler.end(count, unclosed.length > 0);
      },
    },
    settings,
  );
}

interface Field {
  /** Its path, where its text is wanted. */
  path?: string;
  /** `path@id`, where its id is wanted. */
  reference?: string;
  children: Map<string, Field>;
}

function fieldTree(paths: ReadonlySet<string>): Field {
  const root: Field = { children: new Map() };
  for (const path of paths) {
    const [names, id] = path.split('@') as [string, string | undefined];
    let at = root;
    for (const name of names.split('/')) {
      const next: Field = at.children.get(name) ?? { children: new Map() };
      at.children.set(name, next);
      at = next;
    }
    if (id === undefined) at.path = path;
    else at.reference = path;
  }
  return root;
}

function attribute(attributes: Record<string, string>, name: string): string | undefined {
  for (const key in attributes) {
    if (localName(key) === name) return attributes[key];
  }
  return undefined;
}

import { readFile } from 'node:fs/promises';
import {
  type Alias,
  type Document,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import { type Place, PolicyError } from '../errors';
import { checkPolicy, keyPath, type PolicyMistake } from './check';
import { presets } from './presets';
import type { KnownNames, Policy, PolicyInput } from './schema';

export interface PolicyOptions {
  /** What to call the policy in errors. @default 'policy' */
  source?: string;
  /** Attributes and targets that rules may name, for example a model's. @default any */
  known?: KnownNames;
}

/**
 * Reads a policy: a preset's name (`cautious`, `strict`) or the path of a YAML or JSON file.
 *
 * @throws PolicyError `policy-unreadable`, or `policy-invalid` with every mistake, its line and its key in `issues`
 */
export async function loadPolicy(nameOrPath: string, options: PolicyOptions = {}): Promise<Policy> {
  const preset = Object.hasOwn(presets, nameOrPath) ? presets[nameOrPath as keyof typeof presets] : undefined;
  if (preset) return definePolicy(preset, { source: nameOrPath, ...options });
  let text: string;
  try {
    text = await readFile(nameOrPath, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT'
        ? `There is no policy ${nameOrPath}: neither a file nor one of ${Object.keys(presets).join(', ')}.`
        : code === 'EISDIR'
          ? `${nameOrPath} is a folder; give the policy's file.`
          : `${nameOrPath} cannot be read: ${message}`;
    throw new PolicyError(why, { code: 'policy-unreadable', cause });
  }
  return parsePolicy(text, { source: nameOrPath, ...options });
}

/**
 * Reads a policy from YAML or JSON text.
 *
 * @throws PolicyError `policy-invalid`; `issues` has one entry for each mistake, its message `file:line: key: what`
 *
 * @example
 * parsePolicy('name: mine\nversion: 1\nrules:\n  - name: threats\n    when: { toxicity: { threat: 0.5 } }\n    action: ban');
 * // PolicyError: policy:6: rules[0].action: must be approve, review or reject, not "ban"
 */
export function parsePolicy(text: string, options: PolicyOptions = {}): Policy {
  const source = options.source ?? 'policy';
  const lines = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ''), { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0)
    throw invalid(
      source,
      // The first alone: what comes after it mostly follows from it.
      document.errors.slice(0, 1).map((error) => ({
        place: { source, line: lines.linePos(error.pos[0]).line },
        path: '',
        message: error.message,
      })),
    );
  keepVersionAsWritten(document.contents);
  let content: unknown;
  try {
    content = document.toJS();
  } catch (cause) {
    throw invalid(source, [badAlias(document, cause as Error, { source }, lines)]);
  }
  const { policy, mistakes } = checkPolicy(content ?? {}, options.known);
  if (policy) return policy;
  throw invalid(
    source,
    mistakes.map((mistake) => {
      const line = lineOf(document.contents, mistake, lines);
      return { place: { source, line }, path: keyPath(mistake.path), message: mistake.message };
    }),
  );
}

/**
 * Checks a policy that is written in code, and fills in its defaults.
 *
 * @throws PolicyError `policy-invalid`
 */
export function definePolicy(input: PolicyInput, options: PolicyOptions = {}): Policy {
  const { policy, mistakes } = checkPolicy(input, options.known);
  if (policy) return policy;
  const source = options.source ?? 'policy';
  throw invalid(
    source,
    mistakes.map(({ path, message }) => ({ place: { source }, path: keyPath(path), message })),
  );
}

/** A version is a name: `1.10` is not `1.1`, which it is as a number. */
function keepVersionAsWritten(contents: Node | null): void {
  const version = isMap(contents) && contents.get('version', true);
  if (isScalar(version) && typeof version.value === 'number') version.value = version.source;
}

/** Aliases are looked up only when a document is turned into values: the one mistake of YAML that parsing does not find. */
function badAlias(document: Document, error: Error, place: Place, lines: LineCounter): Found {
  const aliases: Alias[] = [];
  visit(document, { Alias: (_, alias) => void aliases.push(alias) });
  const unknown = aliases.find((alias) => alias.resolve(document) === undefined);
  return {
    place: { ...place, line: lines.linePos((unknown ?? aliases[0])?.range?.[0] ?? 0).line },
    path: '',
    message: unknown
      ? `there is no &${unknown.source} before the alias *${unknown.source}; a text that begins with * needs quotes`
      : `its aliases cannot be filled in (${error.message})`,
  };
}

interface Found {
  place: Place;
  path: string;
  message: string;
}

function invalid(source: string, found: Found[]): PolicyError {
  const issues = found
    .sort((a, b) => (a.place.line ?? 0) - (b.place.line ?? 0))
    .map(({ place, path, message }) => ({
      place: { ...place, ...(path && { path }) },
      message: `${[place.source, place.line].filter((part) => part !== undefined).join(':')}: ${path && `${path}: `}${message}`,
    }));
  const [first, ...others] = issues;
  const more = others.length > 0 ? ` (and ${others.length} more: moderato policy check ${source})` : '';
  return new PolicyError(`${first!.message}${more}`, { code: 'policy-invalid', issues });
}

/** The line of the key that a mistake is about, or of the nearest one above it that is there. */
function lineOf(contents: Node | null, { path }: PolicyMistake, lines: LineCounter): number {
  let node: unknown = contents;
  let offset = contents?.range?.[0] ?? 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key),
      );
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof key === 'number') {
      node = node.items[key];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    } else break;
  }
  return lines.linePos(offset).line;
}

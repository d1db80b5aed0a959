import { createHash, randomBytes } from 'node:crypto';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../errors';
import type { Columns, ParseOptions } from '../parse/index';

/** The flags of every command that reads comments. */
export interface ParseFlags {
  format?: string;
  column?: Columns;
  pseudonymize?: boolean;
  pseudonymKey?: string;
}

const fields = ['id', 'text', 'author', 'parentId', 'threadId', 'createdAt', 'likes', 'status'] as const;

/** Adds to a command what says how its inputs are read. */
export function withParseFlags(command: Command): Command {
  return command
    .option('-f, --format <name>', 'format of the files; detected from the content by default')
    .option(
      '-c, --column <field=name>',
      `column of a table or key of a JSON row that holds a field: ${fields.join(', ')} (repeatable)`,
      column,
    )
    .option(
      '--pseudonymize',
      'replace author names and ids by hashes under the key in MODERATO_KEY, and redact addresses in texts',
    )
    .addOption(
      // A key without the flag must not leave the names as they are.
      new Option('--pseudonym-key <key>', 'pseudonymize under this key')
        .argParser(pseudonymKey)
        .implies({ pseudonymize: true }),
    );
}

function pseudonymKey(value: string): string {
  if (value === '') throw new InvalidArgumentError('It must not be empty.');
  return value;
}

function column(value: string, previous: Columns = {}): Columns {
  const [field, name] = [value.slice(0, value.indexOf('=')), value.slice(value.indexOf('=') + 1)];
  if (!(fields as readonly string[]).includes(field) || name === '')
    throw new InvalidArgumentError(`It must be <field>=<name>, the field one of ${fields.join(', ')}.`);
  return { ...previous, [field]: name };
}

/**
 * What the flags mean for the parsers.
 *
 * @param keyRequired a run that may be resumed must find the same pseudonyms again; others get a key of their own
 */
export function parseOptionsOf(flags: ParseFlags, keyRequired = false): Omit<ParseOptions, 'source'> {
  return {
    ...(flags.format !== undefined && { format: flags.format }),
    ...(flags.column !== undefined && { columns: flags.column }),
    ...(flags.pseudonymize && { pseudonymize: { key: keyOf(flags, keyRequired) } }),
  };
}

function keyOf(flags: ParseFlags, required: boolean): string {
  const key = flags.pseudonymKey ?? process.env.MODERATO_KEY;
  if (key) return key;
  if (required)
    throw new UsageError(
      'Give a key with --pseudonym-key, or set MODERATO_KEY: a resumed run needs the same one.',
    );
  keyOfThisRun ??= randomBytes(32).toString('hex');
  return keyOfThisRun;
}

let keyOfThisRun: string | undefined;

/** Tells whether two runs read alike, without the key itself: it ends up in a checkpoint. */
export function fingerprintOf({ columns, pseudonymize }: Omit<ParseOptions, 'source'>): string {
  return createHash('sha256')
    .update(JSON.stringify([columns ?? {}, pseudonymize?.key ?? null]))
    .digest('hex')
    .slice(0, 16);
}

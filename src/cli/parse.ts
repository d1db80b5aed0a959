import { Command } from 'commander';
import type { Diagnostic, Thread } from '../types';
import { forEachInput } from './failures';
import { readInput } from './input';
import { type ParseFlags, parseOptionsOf, withParseFlags } from './parse-options';
import { printable } from './terminal';

/** `moderato parse`: files to threads, one JSON line each. */
export function parseCommand(): Command {
  const command = new Command('parse')
    .description('read comment threads and print each as one line of JSON')
    .argument('<file...>', 'files to read; - is stdin');
  return withParseFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  $ moderato parse seeds/000_ee73bf0fadc786d5.txt
  $ moderato parse page.html | jq '.comments[].text'
  $ moderato parse survey.csv --column text=answer --pseudonymize
  $ curl -s https://example.org/article | moderato parse -`,
    )
    .action(async (files: string[], options: ParseFlags) => {
      await forEachInput(files, async (file) => {
        for (const thread of await readThreads(file, options)) {
          reportThread(thread);
          process.stdout.write(`${JSON.stringify(thread)}\n`);
        }
      });
    });
}

/** Reads and parses one file. */
export async function readThreads(file: string, flags: ParseFlags): Promise<Thread[]> {
  const [{ parseThreads }, bytes] = await Promise.all([import('../parse/index'), readInput(file)]);
  return parseThreads(bytes, { source: file, ...parseOptionsOf(flags) });
}

/** Says on stderr what a reader of the output would miss: diagnostics, and that a page holds no comments. */
export function reportThread(thread: Thread): void {
  for (const diagnostic of thread.diagnostics)
    process.stderr.write(`${thread.source}: ${diagnosticLine(diagnostic)}\n`);
  if (thread.comments.length === 0)
    process.stderr.write(`${thread.source}: no comments (${describeArticle(thread)})\n`);
}

export function diagnosticLine(diagnostic: Diagnostic): string {
  const { line, record } = diagnostic.place ?? {};
  const place = line !== undefined ? `line ${line}: ` : record !== undefined ? `record ${record}: ` : '';
  return printable(`${diagnostic.severity}: ${place}${diagnostic.message} [${diagnostic.code}]`);
}

function describeArticle(thread: Thread): string {
  const words = thread.article?.text.split(/\s+/).filter(Boolean).length ?? 0;
  return words === 0 ? 'and no article text' : `article text of ${words} words`;
}

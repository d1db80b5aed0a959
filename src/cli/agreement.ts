import { Command } from 'commander';
import { UsageError } from '../errors';
import type { Agreement } from '../evaluate/agreement';

/** `moderato agreement`: how far annotators agree beyond chance. */
export function agreementCommand(): Command {
  return new Command('agreement')
    .description("measure annotators' agreement: Cohen's and Fleiss' kappa, Krippendorff's alpha")
    .argument('<annotations...>', 'two or more files of gold rows, one for each annotator')
    .option('--json', 'the whole result on stdout as JSON instead of the table')
    .addHelpText('after', '\nExample:\n  $ moderato agreement ann.jsonl ben.jsonl')
    .action(async (files: string[], flags: { json?: boolean }) => {
      if (files.length < 2) throw new UsageError('Give at least two files, one for each annotator.');
      const [
        { agreement },
        { distinctNames },
        { readJsonRows },
        { renderTable },
        { formatFigure, formatInterval },
      ] = await Promise.all([
        import('../evaluate/agreement'),
        import('./eval-run'),
        import('./rows'),
        import('./table'),
        import('../evaluate/tables'),
      ]);
      const names = distinctNames(files);
      const report = agreement(
        await Promise.all(
          files.map(async (file, index) => ({ name: names[index]!, rows: await readJsonRows(file) })),
        ),
      );
      if (flags.json) {
        process.stdout.write(`${JSON.stringify(report)}\n`);
        return;
      }
      const all: [string, Agreement][] = [
        ...Object.entries(report.stance).map(([name, one]): [string, Agreement] => [`stance.${name}`, one]),
        ...Object.entries(report.toxicity).map(([name, one]): [string, Agreement] => [
          `toxicity.${name}`,
          one,
        ]),
      ];
      const rows = all.map(([name, one]) => {
        const kappas = one.cohenKappa.map(({ value }) => value).filter((value) => value !== null);
        const mean =
          kappas.length === 0 ? null : kappas.reduce((sum, value) => sum + value, 0) / kappas.length;
        return [
          name,
          `${formatFigure(one.krippendorffAlpha)} ${formatInterval({ interval: one.krippendorffAlphaInterval }, 2)}`,
          formatFigure(mean),
          formatFigure(one.fleissKappa),
          formatFigure(one.observedAgreement),
          String(one.comments),
        ];
      });
      const widest = Math.max(12, ...rows.map(([name]) => name!.length));
      const columns = [
        { head: '', width: widest },
        { head: "Krippendorff's alpha", width: 21, align: 'right' as const },
        { head: 'Cohen (mean)', width: 12, align: 'right' as const },
        { head: 'Fleiss', width: 7, align: 'right' as const },
        { head: 'agreement', width: 9, align: 'right' as const },
        { head: 'comments', width: 8, align: 'right' as const },
      ];
      process.stdout.write(`${renderTable(columns, rows)}\n`);
    });
}

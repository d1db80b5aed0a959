import pc from 'picocolors';

type Output = NodeJS.WriteStream;

/** Colours for a stream: only on a terminal, and not where `NO_COLOR` is set (https://no-color.org). */
export function colorsFor(stream: Output): ReturnType<typeof pc.createColors> {
  const wanted = process.env.FORCE_COLOR ? process.env.FORCE_COLOR !== '0' : stream.isTTY === true;
  return pc.createColors(wanted && !process.env.NO_COLOR && process.env.TERM !== 'dumb');
}

/** Columns that a line may take: the terminal's, `COLUMNS` when the output goes elsewhere, or 100. */
export function widthOf(stream: Output): number {
  const declared = Number(process.env.COLUMNS);
  return Math.max(40, stream.columns ?? (declared > 0 ? declared : 100));
}

/** Control characters in a stranger's text could recolour or rewrite the terminal; they are shown as blanks. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
}

export interface Progress {
  /** Lets `write` write lines to stderr without breaking the bar. */
  beside(write: () => void): void;
  /**
   * @param comments done, those before a resume among them
   * @param fraction of the input, from 0 to 1; undefined where its size is unknown
   */
  update(comments: number, fraction: number | undefined): void;
  stop(): void;
}

/** Seconds between two lines in a log. */
const lineInterval = 10;

/**
 * Progress on stderr: a bar on a terminal, else a line now and then.
 *
 * @param already comments that an earlier run has done, which say nothing of the rate
 */
export async function progressOn(stream: NodeJS.WriteStream, already: number): Promise<Progress> {
  const started = performance.now();
  const measure = (comments: number, fraction: number | undefined) => {
    const seconds = (performance.now() - started) / 1000;
    const rate = (comments - already) / Math.max(seconds, 1e-3);
    const total = fraction ? comments / fraction : undefined;
    const left = total === undefined || rate === 0 ? '' : `${duration((total - comments) / rate)} left`;
    return { seconds, rate, left };
  };
  if (stream.isTTY && process.env.TERM !== 'dumb') return bar(stream, measure);
  let last = performance.now();
  return {
    beside: (write) => write(),
    update(comments, fraction) {
      if (performance.now() - last < lineInterval * 1000) return;
      last = performance.now();
      const { rate, left } = measure(comments, fraction);
      const share = fraction === undefined ? '' : ` (${percent(fraction)})`;
      stream.write(
        `${grouped(comments)} comments${share}, ${grouped(Math.round(rate))}/s${left && `, ${left}`}\n`,
      );
    },
    stop() {},
  };
}

type Measure = (
  comments: number,
  fraction: number | undefined,
) => { seconds: number; rate: number; left: string };

async function bar(stream: NodeJS.WriteStream, measure: Measure): Promise<Progress> {
  const { default: cliProgress } = await import('cli-progress');
  const shown = new cliProgress.SingleBar(
    {
      stream,
      format: ' {bar} {share}  {comments} comments  {rate}/s  {left}',
      barsize: 24,
      hideCursor: true,
      clearOnComplete: true,
      gracefulExit: false,
      linewrap: false,
      etaBuffer: 1,
    },
    cliProgress.Presets.shades_classic,
  );
  const state = { share: '  0%', comments: '0', rate: '–', left: '' };
  shown.start(1, 0, state);
  return {
    beside(write) {
      stream.write('\r\u001b[K');
      write();
    },
    update(comments, fraction) {
      const { seconds, rate, left } = measure(comments, fraction);
      shown.update(fraction ?? 0, {
        share: fraction === undefined ? '' : percent(fraction).padStart(4),
        comments: grouped(comments),
        rate: seconds > 1 ? grouped(Math.round(rate)) : '–',
        left: seconds > 3 ? left : '',
      });
    },
    stop: () => shown.stop(),
  };
}

export const grouped = (number: number) => number.toLocaleString('en');
const percent = (fraction: number) => `${Math.min(100, Math.floor(fraction * 100))}%`;

/** `45 s`, `12 min`, `3 h 05 min` */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(0, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

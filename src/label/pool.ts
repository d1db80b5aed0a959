import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ModelError } from '../errors';
import type { ModelIdentity, Outcome } from '../types';
import type { Executor, NamedComment } from './executor';
import type { FromWorker, ToWorker } from './messages';
import { failed } from './prepare';

export interface PoolOptions {
  workers: number;
  model?: string;
  /** Threads of each worker. */
  threads: number;
  tokenBudget: number;
  includeUnpublished: boolean;
  /** The worker's program. @default the one that is built beside the library */
  program?: string;
}

interface Job {
  comments: readonly NamedComment[];
  /** Workers that died over these comments, weighed by how likely the comments were the cause. */
  deaths: number;
  signal: AbortSignal | undefined;
  resolve(outcomes: Outcome[]): void;
  reject(error: unknown): void;
}

interface Worker {
  child: ChildProcess;
  ready: boolean;
  /** Under way the first, the others waiting in the worker. */
  jobs: Job[];
}

/** A worker that dies before its model is loaded is replaced this often in a row; then the model is taken as unusable. */
const failedStarts = 3;

/** What a death counts: a crash speaks against the model or the comments under way, a kill from outside hardly. */
const crash = 1;
const killing = 0.25;

/** Jobs that a worker holds: with the second at hand it does not wait for the pool after the first. */
const jobsAtHand = 2;

/** A worker died over it: it is done alone, so that a second death is its own. */
const isSuspect = (job: Job) => job.deaths > 0;

/** Comments of a job: at some hundred comments a second a worker's result is a second away. */
const blockSize = 256;

/**
 * Labels in child processes, each with a model of its own: native code that crashes or eats its memory takes nothing
 * with it. A worker that dies is replaced, and its comments are done again. Comments over which two workers have crashed
 * are halved until the one that does it stands alone; that one fails with `worker-died`.
 */
export function workerPool(options: PoolOptions): Executor {
  const workers = new Set<Worker>();
  const queue: Job[] = [];
  let identity: PromiseWithResolvers | undefined;
  let loaded = false;
  let starts = 0;
  let disposed = false;

  /** Starts so many workers; where one cannot be started, none will be. */
  function start(count: number): void {
    try {
      for (let number = 0; number < count; number++) startOne();
    } catch (error) {
      giveUp(error);
    }
  }

  function startOne(): void {
    const child = fork(options.program ?? workerProgram(), [], {
      serialization: 'advanced',
      // Small nurseries: what labelling leaves behind dies young, and several processes add up.
      execArgv: ['--max-semi-space-size=4'],
      stdio: ['ignore', 'ignore', process.env.MODERATO_DEBUG ? 'inherit' : 'ignore', 'ipc'],
    });
    const worker: Worker = { child, ready: false, jobs: [] };
    workers.add(worker);
    child.on('message', (message: FromWorker) => receive(worker, message));
    child.on('error', (error) => {
      if (child.pid === undefined) buried(worker, error.message, crash);
    });
    child.once('exit', (status, signal) => {
      const killed = signal === 'SIGKILL' || signal === 'SIGTERM';
      buried(worker, signal ?? `exit status ${status}`, killed ? killing : crash);
    });
    send(worker, {
      type: 'load',
      options: {
        threads: options.threads,
        tokenBudget: options.tokenBudget,
        includeUnpublished: options.includeUnpublished,
        ...(options.model !== undefined && { model: options.model }),
      },
    });
  }

  function receive(worker: Worker, message: FromWorker): void {
    if (!workers.has(worker)) return;
    if (message.type === 'unusable') {
      giveUp(new ModelError(message.message, { code: message.code as ModelError['code'] }));
      return;
    }
    if (message.type === 'ready') {
      worker.ready = true;
      starts = 0;
      loaded = true;
      identity?.resolve(message.identity);
    } else {
      worker.jobs.shift()?.resolve(message.outcomes);
    }
    distribute();
  }

  function buried(worker: Worker, cause: string, blame: number): void {
    if (!workers.delete(worker) || disposed) return;
    const [underWay, ...waiting] = worker.jobs;
    queue.unshift(...waiting);
    if (underWay) redo(underWay, cause, blame);
    if (!worker.ready) starts += blame;
    if (starts >= failedStarts)
      giveUp(
        new ModelError(`Worker processes end before the model is loaded (${cause}); use fewer workers.`, {
          code: 'model-failed',
        }),
      );
    else {
      start(1);
      distribute();
    }
  }

  function redo(job: Job, cause: string, blame: number): void {
    const { comments, signal } = job;
    const deaths = job.deaths + blame;
    if (deaths < 2) queue.unshift({ ...job, deaths });
    else if (comments.length === 1)
      job.resolve([
        failed(
          comments[0]!.id,
          'worker-died',
          `Worker processes died over this comment again and again (${cause}).`,
        ).outcome,
      ]);
    else {
      const middle = comments.length >> 1;
      const half = (part: readonly NamedComment[]) =>
        new Promise<Outcome[]>((resolve, reject) => {
          queue.unshift({ comments: part, deaths: 1, signal, resolve, reject });
        });
      Promise.all([half(comments.slice(middle)), half(comments.slice(0, middle))]).then(
        ([second, first]) => job.resolve([...first, ...second]),
        job.reject,
      );
    }
  }

  function distribute(): void {
    for (let held = 0; held < jobsAtHand; held++)
      for (const worker of workers) {
        if (!worker.ready || worker.jobs.length > held || worker.jobs.some(isSuspect)) continue;
        const job = nextJob(held === 0);
        if (!job) break;
        worker.jobs.push(job);
        send(worker, { type: 'run', comments: job.comments });
      }
    const loading = identity !== undefined && !loaded;
    keepAliveWhile(loading || queue.length > 0 || [...workers].some((worker) => worker.jobs.length > 0));
  }

  /** The oldest job that somebody still waits for; a suspect one only for a worker that has no other. */
  function nextJob(suspects: boolean): Job | undefined {
    while (queue.length > 0) {
      if (isSuspect(queue[0]!) && !suspects) return undefined;
      const job = queue.shift()!;
      if (!job.signal?.aborted) return job;
      job.reject(job.signal.reason);
    }
    return undefined;
  }

  /** Workers that wait must not keep a program alive that forgot to dispose of its labeler. */
  function keepAliveWhile(busy: boolean): void {
    for (const { child } of workers) {
      if (busy) child.ref();
      else child.unref();
      if (busy) child.channel?.ref();
      else child.channel?.unref();
    }
  }

  function giveUp(error: unknown): void {
    const abandoned = [...queue.splice(0), ...[...workers].flatMap((worker) => worker.jobs)];
    kill();
    identity?.reject(error);
    identity = undefined;
    loaded = false;
    starts = 0;
    for (const job of abandoned) job.reject(error);
  }

  function kill(): void {
    for (const { child } of workers) child.kill('SIGKILL');
    workers.clear();
    process.off('exit', kill);
  }

  function load(): Promise<ModelIdentity> {
    if (disposed) return Promise.reject(disposedOf());
    if (identity) return identity.promise;
    const loading = promiseWithResolvers();
    identity = loading;
    // A caller who only ever calls `run` sees the error there.
    loading.promise.catch(() => {});
    process.once('exit', kill);
    // Forgets the identity where it fails, so that the next call tries again.
    start(options.workers);
    return loading.promise;
  }

  return {
    parallel: options.workers * jobsAtHand,
    blockSize,
    largestBlock: blockSize,
    idle: () => queue.length === 0 && [...workers].some((worker) => worker.ready && worker.jobs.length === 0),
    load,
    run(comments, signal) {
      if (disposed) return Promise.reject(disposedOf());
      return new Promise((resolve, reject) => {
        queue.push({ comments, deaths: 0, signal, resolve, reject });
        load().catch(reject);
        distribute();
      });
    },
    async dispose() {
      disposed = true;
      const ended = [...workers].map(({ child }) =>
        child.exitCode !== null || child.signalCode !== null
          ? undefined
          : new Promise((resolve) => {
              child.ref();
              child.once('exit', resolve);
            }),
      );
      giveUp(disposedOf());
      await Promise.all(ended);
    },
  };
}

const disposedOf = () =>
  new ModelError('The labeler has been disposed of; create another.', { code: 'model-disposed' });

function send(worker: Worker, message: ToWorker): void {
  // A worker that has just died cannot be reached; its exit puts the job back.
  if (worker.child.connected) worker.child.send(message, () => {});
}

/** The built worker: beside the built library, and found from the sources too. */
function workerProgram(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (true) {
    const program = join(folder, 'dist', 'label', 'worker.js');
    if (existsSync(program)) return program;
    const parent = dirname(folder);
    if (parent === folder)
      throw new ModelError(
        'dist/label/worker.js is missing from the installed package; reinstall moderato, or label without workers.',
        { code: 'model-not-found' },
      );
    folder = parent;
  }
}

interface PromiseWithResolvers {
  promise: Promise<ModelIdentity>;
  resolve(identity: ModelIdentity): void;
  reject(error: unknown): void;
}

function promiseWithResolvers(): PromiseWithResolvers {
  let settle: Omit<PromiseWithResolvers, 'promise'> | undefined;
  const promise = new Promise<ModelIdentity>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle! };
}

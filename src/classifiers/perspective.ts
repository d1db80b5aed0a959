import { ClassifierError } from '../errors';
import type { Classifier, ClassifierInput, ClassifierOutput } from './classifier';

export interface PerspectiveOptions {
  /** Address of the method, for example `http://localhost:8080/v1alpha1/comments:analyze`. */
  url: string;
  /** Attributes to ask for, as moderato names them. @default toxicity and the six others of Perspective */
  attributes?: readonly string[];
  /** Language of the comments; without one the endpoint detects it. @default 'en' */
  language?: string | null;
  /** Sent as `key` in the query. */
  key?: string;
  /** Requests under way at the same time. @default 4 */
  concurrency?: number;
  /** Milliseconds until a request is given up whose answer has not come whole. @default 30000 */
  timeout?: number;
  /** How often a request is sent again that met a busy or failing server (429, 5xx) or got no whole answer. @default 3 */
  retries?: number;
}

const perspectiveAttributes = [
  'toxicity',
  'severe_toxicity',
  'identity_attack',
  'insult',
  'profanity',
  'threat',
  'sexually_explicit',
];

/** Any HTTP endpoint that answers as Perspective's `comments:analyze` does. One comment a request. */
export function createPerspectiveClassifier(options: PerspectiveOptions): Classifier {
  const attributes = options.attributes ?? perspectiveAttributes;
  const url = addressOf(options);
  const requestedAttributes = Object.fromEntries(
    attributes.map((attribute) => [attribute.toUpperCase(), {}]),
  );
  const language = options.language === undefined ? 'en' : options.language;

  async function analyze(
    { id, text }: ClassifierInput,
    signal: AbortSignal | undefined,
  ): Promise<ClassifierOutput> {
    if (text.trim() === '') return { id, status: 'skipped', reason: 'empty' };
    const body = JSON.stringify({
      comment: { text },
      requestedAttributes,
      doNotStore: true,
      ...(language !== null && { languages: [language] }),
    });
    const { ok, status, text: answered } = await send(url, body, options, signal);
    const answer = readAnswer(answered);
    if (!ok) return failure(id, status, answer);
    const scores: Record<string, number> = {};
    for (const attribute of attributes) {
      const score = answer?.attributeScores?.[attribute.toUpperCase()]?.summaryScore?.value;
      if (typeof score !== 'number' || !(score >= 0 && score <= 1))
        return {
          id,
          status: 'failed',
          error: { code: 'invalid-answer', message: `The answer has no score from 0 to 1 for ${attribute}.` },
        };
      scores[attribute] = score;
    }
    return { id, status: 'labelled', labels: { toxicity: { attributes: scores } } };
  }

  return {
    name: `http ${url.host}`,
    maxBatchSize: 1,
    concurrency: options.concurrency ?? 4,
    classify: (batch, { signal }) => Promise.all(batch.map((comment) => analyze(comment, signal))),
  };
}

interface PerspectiveAnswer {
  attributeScores?: Record<string, { summaryScore?: { value?: unknown } }>;
  error?: { message?: string; details?: { errorType?: string }[] };
}

function addressOf({ url, key }: PerspectiveOptions): URL {
  let address: URL;
  try {
    address = new URL(url);
  } catch (cause) {
    throw new ClassifierError(
      `"${url}" is not an address; give one such as http://localhost:8080/v1alpha1/comments:analyze.`,
      {
        code: 'classifier-unavailable',
        cause,
      },
    );
  }
  if (key !== undefined) address.searchParams.set('key', key);
  return address;
}

/** @returns undefined for what is no JSON, a proxy's page for one */
function readAnswer(text: string): PerspectiveAnswer | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Refusals that speak of one comment make that comment skipped or failed; those that speak of all are thrown. */
function failure(id: string, status: number, answer: PerspectiveAnswer | undefined): ClassifierOutput {
  const message = answer?.error?.message ?? `HTTP status ${status}`;
  const type = answer?.error?.details?.find(({ errorType }) => errorType !== undefined)?.errorType;
  if (type === 'COMMENT_EMPTY') return { id, status: 'skipped', reason: 'empty' };
  if (type === 'LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE' || type === 'LANGUAGE_DETECTION_FAILED')
    return { id, status: 'skipped', reason: 'unsupported-language' };
  if ([401, 403, 404, 405].includes(status))
    throw new ClassifierError(
      `The endpoint refuses every request: ${message} (HTTP ${status}); check the address and the key.`,
      {
        code: 'classifier-failed',
      },
    );
  return { id, status: 'failed', error: { code: type ?? `http-${status}`, message } };
}

/** Sends a request, again where need be, and reads the answer to its end: a server may stall or break off in its midst. */
async function send(
  url: URL,
  body: string,
  options: PerspectiveOptions,
  signal: AbortSignal | undefined,
): Promise<{ ok: boolean; status: number; text: string }> {
  const retries = options.retries ?? 3;
  for (let attempt = 0; ; attempt++) {
    const timeout = AbortSignal.timeout(options.timeout ?? 30_000);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      const { ok, status } = response;
      if (attempt >= retries || (status !== 429 && status < 500))
        return { ok, status, text: await response.text() };
      await response.body?.cancel();
    } catch (cause) {
      signal?.throwIfAborted();
      if (attempt >= retries)
        throw new ClassifierError(
          `${url.host} does not answer: ${reasonOf(cause)}; check that it runs and the address.`,
          {
            code: 'classifier-unavailable',
            cause,
          },
        );
    }
    await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** attempt));
  }
}

function reasonOf(error: unknown): string {
  const cause = (error as { cause?: Error }).cause;
  return cause?.message || (error as Error).message;
}

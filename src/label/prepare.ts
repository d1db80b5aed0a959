import type { Model, TokenSequence } from '../model/model';
import type { Comment, Outcome, Span } from '../types';
import type { NamedComment } from './executor';
import type { LanguageDetector } from './language';

/** What labelling needs of a comment; a bare string is a comment whose id is its position. */
export type CommentInput =
  | string
  | (Pick<Comment, 'id' | 'text'> & Partial<Pick<Comment, 'quotes' | 'status'>>);

/** A comment that is ready for the model, or its outcome when the model has nothing to do. */
export type Prepared =
  | { outcome: Outcome }
  | { outcome?: undefined; id: string; tokens: TokenSequence; language: string };

export interface PrepareContext {
  model: Model;
  detectLanguage: LanguageDetector;
  includeUnpublished: boolean;
}

/** Decides whether a comment can be labelled, and tokenizes it: without what it quotes from others. */
export function prepare(comment: NamedComment, context: PrepareContext): Prepared {
  const { id, text, quotes, status, invalid } = comment;
  if (invalid !== undefined) return failed(id, 'invalid-comment', invalid);
  if (status !== undefined && status !== 'approved' && !context.includeUnpublished)
    return { outcome: { id, status: 'skipped', reason: 'not-published' } };
  const own = withoutQuotes(text, quotes);
  if (!/[\p{L}\p{N}\p{Emoji_Presentation}]/u.test(own))
    return { outcome: { id, status: 'skipped', reason: 'empty' } };
  const { language, reliable } = context.detectLanguage(own);
  if (reliable && !context.model.description.languages.includes(language))
    return { outcome: { id, status: 'skipped', reason: 'unsupported-language', language } };
  try {
    return { id, tokens: context.model.tokenize(own), language };
  } catch (error) {
    return failed(id, 'tokenization-failed', (error as Error).message);
  }
}

export function failed(id: string, code: string, message: string): { outcome: Outcome } {
  return { outcome: { id, status: 'failed', error: { code, message } } };
}

function withoutQuotes(text: string, quotes: readonly Span[] | undefined): string {
  if (!quotes?.length) return text;
  let own = '';
  let end = 0;
  for (const quote of quotes) {
    own += `${text.slice(end, quote.start)} `;
    end = Math.max(end, quote.end);
  }
  return own + text.slice(end);
}

import type { Article } from '../../types';
import type { ShapedLine } from './shapes';

const HEAD = 10;

/** Title and text of an article. Every line is in one of them. */
export function readArticle(lines: readonly ShapedLine[]): Article | undefined {
  if (lines.length === 0) return undefined;
  const title = findTitle(lines);
  const body = lines.filter((line) => line.text !== title);
  const published = lines
    .slice(0, HEAD)
    .find((line) => line.shape === 'date' && line.date?.iso !== undefined);
  return {
    title: title ?? '',
    ...(published === undefined ? {} : { publishedAt: published.date!.iso! }),
    text: joinLines(body),
  };
}

/** Lines as paragraphs. Where empty lines part paragraphs, a single line end stays a line end. */
export function joinLines(lines: readonly { text: string; gap: boolean }[]): string {
  const gaps = lines.some((line, index) => index > 0 && line.gap);
  return lines
    .map((line, index) => (index === 0 ? '' : gaps && !line.gap ? '\n' : '\n\n') + line.text)
    .join('');
}

function findTitle(lines: readonly ShapedLine[]): string | undefined {
  const head = lines.slice(0, HEAD);
  const isTitle = (line: ShapedLine): boolean => {
    const words = line.text.split(/\s+/).length;
    return line.text.length <= 250 && words >= 3 && !/[.,;:]["”’)]?$/.test(line.text) && !isByline(line);
  };
  // The page's title and its headline are often copied both.
  const repeated = head.find(
    (line) => isTitle(line) && head.some((other) => other !== line && other.text.startsWith(line.text)),
  );
  if (repeated !== undefined) return repeated.text;
  for (const [index, line] of head.entries()) {
    const next = lines[index + 1];
    if (next === undefined)
      return index === 0 && isTitle(line) && line.text.length < 120 ? line.text : undefined;
    if (isTitle(line)) return line.text;
    if (
      index === 0 &&
      next.text.length > 80 &&
      line.text.length < 60 &&
      !isByline(line) &&
      !/[.,;:]$/.test(line.text)
    ) {
      return line.text;
    }
    if (!isByline(line) && !['name', 'nameWeak'].includes(line.shape)) return undefined;
  }
  return undefined;
}

/** Bylines, dates, sections and buttons above a headline. */
function isByline(line: ShapedLine): boolean {
  if (['date', 'interface', 'number', 'handle', 'badge', 'says', 'nameDate', 'footer'].includes(line.shape))
    return true;
  return (
    /^(?:by|from|source|credited?|photo|image|published|updated|posted|written|credit|tags?|category|section|von|par|por)\b.{0,80}$/i.test(
      line.text,
    ) &&
    (/^(?:by|von|par|por)\s/i.test(line.text) ? line.text.split(/\s+/).length <= 6 : /[:]/.test(line.text))
  );
}

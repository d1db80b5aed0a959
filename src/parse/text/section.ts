import { findHeadings, type Heading, readHeading } from './headings';
import { type Role, segment } from './segments';
import type { ShapedLine } from './shapes';

/** Where comments stand in a text. */
export interface Section {
  /** Index of the first line that is no longer the article. */
  start: number;
  /** Index of the first line after the heading. */
  body: number;
  /** One for each line from `body` on. */
  roles: Role[];
  declaredCount: number | undefined;
}

/** Headings that are tried, and how many lines all trials together may have. */
const CANDIDATES = 16;
const LINES = 100_000;
/** Nats that comments without any heading must be ahead of an article. */
const WITHOUT_HEADING = 15;

function headingPrior(heading: Heading): number {
  if (heading.count === undefined) return heading.explicit ? (heading.singular ? -14 : 0) : -12;
  return heading.explicit ? 3 : -2;
}

/** How well the number of a heading fits the comments below it, in nats. */
function countFit({ count, explicit }: Heading, comments: number, roles: readonly Role[]): number {
  if (count === undefined || !explicit) return 0;
  if (count === comments) return 15;
  // Under the byline of an article stand far fewer "comments" than it counts, and they have neither dates nor buttons.
  if (comments >= count || comments === 0 || roles.includes('header') || roles.includes('footer')) return 0;
  return Math.max(-20, -24 * Math.log(count / comments));
}

/** Finds the comment section: of all lines that could announce one, that after which comments explain the text best. */
export function findSection(lines: readonly ShapedLine[]): Section {
  const headings = findHeadings(lines);
  const ranked = headings
    .toSorted((a, b) => headingPrior(b) - headingPrior(a) || a.line - b.line)
    .slice(0, Math.max(2, Math.min(CANDIDATES, Math.floor(LINES / (lines.length + 1)))));
  const counts = new Set(
    headings.filter((each) => each.explicit && each.count !== undefined).map((each) => each.count!),
  );
  // A list of articles says of each how many comments it has.
  const teasers = counts.size >= 3 ? 24 : 0;
  let best: (Section & { evidence: number }) | undefined;
  for (const heading of ranked) {
    const body = heading.line + heading.lines;
    const { roles, comments, evidence } = segment(lines.slice(body), heading.count);
    const total = evidence + headingPrior(heading) + countFit(heading, comments, roles) - teasers;
    const nothing = comments === 0 && roles.length > 0 && !onlyControls(lines, body, roles);
    if (nothing || (comments > 0 && total <= 0)) continue;
    if (best === undefined || total > best.evidence) {
      best = { start: heading.line, body, roles, declaredCount: heading.count, evidence: total };
    }
  }
  best ??= withoutHeading(lines) ?? withoutAuthors(lines, ranked);
  const agreed = counts.size === 1 ? [...counts][0] : undefined;
  if (best === undefined)
    return { start: lines.length, body: lines.length, roles: [], declaredCount: agreed };
  // "Discussion" or "Leave a comment" just above the heading is not the article's last line.
  let start = best.start;
  while (start > 0 && isLead(lines[start - 1]!)) start -= 1;
  return { ...best, start, declaredCount: best.declaredCount ?? agreed };
}

function isLead(line: ShapedLine): boolean {
  return isControl(line) || (line.text.length <= 60 && readHeading(line.text) !== undefined);
}

function isControl(line: ShapedLine): boolean {
  return line.shape === 'interface' || (line.shape === 'footer' && readHeading(line.text) !== undefined);
}

/** Whether a section without comments holds only what pages put there: "Be the first to comment", a form, a footer. */
function onlyControls(lines: readonly ShapedLine[], body: number, roles: readonly Role[]): boolean {
  const from = roles.indexOf('after');
  const before = from === -1 ? roles.length : from;
  const starts = from === -1 || ['footer', 'interface'].includes(lines[body + from]!.shape);
  return (
    starts &&
    lines.slice(body, body + before).every((line) => line.shape === 'interface' || line.shape === 'number')
  );
}

/** As many lines under a heading as it says, and no names: comments whose authors were not copied. */
function withoutAuthors(
  lines: readonly ShapedLine[],
  headings: readonly Heading[],
): (Section & { evidence: number }) | undefined {
  for (const { line, lines: height, count, explicit } of headings) {
    if (!explicit || count === undefined || count === 0) continue;
    const body = line + height;
    const rest = lines.slice(body);
    const end = rest.findIndex((each) => each.shape === 'footer');
    const roles = rest.map((each, index): Role => {
      if (end !== -1 && index >= end) return 'after';
      return isControl(each) || each.shape === 'number' || each.shape === 'date' ? 'intro' : 'inline';
    });
    if (roles.filter((role) => role === 'inline').length !== count) continue;
    return { start: line, body, roles, declaredCount: count, evidence: 0 };
  }
  return undefined;
}

/** A copy of nothing but the comments: accepted only on the marks that comments alone have. */
function withoutHeading(lines: readonly ShapedLine[]): (Section & { evidence: number }) | undefined {
  const named = (line: ShapedLine | undefined): boolean =>
    line !== undefined && ['name', 'nameWeak', 'handle', 'says', 'nameDate', 'badge'].includes(line.shape);
  const marked = (line: ShapedLine | undefined): boolean =>
    line !== undefined && ['date', 'interface', 'says', 'nameDate'].includes(line.shape);
  if (lines.filter(marked).length < 3) return undefined;
  let best: (Section & { evidence: number }) | undefined;
  let tried = 0;
  for (
    let start = 0;
    start < lines.length && tried < Math.max(2, Math.min(CANDIDATES, LINES / lines.length));
    start += 1
  ) {
    if (!named(lines[start]) || !(marked(lines[start]) || marked(lines[start + 1]))) continue;
    tried += 1;
    const { roles, comments, evidence } = segment(lines.slice(start), undefined);
    const controls = roles.filter(
      (role, index) =>
        (role === 'footer' && lines[start + index]!.shape === 'interface') ||
        (role === 'header' && roles[index - 1] === 'author' && lines[start + index]!.shape === 'date') ||
        (role === 'author' && ['says', 'nameDate'].includes(lines[start + index]!.shape)),
    ).length;
    if (comments < 2 || controls < Math.max(2, comments * 0.6) || evidence < WITHOUT_HEADING) continue;
    if (best === undefined || evidence > best.evidence) {
      best = { start, body: start, roles, declaredCount: undefined, evidence };
    }
  }
  return best;
}

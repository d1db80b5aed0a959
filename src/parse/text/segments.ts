import { type Shape, type ShapedLine, shapes } from './shapes';

/**
 * What a line of a comment section is.
 * - `intro` stands between the heading and the first comment
 * - `author`, `header` (date, badge, counter), `text`, `more` (further paragraphs), `footer` (buttons) make a comment
 * - `inline` is a comment with its author on one line
 * - `after` is what follows the last comment
 */
export const roles = ['intro', 'author', 'header', 'text', 'more', 'footer', 'inline', 'after'] as const;
export type Role = (typeof roles)[number];

const [INTRO, AUTHOR, HEADER, TEXT, MORE, FOOTER, INLINE, AFTER] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const ROLES = roles.length;
const shapeIndex = new Map(shapes.map((shape, index) => [shape, index]));

type Weights = Partial<Record<Shape, number>>;

/** How often a line of a role has a shape, before the section itself is looked at. What is not named: 0.0008. */
const emissionPrior: Record<Role, Weights> = {
  intro: {
    interface: 0.6,
    footer: 0.12,
    badge: 0.02,
    number: 0.05,
    sentence: 0.05,
    sentenceShort: 0.04,
    phrase: 0.05,
    long: 0.01,
    remark: 0.03,
    name: 0.008,
    nameWeak: 0.01,
  },
  author: {
    name: 0.4,
    nameWeak: 0.14,
    handle: 0.12,
    says: 0.14,
    nameDate: 0.16,
    badge: 0.03,
    remark: 0.008,
    phrase: 0.003,
    sentenceShort: 0.0012,
    interface: 0.002,
    number: 0.002,
  },
  header: {
    date: 0.5,
    interface: 0.27,
    number: 0.06,
    badge: 0.06,
    handle: 0.05,
    name: 0.006,
    nameWeak: 0.008,
    remark: 0.006,
    phrase: 0.003,
    nameDate: 0.01,
  },
  text: {
    sentence: 0.36,
    long: 0.28,
    sentenceShort: 0.12,
    phrase: 0.11,
    remark: 0.06,
    name: 0.012,
    nameWeak: 0.02,
    nameText: 0.012,
    number: 0.002,
    says: 0.001,
    handle: 0.002,
    interface: 0.001,
    badge: 0.001,
    footer: 0.01,
  },
  more: {
    sentence: 0.38,
    long: 0.34,
    sentenceShort: 0.1,
    phrase: 0.1,
    remark: 0.04,
    name: 0.006,
    nameWeak: 0.008,
    nameText: 0.02,
    number: 0.002,
    handle: 0.001,
    interface: 0.0008,
  },
  footer: {
    interface: 0.74,
    number: 0.12,
    date: 0.1,
    badge: 0.005,
    footer: 0.0004,
    name: 0.0008,
    nameWeak: 0.0015,
    remark: 0.002,
    phrase: 0.001,
    sentenceShort: 0.001,
  },
  inline: { nameText: 0.97 },
  after: {
    footer: 0.5,
    interface: 0.12,
    phrase: 0.06,
    name: 0.06,
    sentence: 0.05,
    long: 0.05,
    nameWeak: 0.05,
    date: 0.04,
    remark: 0.03,
    sentenceShort: 0.02,
    nameDate: 0.02,
    number: 0.02,
    badge: 0.01,
    handle: 0.01,
    nameText: 0.02,
  },
};
const FLOOR = 0.0008;

/** Lines of an article, for comparison. */
const articleShapes: Weights = {
  long: 0.42,
  sentence: 0.3,
  phrase: 0.1,
  sentenceShort: 0.03,
  remark: 0.03,
  name: 0.02,
  nameWeak: 0.01,
  nameText: 0.03,
  date: 0.01,
  interface: 0.02,
  number: 0.005,
  says: 0.002,
  nameDate: 0.004,
  footer: 0.01,
  badge: 0.002,
  handle: 0.002,
};

/** What may follow what, and how often. */
const transitionPrior: Partial<Record<Role, number>>[] = [
  { intro: 0.4, author: 0.45, inline: 0.1, after: 0.05 },
  { header: 0.4, text: 0.6 },
  { header: 0.3, text: 0.7 },
  { more: 0.14, footer: 0.3, author: 0.44, inline: 0.06, after: 0.06 },
  { more: 0.35, footer: 0.25, author: 0.3, inline: 0.04, after: 0.06 },
  { footer: 0.4, author: 0.5, inline: 0.04, after: 0.06 },
  { more: 0.03, footer: 0.1, author: 0.03, inline: 0.82, after: 0.02 },
  { after: 1 },
];
const startPrior: Partial<Record<Role, number>> = { intro: 0.3, author: 0.55, inline: 0.1, after: 0.05 };
/** A section may not end in a line that still waits for a text. */
const endable = [true, false, false, true, true, true, true, true];

const EMISSION_STRENGTH = 14;
const TRANSITION_STRENGTH = 6;
const GAP_STRENGTH = 2;
/**
 * Natural-log evidence in favour of a segmentation with as many comments as the page says: more where that finds
 * comments than where it gives some up, as pages often show one that they have not counted.
 */
const COUNT_BONUS = { more: 10, fewer: 5 };
/** And against a role that a line's neighbours speak against. */
const UNFIT = -6;
const CELLS = 3_000_000;

interface Model {
  emission: Float64Array[];
  transition: Float64Array[];
  /** Probability of an empty line before a line of the role. */
  gap: Float64Array;
}

export interface Segmentation {
  roles: Role[];
  comments: number;
  /** How much better comments explain the lines than an article does, in nats. */
  evidence: number;
}

const gapStarts: readonly (readonly number[])[] = [
  [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
  // Empty lines between comments only.
  [0.5, 0.93, 0.07, 0.07, 0.15, 0.1, 0.93, 0.5],
  // Empty lines between comments and between paragraphs.
  [0.5, 0.9, 0.1, 0.15, 0.85, 0.3, 0.9, 0.5],
];

/**
 * Tells for every line of a comment section what it is: the most probable sequence under a hidden Markov model whose
 * probabilities are re-estimated from the section itself (Viterbi training), so that a page's own habits (where its empty
 * lines stand, whether names have an `@`, whether dates follow names) decide what single lines leave open. The declared
 * count is one more piece of evidence. Time and memory are linear in the number of lines where the count is not in reach.
 */
export function segment(lines: readonly ShapedLine[], declared: number | undefined): Segmentation {
  let best: { path: Int8Array; objective: number; score: number } | undefined;
  const informative = lines.some((line) => line.gap) && lines.some((line, index) => index > 0 && !line.gap);
  // In a long section the habits show at once; one start will do.
  const long = lines.length > 20_000;
  for (const gaps of informative && !long ? gapStarts : gapStarts.slice(0, 1)) {
    let model = priorModel(gaps);
    for (let round = 0; round < (long ? 2 : 3); round += 1) {
      const found = decode(lines, model, declared);
      if (best === undefined || found.score + logPrior(model) > best.objective) {
        best = { ...found, objective: found.score + logPrior(model) };
      }
      model = estimate(lines, found.path);
    }
  }
  const path = best === undefined ? new Int8Array(0) : best.path;
  if (declared === undefined || countStarts(path) !== declared) dropTail(lines, path);
  const named = Array.from(path, (role) => roles[role]!);
  return { roles: named, comments: countStarts(path), evidence: (best?.score ?? 0) - articleScore(lines) };
}

/** Where comments carry dates or buttons, what stands without at the end belongs to the page: "Previous", "Trending". */
function dropTail(lines: readonly ShapedLine[], path: Int8Array): void {
  const comments: { start: number; dated: boolean; marked: boolean }[] = [];
  for (const [index, role] of path.entries()) {
    const { shape, date } = lines[index]!;
    if (starts(role)) comments.push({ start: index, dated: false, marked: shape === 'says' });
    const current = comments.at(-1);
    if (current === undefined || role === AFTER) continue;
    if (date !== undefined && role !== TEXT && role !== MORE) current.dated = true;
    if (role === FOOTER && shape === 'interface') current.marked = true;
  }
  const last = comments.findLastIndex(({ dated, marked }) => dated || marked) + 1;
  const tail = comments.length - last;
  const habit = (has: (comment: (typeof comments)[number]) => boolean): boolean =>
    comments.slice(0, last).filter(has).length >= 0.8 * last;
  if (last < 3 || tail === 0 || tail > last) return;
  // Of the last comment of all only the beginning may have been copied, without its buttons.
  if (habit(({ dated }) => dated) || (tail > 1 && habit(({ dated, marked }) => dated || marked)))
    path.fill(AFTER, comments[last]!.start);
}

function articleScore(lines: readonly ShapedLine[]): number {
  let score = 0;
  for (const line of lines) score += Math.log(articleShapes[line.shape] ?? FLOOR) + Math.log(0.5);
  return score;
}

function priorModel(gap: readonly number[]): Model {
  const normalize = (values: number[]): Float64Array => {
    const sum = values.reduce((total, value) => total + value, 0);
    return Float64Array.from(values, (value) => value / sum);
  };
  return {
    emission: roles.map((role) => normalize(shapes.map((shape) => emissionPrior[role][shape] ?? FLOOR))),
    transition: transitionPrior.map((row) => Float64Array.from(roles, (role) => row[role] ?? 0)),
    gap: Float64Array.from(gap),
  };
}

const prior = priorModel(gapStarts[0]!);

function logPrior(model: Model): number {
  let sum = 0;
  for (let role = 0; role < ROLES; role += 1) {
    for (let shape = 0; shape < shapes.length; shape += 1) {
      sum += EMISSION_STRENGTH * prior.emission[role]![shape]! * Math.log(model.emission[role]![shape]!);
    }
    for (let next = 0; next < ROLES; next += 1) {
      const expected = prior.transition[role]![next]!;
      if (expected > 0) sum += TRANSITION_STRENGTH * expected * Math.log(model.transition[role]![next]!);
    }
  }
  // Where empty lines stand is the page's own habit: nothing is expected of it.
  return sum;
}

function estimate(lines: readonly ShapedLine[], path: Int8Array): Model {
  const emission = prior.emission.map((row) => row.map((value) => value * EMISSION_STRENGTH));
  const transition = prior.transition.map((row) => row.map((value) => value * TRANSITION_STRENGTH));
  const gap = new Float64Array(ROLES).fill(GAP_STRENGTH / 2);
  const total = new Float64Array(ROLES).fill(GAP_STRENGTH);
  for (const [index, line] of lines.entries()) {
    const role = path[index]!;
    emission[role]![shapeIndex.get(line.shape)!]! += 1;
    if (index === 0) continue;
    transition[path[index - 1]!]![role]! += 1;
    total[role]! += 1;
    if (line.gap) gap[role]! += 1;
  }
  const normalize = (row: Float64Array): Float64Array => {
    const sum = row.reduce((all, value) => all + value, 0);
    return row.map((value) => value / sum);
  };
  return {
    emission: emission.map(normalize),
    transition: transition.map(normalize),
    gap: gap.map((value, role) => value / total[role]!),
  };
}

/** What a button with unknown words looks like. */
const buttonShapes = new Set<Shape>(['name', 'nameWeak', 'remark', 'interface', 'badge', 'number', 'date']);

/** Evidence beyond the shape, in nats. */
function extra(line: ShapedLine, role: number): number {
  if (line.unfit === roles[role]) return UNFIT;
  if (line.repeats < 2 || line.text.length > 60 || line.unfit === 'author') return 0;
  if (role === AUTHOR) return line.name === undefined ? 0.7 : 0;
  if (role === TEXT || role === MORE) return -2;
  if (role === INTRO && line.repeats >= 3 && line.shape === 'interface') return 2.5;
  if ((role === FOOTER || role === HEADER) && line.repeats >= 3 && buttonShapes.has(line.shape)) return 2.5;
  return 0;
}

const predecessors = roles.map((role) =>
  roles.map((_, index) => index).filter((before) => (transitionPrior[before]![role] ?? 0) > 0),
);

function starts(role: number): boolean {
  return role === AUTHOR || role === INLINE;
}

function decode(
  lines: readonly ShapedLine[],
  model: Model,
  declared: number | undefined,
): { path: Int8Array; score: number } {
  const free = viterbi(lines, model, 0);
  if (declared === undefined) return free;
  const comments = countStarts(free.path);
  const bonus = comments <= declared ? COUNT_BONUS.more : COUNT_BONUS.fewer;
  if (comments === declared) return { path: free.path, score: free.score + bonus };
  if (declared === 0 || declared * 2 > lines.length + 1 || lines.length * (declared + 2) * ROLES > CELLS)
    return free;
  const counted = viterbi(lines, model, declared);
  const score = counted.score + bonus;
  return score > free.score ? { path: counted.path, score } : free;
}

function countStarts(path: Int8Array): number {
  return path.reduce((count, role) => count + (starts(role) ? 1 : 0), 0);
}

/** Best path; with `exactly` > 0, the best of those with so many comments. */
function viterbi(
  lines: readonly ShapedLine[],
  model: Model,
  exactly: number,
): { path: Int8Array; score: number } {
  const layers = exactly + 1;
  const width = layers * ROLES;
  const back = new Int8Array(lines.length * width).fill(-1);
  const logTransition = model.transition.map((row) => row.map(Math.log));
  let scores = new Float64Array(width).fill(-Infinity);
  for (const [index, line] of lines.entries()) {
    const next = new Float64Array(width).fill(-Infinity);
    const shape = shapeIndex.get(line.shape)!;
    for (let role = 0; role < ROLES; role += 1) {
      const gap = index === 0 ? 0.5 : model.gap[role]!;
      const emitted =
        Math.log(model.emission[role]![shape]!) + Math.log(line.gap ? gap : 1 - gap) + extra(line, role);
      const step = exactly > 0 && starts(role) ? 1 : 0;
      for (let layer = step; layer < layers; layer += 1) {
        const cell = layer * ROLES + role;
        if (index === 0) {
          if (layer === step) next[cell] = Math.log(startPrior[roles[role]!] ?? 0) + emitted;
          continue;
        }
        const from = (layer - step) * ROLES;
        let best = -Infinity;
        let bestRole = -1;
        for (const before of predecessors[role]!) {
          const score = scores[from + before]! + logTransition[before]![role]!;
          if (score > best) {
            best = score;
            bestRole = before;
          }
        }
        next[cell] = best + emitted;
        back[index * width + cell] = bestRole;
      }
    }
    scores = next;
  }
  let role = -1;
  let score = -Infinity;
  let layer = exactly;
  for (let last = 0; last < ROLES; last += 1) {
    const value = scores[layer * ROLES + last]!;
    if (endable[last] && value > score) [role, score] = [last, value];
  }
  const path = new Int8Array(lines.length);
  if (role === -1) return { path: path.fill(AFTER), score: -Infinity };
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    path[index] = role;
    const before = back[index * width + layer * ROLES + role]!;
    if (exactly > 0 && starts(role)) layer -= 1;
    role = before;
  }
  return { path, score };
}

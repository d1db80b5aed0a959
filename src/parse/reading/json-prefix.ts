/**
 * Makes valid JSON of the beginning of a JSON text: cuts what is incomplete and closes what is open. One pass, no recursion.
 *
 * @param keepStrings close a string that is cut instead of leaving it out
 * @returns undefined if the text does not begin with an object or array
 */
export function completeJson(text: string, keepStrings = false): string | undefined {
  const closers: string[] = [];
  let cut = -1;
  let inString = false;
  let afterColon = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 92) index += 1;
      else if (code === 34) inString = false;
      continue;
    }
    if (code === 34) inString = true;
    else if (code === 123 || code === 91) {
      closers.push(code === 123 ? '}' : ']');
      cut = index + 1;
      afterColon = false;
    } else if (code === 125 || code === 93) {
      closers.pop();
      cut = index + 1;
      afterColon = false;
      if (closers.length === 0) return text.slice(0, cut);
    } else if (code === 44) {
      cut = index;
      afterColon = false;
    } else if (code === 58) afterColon = true;
    else if (closers.length === 0 && code > 32) return undefined;
  }
  if (cut === -1) return undefined;
  if (keepStrings && inString && (afterColon || closers.at(-1) === ']')) {
    // A cut may stand within an escape; the few characters before it do not matter here.
    const kept = text.slice(0, -8).replace(/\\u?[0-9a-fA-F]{0,4}$/, '');
    if (kept.length > cut) return `${kept}"${closers.toReversed().join('')}`;
  }
  return text.slice(0, cut) + closers.toReversed().join('');
}

const LINES = 20;

/** The first line that is an object or array of its own, if most of the first lines are: JSON lines that begin badly. */
export function firstValueLine(text: string): object | undefined {
  let first: object | undefined;
  let values = 0;
  let others = 0;
  for (const line of text.trim().split('\n', LINES)) {
    // A line that only opens something belongs to a document on several lines.
    if (/^\s*[[{]\s*$/.test(line)) return undefined;
    if (line.trim() === '') continue;
    try {
      const value: unknown = JSON.parse(line);
      if (typeof value !== 'object' || value === null) throw new SyntaxError('no object');
      first ??= value;
      values += 1;
    } catch {
      others += 1;
    }
  }
  // Prose may quote a line of JSON, and the last row of a list stands there without a comma.
  return values > others ? first : undefined;
}

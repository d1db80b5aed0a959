/** `JSON.parse`, but whole numbers that would lose digits, as long ids do, become strings. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // Looking at the values costs a tenth of looking through the text.
  return holdsLongNumber(value) ? JSON.parse(quoteLongNumbers(text)) : value;
}

function holdsLongNumber(value: unknown): boolean {
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'number' && Number.isInteger(next) && !Number.isSafeInteger(next)) return true;
    if (typeof next !== 'object' || next === null) continue;
    for (const inner of Object.values(next))
      if (typeof inner === 'number' || (typeof inner === 'object' && inner !== null)) open.push(inner);
  }
  return false;
}

function quoteLongNumbers(text: string): string {
  const pieces: string[] = [];
  let from = 0;
  let index = 0;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (code === 34) {
      index = endOfString(text, index);
      continue;
    }
    if (code !== 45 && !isDigit(code)) {
      index += 1;
      continue;
    }
    const start = index;
    do index += 1;
    while (isDigit(text.charCodeAt(index)));
    const isWhole = !'.eE'.includes(text.charAt(index) || ' ');
    if (isWhole && !Number.isSafeInteger(Number(text.slice(start, index)))) {
      pieces.push(text.slice(from, start), '"', text.slice(start, index), '"');
      from = index;
    }
    // The rest of a fraction is no number of its own.
    while (!isWhole && /[\d.eE+-]/.test(text.charAt(index))) index += 1;
  }
  pieces.push(text.slice(from));
  return pieces.join('');
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Where the string that begins at `start` has ended. */
function endOfString(text: string, start: number): number {
  let end = start;
  let backslashes = 0;
  do {
    end = text.indexOf('"', end + 1);
    if (end === -1) return text.length;
    backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === 92) backslashes += 1;
  } while (backslashes % 2 === 1);
  return end + 1;
}

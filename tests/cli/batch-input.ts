import { writeFileSync } from 'node:fs';

const words =
  'europe should let the americans handle this war and stay out of it who will help ukraine now nobody knows money'.split(
    ' ',
  );

/** A file of comments as they are: short and long, repeated, empty, in another language, with quotes and line breaks. */
export function writeComments(path: string, count: number): string {
  const lines = Array.from({ length: count }, (_, index) => {
    const length = 3 + ((index * 7) % 38);
    const sentence = Array.from(
      { length },
      (_, word) => words[(index * 3 + word * (index % 5)) % words.length],
    );
    const text =
      index % 20 === 3
        ? 'First!'
        : index % 50 === 7
          ? ' \n '
          : index % 50 === 9
            ? 'Ich bin der Meinung, dass wir den Frieden brauchen und keine Waffen.'
            : `${sentence.join(' ')}, "${index}"\n\nsaid =they= 🙂`;
    return JSON.stringify({ id: `c${index}`, author: `Author ${index % 40}, Jr.`, text });
  });
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

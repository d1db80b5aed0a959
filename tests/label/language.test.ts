import { beforeAll, describe, expect, it } from 'vitest';
import { type LanguageDetector, loadLanguageDetector } from '../../src/label/language';

let detect: LanguageDetector;
beforeAll(async () => {
  detect = await loadLanguageDetector();
});

describe('the language of a comment', () => {
  it.each([
    'EU meddling will only worsen the situation. They should stay out and let the US handle it.',
    'I can\'t believe that people still fall for "this" -- who are they kidding?!',
    'THE AMERICANS HAVE DONE MORE THAN ENOUGH FOR THEM.',
  ])('is English for %s', (text) => {
    expect(detect(text)).toEqual({ language: 'en', reliable: true });
  });

  it.each([
    ['de', 'Ich glaube nicht, dass die Amerikaner uns helfen werden, aber wir sollten es versuchen.'],
    ['nl', 'De Amerikanen willen ons niet helpen en dat is hun goed recht, want wij betalen te weinig.'],
    ['fr', "Les Américains ne veulent pas nous aider et c'est leur droit, mais nous devons payer plus."],
    ['es', 'Los americanos no quieren ayudarnos y has visto que son unos egoístas con los demás.'],
    ['ru', 'Россия должна уйти из Украины, и чем скорее, тем лучше.'],
  ])('is %s where it is', (language, text) => {
    expect(detect(text)).toEqual({ language, reliable: true });
  });

  it.each(['', '🙂', 'lol', 'Trump!!!', 'Macron, Putin'])('is left open for "%s"', (text) => {
    expect(detect(text)).toEqual({ language: 'und', reliable: false });
  });

  it('is found in megabytes as fast as in a line', () => {
    const started = performance.now();
    detect(`Ich glaube nicht, dass das so geht. `.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(500);
  });
});

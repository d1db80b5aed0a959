import { describe, expect, test } from 'vitest';
import { readDate, recognizeDate, trailingDate } from '../../src/parse/reading/dates';

describe('a date is read', () => {
  test.each([
    ['behind a time', '16:15 March 2, 2025', '2025-03-02T16:15:00'],
    ['three words before its time', '2nd of March 2025 04:15', '2025-03-02T04:15:00'],
    ['with an offset from GMT', 'Mar 2, 2025, 4:15 PM GMT+1', '2025-03-02T16:15:00+01:00'],
    ['with an offset from UTC', 'March 2, 2025 4:15 PM UTC-05:00', '2025-03-02T16:15:00-05:00'],
    ['with hours from UTC', '2 March 2025 16:15 UTC+2', '2025-03-02T16:15:00+02:00'],
    ['with a zone before the year', 'Sun Mar 02 16:15:00 UTC 2025', '2025-03-02T16:15:00Z'],
    ['beside a span of time', '10:15-11:30 2 March 2025', '2025-03-02T10:15:00'],
    [
      'of JavaScript',
      'Sun Mar 02 2025 16:15:00 GMT+0100 (Central European Standard Time)',
      '2025-03-02T15:15:00Z',
    ],
    ['with the name of a zone', '2025-03-02T16:15:00+01:00[Europe/Paris]', '2025-03-02T16:15:00+01:00'],
    ['with points', '13.2.25', '2025-02-13'],
    ['in microseconds', '1740932100000000', '2025-03-02T16:15:00Z'],
    ['in the basic form', '20250302T161500Z', '2025-03-02T16:15:00Z'],
    ['in digits', '20250302', '2025-03-02'],
    ['of a leap year', '2024-02-29T10:00:00Z', '2024-02-29T10:00:00Z'],
  ])('%s', (_, text, expected) => {
    expect(readDate(text)).toBe(expected);
  });
});

test.each([
  '30 Feb 2025',
  '30 Feb 2025 10:00:00 +0000',
  '2025-06-31',
  '2025-02-29T10:00:00Z',
  '2025-03-02T25:61:00Z',
  '2 March 2025 25:10',
  '2025-03-02T10:00:00+25:00',
])('%s is on no calendar', (text) => {
  expect(readDate(text)).toBeUndefined();
});

test('an impossible date is a date still, not a text', () => {
  expect(recognizeDate('30 Feb 2025')).toEqual({});
});

test('a name that is a month is no part of the date behind it', () => {
  expect(trailingDate('Theresa May on March 2, 2025')).toMatchObject({ start: 12 });
});

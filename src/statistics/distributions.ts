/** log Γ(x) for x > 0 [Lanczos 1964, g = 7, 9 terms; relative error below 1e-14]. */
export function logGamma(x: number): number {
  const coefficients = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  let sum = coefficients[0]!;
  for (let term = 1; term < 9; term++) sum += coefficients[term]! / (shifted + term);
  const base = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(sum);
}

/** Regularised incomplete beta function I_x(a, b), the distribution function of Beta(a, b) [Lentz's method]. */
export function betaDistribution(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const step = d * c;
    result *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return result;
}

/** Distribution function of Student's t. */
export function studentDistribution(t: number, degreesOfFreedom: number): number {
  const tail = betaDistribution(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** Quantile of Student's t for a probability in (0, 1). */
export function studentQuantile(probability: number, degreesOfFreedom: number): number {
  if (probability === 0.5) return 0;
  if (probability > 0.5) return -studentQuantile(1 - probability, degreesOfFreedom);
  let low = -1;
  while (studentDistribution(low, degreesOfFreedom) > probability && low > -1e12) low *= 2;
  return bisect((t) => studentDistribution(t, degreesOfFreedom) - probability, low, 0);
}

/** Distribution function of the standard normal [erfc by Numerical Recipes' Chebyshev fit, error below 1.2e-16]. */
export function normalDistribution(z: number): number {
  return 0.5 * complementaryError(-z / Math.SQRT2);
}

/** Quantile of the standard normal for a probability in (0, 1). */
export function normalQuantile(probability: number): number {
  if (probability > 0.5) return -normalQuantile(1 - probability);
  return bisect((z) => normalDistribution(z) - probability, -40, 0);
}

const chebyshev = [
  -1.3026537197817094, 0.6419697923564902, 1.9476473204185836e-2, -9.561514786808631e-3, -9.46595344482036e-4,
  3.66839497852761e-4, 4.2523324806907e-5, -2.0278578112534e-5, -1.624290004647e-6, 1.30365583558e-6,
  1.5626441722e-8, -8.5238095915e-8, 6.529054439e-9, 5.059343495e-9, -9.91364156e-10, -2.27365122e-10,
  9.6467911e-11, 2.394038e-12, -6.886027e-12, 8.94487e-13, 3.13092e-13, -1.12708e-13, 3.81e-16, 7.106e-15,
  -1.523e-15, -9.4e-17, 1.21e-16, -2.8e-17,
];

function complementaryError(x: number): number {
  const absolute = Math.abs(x);
  const t = 2 / (2 + absolute);
  const position = 4 * t - 2;
  let current = 0;
  let next = 0;
  for (let index = chebyshev.length - 1; index > 0; index--) {
    const kept = current;
    current = position * current - next + chebyshev[index]!;
    next = kept;
  }
  const value = t * Math.exp(-absolute * absolute + 0.5 * (chebyshev[0]! + position * current) - next);
  return x >= 0 ? value : 2 - value;
}

function bisect(increasing: (x: number) => number, low: number, high: number): number {
  let left = low;
  let right = high;
  for (let step = 0; step < 200 && right - left > 1e-15 * Math.max(1, Math.abs(left)); step++) {
    const middle = (left + right) / 2;
    if (increasing(middle) < 0) left = middle;
    else right = middle;
  }
  return (left + right) / 2;
}

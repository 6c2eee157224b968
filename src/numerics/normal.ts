import { ERFCX, ONE_MINUS_X_MILLS } from "./normal-coefficients.ts";

/**
 * The normal distribution without hazards. φ is its density, Φ its distribution function. Largest errors are those seen
 * against 50 digits on the grids of test/numerics/reference/normal.py; eps is 2.2e-16. NaN in gives NaN out.
 */

const SQRT_HALF = Math.SQRT1_2;
const SQRT_HALF_PI = Math.sqrt(Math.PI / 2);
const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);
const LOG_SQRT_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** Σ cⱼ Tⱼ(t) at t = (x − 5) / (x + 5), by Clenshaw's recurrence. */
function chebyshev(series: readonly number[], x: number): number {
  const t = (x - 5) / (x + 5);
  let b1 = 0;
  let b2 = 0;
  for (let j = series.length - 1; j > 0; j--) {
    const b = (series[j] as number) + 2 * t * b1 - b2;
    b2 = b1;
    b1 = b;
  }
  return (series[0] as number) + t * b1 - b2;
}

/**
 * e^(scale·x²) for a scale of 1 or −½. The square is taken in two exact parts: its rounding error would be the result's
 * relative error, 1e-13 at x = 30.
 */
function expOfSquare(scale: 1 | -0.5, x: number): number {
  if (Math.abs(x) > 40) return scale > 0 ? Infinity : 0;
  const high = Math.fround(x);
  return Math.exp(scale * high * high) * Math.exp(scale * (x - high) * (x + high));
}

/**
 * The scaled complementary error function e^(x²) erfc(x), for every x. Overflows to Infinity below −26.6.
 *
 * Relative error ≤ 8e-16 for x ≥ 0, 2e-15 for x < 0. Shepherd & Laframboise, "Chebyshev approximation of (1+2x) exp(x²)
 * erfc x in 0 ≤ x < ∞", Mathematics of Computation 36 (1981), with another centre; for x < 0 the reflection
 * 2e^(x²) − erfcx(−x).
 */
export function erfcx(x: number): number {
  if (x < 0) return 2 * expOfSquare(1, x) - erfcx(-x);
  return x === Infinity ? 0 : chebyshev(ERFCX, x) / (x + 0.5);
}

/** φ(x), for every x. Relative error ≤ 8e-16 while the result is a normal number (|x| < 37.5). */
export function normalPdf(x: number): number {
  return expOfSquare(-0.5, x) / SQRT_TWO_PI;
}

/** log φ(x), for every x; −Infinity beyond 1.8e154. Relative error ≤ 4 eps. */
export function normalLogPdf(x: number): number {
  return -0.5 * x * x - LOG_SQRT_TWO_PI;
}

/** Φ(x), for every x. Relative error ≤ 1e-15 while the result is a normal number (x > −37.5). */
export function normalCdf(x: number): number {
  const tail = 0.5 * expOfSquare(-0.5, x) * erfcx(Math.abs(x) * SQRT_HALF);
  return x > 0 ? 1 - tail : tail;
}

/** log Φ(x), for every x, precise in both tails; −Infinity below −1.8e154. Relative error ≤ 1e-15. */
export function normalLogCdf(x: number): number {
  if (x > 0) return Math.log1p(-normalCdf(-x));
  return Math.log(0.5 * erfcx(-x * SQRT_HALF)) - 0.5 * x * x;
}

/**
 * log(1 − e^(−a)) for a ≥ 0; −Infinity at 0. Relative error ≤ 4 eps.
 *
 * Mächler, "Accurately computing log(1 − exp(−|a|))", 2012, equation 7: one form where e^(−a) is near 1, one where it is small.
 */
export function log1mexp(a: number): number {
  return a <= Math.LN2 ? Math.log(-Math.expm1(-a)) : Math.log1p(-Math.exp(-a));
}

/**
 * (1 − x M(x)) for x ≥ 0, where M(x) = Φ(−x) / φ(x) is Mills' ratio: what is left of h(−x) once φ(x) is taken out. Direct
 * evaluation loses all digits by x = 1e8, since x M(x) tends to 1 − x⁻².
 */
function oneMinusXMills(x: number): number {
  return chebyshev(ONE_MINUS_X_MILLS, x) / (1 + x * (1.25 + x));
}

/**
 * log h(z), where h(z) = φ(z) + z Φ(z) and σ h((μ − best) / σ) is the expected improvement. For |z| ≤ 1e150.
 *
 * Error ≤ 1e-15, relative to max(1, |log h|). The problem and h are from Ament et al., "Unexpected improvements to expected
 * improvement for Bayesian optimization", NeurIPS 2023, equation 9; in place of its three branches one series serves every
 * z < 0, log φ(z) + log(1 − |z| M(|z|)), which keeps its digits throughout.
 */
export function logEi(z: number): number {
  if (z >= 0) return Math.log(normalPdf(z) + z * normalCdf(z));
  return normalLogPdf(z) + Math.log(oneMinusXMills(-z));
}

/**
 * The derivative of {@link logEi}, Φ(z) / h(z): about 1/z for large z, −z for very negative z. For |z| ≤ 1e150. Relative
 * error ≤ 2e-15.
 */
export function logEiSlope(z: number): number {
  if (z >= 0) return normalCdf(z) / (normalPdf(z) + z * normalCdf(z));
  return (SQRT_HALF_PI * erfcx(-z * SQRT_HALF)) / oneMinusXMills(-z);
}

const CENTRE_ABOVE: readonly number[] = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
  33430.57558358813, 2509.0809287301227,
];
const CENTRE_BELOW: readonly number[] = [
  1.0, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
];
const NEAR_ABOVE: readonly number[] = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
  0.022723844989269184, 0.0007745450142783414,
];
const NEAR_BELOW: readonly number[] = [
  1.0, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
];
const FAR_ABOVE: readonly number[] = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
];
const FAR_BELOW: readonly number[] = [
  1.0, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
  1.421511758316446e-7, 2.0442631033899397e-15,
];

/** Rational function in r, coefficients from the constant up. */
function ratio(numerator: readonly number[], denominator: readonly number[], r: number): number {
  let above = 0;
  let below = 0;
  for (let i = numerator.length - 1; i >= 0; i--) {
    above = above * r + (numerator[i] as number);
    below = below * r + (denominator[i] as number);
  }
  return above / below;
}

/**
 * Φ⁻¹(p) for p in [0, 1]: −Infinity at 0, Infinity at 1, NaN outside. Odd about ½ wherever 1 − p is exact.
 *
 * Relative error ≤ 1e-15, down to the smallest number. Wichura, "Algorithm AS 241: the percentage points of the normal
 * distribution", Applied Statistics 37 (1988), routine PPND16, whose constants are below.
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRE_ABOVE, CENTRE_BELOW, 0.180625 - q * q);
  const tail = q < 0 ? p : 1 - p;
  if (tail === 0) return q < 0 ? -Infinity : Infinity;
  const r = Math.sqrt(-Math.log(tail));
  const x = r <= 5 ? ratio(NEAR_ABOVE, NEAR_BELOW, r - 1.6) : ratio(FAR_ABOVE, FAR_BELOW, r - 5);
  return q < 0 ? -x : x;
}

import type { CurveEnd } from "./curve-model.ts";

/**
 * The one law of predicted ends: Student's t with three degrees of freedom, located at the mean, scaled by the deviation. Curves
 * that stood still for long fall suddenly more often than a normal law allows.
 */

/** Beyond this the closed forms are small differences of large numbers; their series keep the digits. */
const FAR = 100;

/**
 * The probability that a curve ends below `best`.
 *
 * @param best a loss
 * @returns 0 … 1
 */
export function chanceToBeat({ mean, deviation }: CurveEnd, best: number): number {
  if (deviation === 0) return mean < best ? 1 : 0;
  const t = Math.abs(best - mean) / deviation / Math.sqrt(3);
  const tail =
    t > FAR
      ? (2 / 3 - 4 / 5 / t ** 2 + 6 / 7 / t ** 4) / t ** 3 / Math.PI
      : 0.5 - (t / (1 + t * t) + Math.atan(t)) / Math.PI;
  return mean < best ? 1 - tail : tail;
}

/**
 * The expected improvement E[max(0, best − end)]: for z = (best − mean) / deviation and u = z / √3, z F(z) + (3 + z²) f(z) / 2 of
 * that law, which is √3 (u / 2 + (1 + u atan u) / π).
 *
 * @param best a loss
 * @returns at least 0, in the unit of the loss
 */
export function expectedImprovement({ mean, deviation }: CurveEnd, best: number): number {
  if (deviation === 0) return Math.max(0, best - mean);
  const u = (best - mean) / deviation / Math.sqrt(3);
  const unit = u < -FAR ? (1 / 3 - 1 / 5 / u ** 2) / u ** 2 / Math.PI : u / 2 + (1 + u * Math.atan(u)) / Math.PI;
  return deviation * Math.sqrt(3) * unit;
}

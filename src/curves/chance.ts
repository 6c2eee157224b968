import type { CurveEnd } from "./curve-model.ts";

/** So far out the tail is a small difference of large numbers, of which the series keeps the digits. */
const FAR = 100;

/**
 * The chance that a curve ends below `best`: by Student's t distribution of three degrees of freedom, scaled by the deviation,
 * since curves that stood still for long fall suddenly more often than a normal law has it.
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

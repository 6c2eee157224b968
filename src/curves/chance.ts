import type { CurveEnd } from "./curve-model.ts";

/**
 * The chance that a curve ends below `best`: by Student's t distribution of three degrees of freedom, scaled by the deviation,
 * since curves that stood still for long fall suddenly more often than a normal law has it.
 *
 * @param best a loss
 */
export function chanceToBeat({ mean, deviation }: CurveEnd, best: number): number {
  if (deviation === 0) return mean < best ? 1 : 0;
  const t = (best - mean) / deviation / Math.sqrt(3);
  return 0.5 + (t / (1 + t * t) + Math.atan(t)) / Math.PI;
}

import type { GpCore } from "../numerics/gp-core.ts";
import { minimize } from "../numerics/lbfgsb.ts";
import { hyperparameterSpace, type HyperparameterSpace } from "./hyperparameters.ts";
import { type TrainingSet, weightsOf } from "./model.ts";

/** Steps of one search, and how flat the posterior must be there; more moves no suggestion. */
const ITERATIONS = 50;
const GRADIENT_TOLERANCE = 1e-2;
const VALUE_TOLERANCE = 1e-6;

export interface Fit {
  /** [ln ℓ_1 … ln ℓ_D, ln σ², ln σ_n²]. */
  readonly hyperparameters: Float64Array;
  /** −ln p(targets | hyperparameters) − ln p(hyperparameters), up to a constant. */
  readonly loss: number;
  readonly evaluations: number;
}

/**
 * The hyperparameters of greatest posterior density over their logarithms, searched from several starts by L-BFGS-B.
 *
 * @param set every point has a target
 * @param starts vectors of D + 2; at least one
 * @returns undefined when the kernel matrix cannot be factored at any start
 */
export function fit(core: GpCore, set: TrainingSet, starts: readonly Float64Array[]): Fit | undefined {
  const { layout, points, targets } = set;
  const space = hyperparameterSpace(layout.dimensions);
  core.setPoints(points, targets.length, layout.numeric, layout.mismatch);
  let best: Fit | undefined;
  let evaluations = 0;
  for (const start of starts) {
    const found = minimize(
      (x, gradient) => posteriorLoss(core, set, space, x, gradient),
      start,
      space.lower,
      space.upper,
      { maxIterations: ITERATIONS, gradientTolerance: GRADIENT_TOLERANCE, valueTolerance: VALUE_TOLERANCE },
    );
    evaluations += found.evaluations;
    if (!Number.isFinite(found.value) || found.value >= (best?.loss ?? Infinity)) continue;
    best = { hyperparameters: found.x, loss: found.value, evaluations };
  }
  return best && { ...best, evaluations };
}

/**
 * The negative logarithm of the posterior density and its gradient; Infinity where the kernel matrix cannot be factored.
 * Rasmussen and Williams 2006, equations 2.30 and 5.9, plus the priors. The points are set.
 */
export function posteriorLoss(
  core: GpCore,
  { layout, targets }: TrainingSet,
  { priors }: HyperparameterSpace,
  x: Float64Array,
  gradient: Float64Array,
): number {
  const { dimensions, coordinateOf } = layout;
  const features = coordinateOf.length;
  const count = targets.length;
  const amplitude = Math.exp(x[dimensions] as number);
  const noise = Math.exp(x[dimensions + 1] as number);
  if (core.factor(weightsOf(layout, x), amplitude, noise, count, true) !== -1) return Infinity;
  let loss = 0.5 * (core.solve(targets) + core.logDeterminant() + count * Math.log(2 * Math.PI));
  const slopes = new Float64Array(features + 2);
  core.likelihoodGradient(slopes);

  gradient.fill(0);
  // ln weight = ln scale − 2 ln ℓ.
  for (let feature = 0; feature < features; feature++) {
    const coordinate = coordinateOf[feature] as number;
    gradient[coordinate] = (gradient[coordinate] as number) + 2 * (slopes[feature] as number);
  }
  gradient[dimensions] = -(slopes[features] as number);
  gradient[dimensions + 1] = -(slopes[features + 1] as number);
  for (const [index, { mean, deviation }] of priors.entries()) {
    const z = ((x[index] as number) - mean) / deviation;
    loss += 0.5 * z * z;
    gradient[index] = (gradient[index] as number) + z / deviation;
  }
  return loss;
}

import type { GpCore } from "../numerics/gp-core.ts";
import { fit } from "./fit.ts";
import { hyperparameterSpace } from "./hyperparameters.ts";
import { condition, type TrainingSet, weightsOf } from "./model.ts";

/** What is predicted of each target from all others. */
export interface Predictions {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/**
 * What the process predicts of each target when it is conditioned on the others, noise included: μ_i = y_i − α_i / K⁻¹_ii and
 * σ²_i = 1 / K⁻¹_ii. Rasmussen and Williams 2006, equation 5.12. The hyperparameters have seen all targets.
 *
 * @param set every point has a target
 * @returns undefined when the kernel matrix cannot be factored
 */
export function leaveOneOut(
  core: GpCore,
  { layout, points, targets }: TrainingSet,
  hyperparameters: Float64Array,
): Predictions | undefined {
  const { dimensions } = layout;
  const count = targets.length;
  const amplitude = Math.exp(hyperparameters[dimensions] as number);
  const noise = Math.exp(hyperparameters[dimensions + 1] as number);
  core.setPoints(points, count, layout.numeric, layout.mismatch);
  if (core.factor(weightsOf(layout, hyperparameters), amplitude, noise, count, false) !== -1) return undefined;
  const alpha = new Float64Array(count);
  core.solve(targets, alpha);
  core.invertFactor();
  const precision = new Float64Array(count);
  core.inverseDiagonal(precision);
  return {
    mean: targets.map((target, i) => target - (alpha[i] as number) / (precision[i] as number)),
    variance: precision.map((each) => 1 / each),
  };
}

/** Parts of the points, each predicted from all others. */
const FOLDS = 4;

/**
 * What the process predicts of each target when neither it nor its hyperparameters have seen it: the points are parted into folds, in
 * turns, and each is predicted by a process that is fitted to all others.
 *
 * @param set every point has a target; at least two
 * @returns undefined when a kernel matrix cannot be factored
 */
export function crossValidate(core: GpCore, { layout, points, targets }: TrainingSet): Predictions | undefined {
  const size = layout.numeric + layout.mismatch;
  const count = targets.length;
  const mean = new Float64Array(count);
  const variance = new Float64Array(count);
  for (let fold = 0; fold < FOLDS; fold++) {
    const rowsOf = (
      isIn: (row: number) => boolean,
    ): { readonly rows: readonly number[]; readonly points: Float64Array } => {
      const rows = [...targets.keys()].filter(isIn);
      const chosen = new Float64Array(rows.length * size);
      for (const [index, row] of rows.entries())
        chosen.set(points.subarray(row * size, (row + 1) * size), index * size);
      return { rows, points: chosen };
    };
    const seen = rowsOf((row) => row % FOLDS !== fold);
    const unseen = rowsOf((row) => row % FOLDS === fold);
    const set = { layout, points: seen.points, targets: Float64Array.from(seen.rows, (row) => targets[row] as number) };
    const hyperparameters = fit(core, set, [hyperparameterSpace(layout.dimensions).mode])?.hyperparameters;
    if (hyperparameters === undefined || condition(core, set, hyperparameters) === undefined) return undefined;
    const noise = Math.exp(hyperparameters[layout.dimensions + 1] as number);
    const means = new Float64Array(unseen.rows.length);
    const variances = new Float64Array(unseen.rows.length);
    core.posterior(unseen.points, unseen.rows.length, means, variances);
    for (const [index, row] of unseen.rows.entries()) {
      mean[row] = means[index] as number;
      variance[row] = Math.max(variances[index] as number, 0) + noise;
    }
  }
  return { mean, variance };
}

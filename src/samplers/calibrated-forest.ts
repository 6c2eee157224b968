import { Forest } from "../forest/forest.ts";
import type { Predictions } from "../gp/validation.ts";
import type { TrainingSet } from "../gp/model.ts";
import type { Rng } from "../numerics/rng.ts";

/** Each point is unseen by e⁻¹ of the trees: by eleven, which have a variance. */
const TREES = 30;
/** The least variance of a target of variance 1: a forest is never sure. */
const LEAST_VARIANCE = 1e-6;

/**
 * A random forest, with a variance that agrees with its own errors: trees that agree far from all points are not sure there. The mean
 * squared error of the out-of-bag predictions, as far as it is above their mean variance, is added to each variance.
 */
export class CalibratedForest {
  /** What is predicted of each target by the trees that have not seen it; of one that all have seen, what chance says. */
  readonly unseen: Predictions;
  readonly #forest: Forest;
  readonly #added: number;

  /** @param set points without a target are left out */
  constructor({ layout, points, targets }: TrainingSet, rng: Rng) {
    const { numeric, mismatch } = layout;
    const size = numeric + mismatch;
    const sample = { points: points.subarray(0, targets.length * size), targets, size, numeric };
    this.#forest = new Forest(sample, TREES, () => rng.uniform());
    const { mean, variance } = this.#forest.outOfBag();
    let [squares, variances, count] = [0, 0, 0];
    for (const [i, target] of targets.entries()) {
      if (Number.isNaN(mean[i])) continue;
      squares += (target - (mean[i] as number)) ** 2;
      variances += variance[i] as number;
      count++;
    }
    this.#added = count === 0 ? 1 : Math.max((squares - variances) / count, LEAST_VARIANCE);
    this.unseen = {
      mean: mean.map((each) => (Number.isNaN(each) ? 0 : each)),
      variance: variance.map((each) => (Number.isNaN(each) ? 1 : each + this.#added)),
    };
  }

  /** As `Forest.predict`. */
  predict(points: Float64Array, count: number, mean: Float64Array, variance: Float64Array): void {
    this.#forest.predict(points, count, mean, variance);
    for (let i = 0; i < count; i++) variance[i] = (variance[i] as number) + this.#added;
  }
}

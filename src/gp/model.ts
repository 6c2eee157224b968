import type { GpCore } from "../numerics/gp-core.ts";

/** Points of a space as rows of features: numeric ones first, then those of which only equality counts. */
export interface FeatureLayout {
  readonly numeric: number;
  readonly mismatch: number;
  /** Coordinates, and whatever else has a length scale of its own. */
  readonly dimensions: number;
  /** For each feature its coordinate, and by how much its squared distance counts. */
  readonly coordinateOf: Int32Array;
  readonly scaleOf: Float64Array;
}

/** What a process is conditioned on. */
export interface TrainingSet {
  readonly layout: FeatureLayout;
  /** Row-major, one row of features for each point: those with targets first, then those that only lower the variance. */
  readonly points: Float64Array;
  /** Of mean 0 and variance 1. */
  readonly targets: Float64Array;
}

/** The core's weights for length scales: scale / ℓ² for each feature. */
export function weightsOf({ coordinateOf, scaleOf }: FeatureLayout, hyperparameters: Float64Array): Float64Array {
  return Float64Array.from(
    coordinateOf,
    (coordinate, feature) => (scaleOf[feature] as number) * Math.exp(-2 * (hyperparameters[coordinate] as number)),
  );
}

/** What is added to the diagonal, in multiples of the amplitude, when a matrix is not positive definite without. */
const JITTERS = [0, 1e-10, 1e-8, 1e-6, 1e-4] as const;

/** A process that is ready for predictions. */
export interface Conditioned {
  /** The posterior mean of the function at each point with a target. */
  readonly means: Float64Array;
  /** What had to be added to the diagonal, in multiples of the amplitude; mostly 0. */
  readonly jitter: number;
}

/**
 * Conditions the process on points and targets.
 *
 * @returns undefined when no jitter made the kernel matrix positive definite
 */
export function condition(core: GpCore, set: TrainingSet, hyperparameters: Float64Array): Conditioned | undefined {
  const { layout, points, targets } = set;
  const { dimensions } = layout;
  const count = points.length / (layout.numeric + layout.mismatch);
  const weights = weightsOf(layout, hyperparameters);
  const amplitude = Math.exp(hyperparameters[dimensions] as number);
  const noise = Math.exp(hyperparameters[dimensions + 1] as number);
  core.setPoints(points, count, layout.numeric, layout.mismatch);
  for (const jitter of JITTERS) {
    const diagonal = noise + jitter * amplitude;
    if (core.factor(weights, amplitude, diagonal, count, false) !== -1) continue;
    const alpha = new Float64Array(count);
    core.solve(targets, alpha);
    core.invertFactor();
    // (K + δI)α = y, so Kα = y − δα.
    return { means: targets.map((target, index) => target - diagonal * (alpha[index] as number)), jitter };
  }
  return undefined;
}

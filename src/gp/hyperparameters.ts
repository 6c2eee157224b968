/**
 * The hyperparameters of a Matérn-5/2 process on the unit cube, as the vector [ln ℓ_1 … ln ℓ_D, ln σ², ln σ_n²]: one length
 * scale for each coordinate, the amplitude, and the variance of the noise, for targets of mean 0 and variance 1. Each has a
 * normal prior on its logarithm.
 */

export interface NormalPrior {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * Length scales grow with the dimension D, since distances do: LogNormal(√2 + ½ ln D, √3), whose density over ℓ peaks at
 * ln ℓ = √2 + ½ ln D − 3. Hvarfner, Hellsten, Nardi, "Vanilla Bayesian optimization performs great in high dimensions", ICML
 * 2024, section 4.
 */
function lengthScalePrior(dimensions: number): NormalPrior {
  return { mean: Math.SQRT2 + Math.log(dimensions) / 2 - 3, deviation: Math.sqrt(3) };
}

/** Targets have variance 1; what lies far from the data may vary more. */
const AMPLITUDE_PRIOR: NormalPrior = { mean: 0, deviation: 1 };

/** Little noise, or much: trainings repeat to a few percent of their spread, deterministic objectives exactly. */
const NOISE_PRIOR: NormalPrior = { mean: Math.log(1e-3), deviation: 2 };

const LENGTH_SCALE_BOUNDS = [Math.log(0.005), Math.log(100)] as const;
const AMPLITUDE_BOUNDS = [Math.log(0.01), Math.log(100)] as const;
const NOISE_BOUNDS = [Math.log(1e-8), Math.log(1)] as const;

/** Priors and bounds of the whole vector. */
export interface HyperparameterSpace {
  readonly priors: readonly NormalPrior[];
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Where the prior peaks: the start of a first fit. */
  readonly mode: Float64Array;
}

/** @param dimensions D, at least 1 */
export function hyperparameterSpace(dimensions: number): HyperparameterSpace {
  const scale = lengthScalePrior(dimensions);
  const priors = [...Array.from({ length: dimensions }, () => scale), AMPLITUDE_PRIOR, NOISE_PRIOR];
  const bounds = [...Array.from({ length: dimensions }, () => LENGTH_SCALE_BOUNDS), AMPLITUDE_BOUNDS, NOISE_BOUNDS];
  return {
    priors,
    lower: Float64Array.from(bounds, ([low]) => low),
    upper: Float64Array.from(bounds, ([, high]) => high),
    mode: Float64Array.from(priors, ({ mean }) => mean),
  };
}

import { quantile } from "simple-statistics";

/** Losses as a process takes them: of mean 0 and variance 1. */
export interface Targets {
  readonly values: Float64Array;
  /** The loss that a target stands for. */
  readonly toLoss: (target: number) => number;
}

/** Losses beyond the upper quartile by more than so many interquartile ranges are outliers. Tukey 1977: "far out". */
const FAR_OUT = 3;

/**
 * Cuts bad outliers off, subtracts the mean and divides by the standard deviation: a diverged training of 1e18 must not make
 * all others look the same. Losses that are all equal become 0.
 *
 * @param losses to be minimised; finite, at least one
 */
export function standardize(losses: readonly number[]): Targets {
  // A sum of huge losses overflows.
  const scale = Math.max(...losses.map(Math.abs)) || 1;
  const scaled = cutOutliers(losses.map((loss) => loss / scale));
  const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length;
  const variance = scaled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / scaled.length;
  const deviation = Math.sqrt(variance) || 1;
  return {
    values: Float64Array.from(scaled, (value) => (value - mean) / deviation),
    toLoss: (target) => (target * deviation + mean) * scale,
  };
}

function cutOutliers(losses: readonly number[]): readonly number[] {
  const [lower, upper] = [quantile([...losses], 0.25), quantile([...losses], 0.75)];
  const fence = upper + FAR_OUT * (upper - lower);
  return upper > lower ? losses.map((loss) => Math.min(loss, fence)) : losses;
}

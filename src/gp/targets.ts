/** Losses as a process takes them: of mean 0 and variance 1. */
export interface Targets {
  readonly values: Float64Array;
  /** The loss that a target stands for. */
  readonly toLoss: (target: number) => number;
}

/**
 * Subtracts the mean and divides by the standard deviation. Losses that are all equal become 0.
 *
 * @param losses finite, at least one
 */
export function standardize(losses: readonly number[]): Targets {
  // Means of halves of scaled values: a sum of huge losses overflows.
  const scale = Math.max(...losses.map(Math.abs)) || 1;
  const scaled = losses.map((loss) => loss / scale);
  const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length;
  const variance = scaled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / scaled.length;
  const deviation = Math.sqrt(variance) || 1;
  return {
    values: Float64Array.from(scaled, (value) => (value - mean) / deviation),
    toLoss: (target) => (target * deviation + mean) * scale,
  };
}

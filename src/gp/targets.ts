import { medianSorted } from "simple-statistics";
import { normalQuantile } from "../numerics/normal.ts";

/** Losses as a process takes them: of mean 0 and variance 1. */
export interface Targets {
  readonly values: Float64Array;
  /** The loss that a target stands for. */
  readonly toLoss: (target: number) => number;
}

/**
 * Half-rank transform, then mean 0 and variance 1. Losses up to the median keep their distances; those above it keep only their
 * ranks, as quantiles of the normal law that the better half implies. A training that diverged to 1e18 must not make all
 * others look the same, and how bad the bad ones are says little about where the best one is. Song et al., "The Vizier
 * Gaussian process bandit algorithm", arXiv 2408.11527; OSS Vizier's half-rank warping of outputs.
 *
 * @param losses to be minimised; finite, at least one. Losses that are all equal become 0
 */
export function makeTargets(losses: readonly number[]): Targets {
  // A sum of huge losses overflows.
  const scale = Math.max(...losses.map(Math.abs)) || 1;
  const unit = unitOf(losses.map((loss) => loss / scale));
  const scaled = losses.map((loss) => loss / scale / unit);
  const sorted = Float64Array.from(scaled).sort();
  const median = medianSorted([...sorted]);
  const warped = halfRanks(sorted, median);
  const valueOf = new Map([...sorted].map((loss, index) => [loss, warped[index] as number]));
  const mean = warped.reduce((sum, value) => sum + value, 0) / warped.length;
  const variance = warped.reduce((sum, value) => sum + (value - mean) ** 2, 0) / warped.length;
  const deviation = Math.sqrt(variance) || 1;
  return {
    values: Float64Array.from(scaled, (loss) => ((valueOf.get(loss) as number) - mean) / deviation),
    toLoss: (target) => scale * (unit * unwarp(target * deviation + mean, sorted, warped, median)),
  };
}

/**
 * About how far the better half reaches: beside a loss that diverged, squares of such distances are too small for a float. A
 * power of two, which rounds nothing.
 */
function unitOf(scaled: readonly number[]): number {
  const sorted = scaled.toSorted((a, b) => a - b);
  const reach = medianSorted(sorted) - (sorted[0] as number);
  return reach > 0 ? 2 ** Math.max(Math.floor(Math.log2(reach)), -1000) : 1;
}

/** For each of the sorted losses what stands for it; equal ones share the middle of their ranks. */
function halfRanks(sorted: Float64Array, median: number): Float64Array {
  const count = sorted.length;
  const good = sorted.filter((loss) => loss <= median);
  const spread = Math.sqrt(good.reduce((sum, loss) => sum + (loss - median) ** 2, 0) / good.length) || 1;
  return sorted.map((loss) => {
    if (loss <= median) return loss;
    const rank = (sorted.indexOf(loss) + sorted.lastIndexOf(loss)) / 2;
    return median + spread * normalQuantile((rank + 0.5) / count);
  });
}

/** Linear between the losses above the median, and constant beyond the worst. */
function unwarp(value: number, sorted: Float64Array, warped: Float64Array, median: number): number {
  if (!(value > median)) return value;
  const next = warped.findIndex((each) => each >= value);
  if (next === -1) return sorted.at(-1) as number;
  const below = next > 0 ? Math.max(warped[next - 1] as number, median) : median;
  const from = next > 0 ? Math.max(sorted[next - 1] as number, median) : median;
  const share = (value - below) / ((warped[next] as number) - below);
  return from + share * ((sorted[next] as number) - from);
}

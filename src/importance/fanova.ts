import { createRng } from "../numerics/rng.ts";
import { Marginals } from "./marginals.ts";
import { TreeGrower, type Sample } from "./tree.ts";

export interface ForestOptions {
  /** @default 64 */
  readonly trees?: number;
  /** The same seed gives the same result; any text. @default "importance" */
  readonly seed?: string;
}

/**
 * Functional analysis of variance on a random forest: which part of what the forest foretells each axis explains alone, over
 * the whole cube. Hutter, Hoos, Leyton-Brown, ICML 2014; as there, the mean over trees that are each grown on as many points
 * as the sample has, drawn with replacement (Breiman, "Random forests", 2001), with every axis a candidate at every node.
 *
 * @param sample at least one axis and one point; values are finite, of any size
 * @returns for each axis its part of the variance, 0 … 1. They sum to at most 1 (but for rounding): what is left belongs to
 * interactions. All 0 where the values are all equal
 */
export function mainEffects(sample: Sample, { trees = 64, seed = "importance" }: ForestOptions = {}): Float64Array {
  const { axes, values } = sample;
  const count = values.length;
  const grower = new TreeGrower({ ...sample, values: standardise(values) });
  const marginals = new Marginals(axes);
  const effects = new Float64Array(axes.length);
  let varied = 0;
  for (let tree = 0; tree < trees; tree++) {
    const rng = createRng(seed, tree, "forest");
    const weights = new Float64Array(count);
    for (let k = 0; k < count; k++) {
      const row = Math.floor(rng.uniform() * count);
      weights[row] = (weights[row] as number) + 1;
    }
    const leaves = grower.grow(weights, rng);
    // A draw of equal values says nothing of what makes them differ.
    if (leaves.length === 1) continue;
    varied++;
    for (const [axis, part] of marginals.explained(leaves).entries()) effects[axis] = (effects[axis] as number) + part;
  }
  return effects.map((sum) => (varied === 0 ? 0 : sum / varied));
}

/** Mean 0 and variance 1. Squares of huge values overflow, and those of tiny ones vanish: they are scaled first. */
function standardise(values: Float64Array): Float64Array {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const scaled = values.map((value) => value / largest);
  const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length;
  const deviation = Math.sqrt(scaled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / scaled.length) || 1;
  return scaled.map((value) => (value - mean) / deviation);
}

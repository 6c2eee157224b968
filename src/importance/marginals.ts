import { intersect, measure, requirementsOf, type Axis, type Part } from "./axis.ts";
import type { Leaf } from "./tree.ts";

/**
 * How much of a tree's variance each axis explains alone. Hutter, Hoos, Leyton-Brown, "An efficient approach for assessing
 * hyperparameter importance", ICML 2014: a tree is constant on boxes, so its mean with one coordinate held fixed, the marginal
 * prediction, is a sum over leaves, exactly, and its variance is the axis's component of the functional analysis of variance.
 *
 * Their cube is a product. A space with conditions is not; but it is the image of one, the latent cube, in which every
 * parameter has its coordinate always and those that do not count change nothing. With A for "axis j counts", which other
 * coordinates decide,
 *
 *     V_j = P(A) · Var( E[f | u_j, A] ).
 *
 * Without conditions P(A) = 1, and V_j is the usual main effect. With them, it is the main effect of j and its interaction
 * with what decides whether it counts: the components of the decomposition that vanish when j is fixed where it counts. That
 * a child is there at all is its parents' doing, and in their share. No component is in two shares: their sum is at most 1.
 */
export class Marginals {
  readonly #axes: readonly Axis[];
  /** For each axis and each other one: what is left of the other where the axis counts; undefined for all of it. */
  readonly #within: readonly (readonly (Part | undefined)[])[];
  /** How often each axis counts. */
  readonly #chances: readonly number[];

  constructor(axes: readonly Axis[]) {
    this.#axes = axes;
    const requirements = requirementsOf(axes);
    this.#within = requirements.map((list) => axes.map((_, other) => list.find(({ axis }) => axis === other)?.allowed));
    this.#chances = requirements.map((list) => list.reduce((chance, { allowed }) => chance * measure(allowed), 1));
  }

  /**
   * @param grown leaves that fill the cube and do not overlap
   * @returns for each axis its part of the variance, 0 … 1; all 0 for a tree without variance
   */
  explained(grown: readonly Leaf[]): Float64Array {
    // Values that differ by little more than they are rounded by: only their differences are exact.
    const origin = grown[0]?.value ?? 0;
    const leaves = grown.map(({ box, value }) => ({ box, value: value - origin }));
    const sizes = leaves.map(({ box }) => Float64Array.from(box, measure));
    const volumes = sizes.map((size) => size.reduce((product, each) => product * each, 1));
    const total = varianceOf(
      volumes,
      leaves.map(({ value }) => value),
    );
    if (total === 0) return new Float64Array(this.#axes.length);
    return Float64Array.from(this.#axes, (axis, index) => {
      const chance = this.#chances[index] as number;
      if (chance === 0) return 0;
      const weights = this.#weights(index, leaves, sizes, volumes);
      const variance =
        axis.kind === "line" ? overLine(index, leaves, weights) : overChoice(index, axis.count, leaves, weights);
      return Math.min((chance * variance) / total, 1);
    });
  }

  /** For each leaf the chance to be in it, where axis `index` counts and has a value in it. */
  #weights(
    index: number,
    leaves: readonly Leaf[],
    sizes: readonly Float64Array[],
    volumes: readonly number[],
  ): Float64Array {
    const within = this.#within[index] as readonly (Part | undefined)[];
    const conditional = within.some((part) => part !== undefined);
    return Float64Array.from(leaves, ({ box }, leaf) => {
      const size = sizes[leaf] as Float64Array;
      const own = size[index] as number;
      // No value lies between floats that are neighbours.
      if (own === 0) return 0;
      if (!conditional) return (volumes[leaf] as number) / own;
      let product = 1;
      for (let other = 0; other < size.length && product > 0; other++) {
        if (other === index) continue;
        const allowed = within[other];
        product *=
          allowed === undefined
            ? (size[other] as number)
            : measure(intersect(box[other] as Part, allowed)) / measure(allowed);
      }
      return product;
    });
  }
}

/** The variance of a marginal that is constant between the leaves' edges. */
function overLine(axis: number, leaves: readonly Leaf[], weights: Float64Array): number {
  const lows = Float64Array.from(leaves, ({ box }) => box[axis]?.[0] as number);
  const highs = Float64Array.from(leaves, ({ box }) => box[axis]?.[1] as number);
  // Leaves fill the line: where one begins, another ends, but at 0.
  const sorted = highs.toSorted();
  const edges = sorted.filter((edge, index) => edge > 0 && edge !== sorted[index - 1]);
  if (edges.length === 1) return 0;
  // What the marginal gains and loses at the end of each interval.
  const steps = new Float64Array(edges.length + 1);
  for (let leaf = 0; leaf < leaves.length; leaf++) {
    const [low, high] = [lows[leaf] as number, highs[leaf] as number];
    // A leaf as wide as the line lifts all of the marginal.
    if ((low === 0 && high === 1) || low === high) continue;
    const part = (weights[leaf] as number) * (leaves[leaf] as Leaf).value;
    const from = low === 0 ? 0 : find(edges, low) + 1;
    const to = find(edges, high) + 1;
    steps[from] = (steps[from] as number) + part;
    steps[to] = (steps[to] as number) - part;
  }
  let height = 0;
  return varianceOf(
    edges.map((edge, index) => edge - (edges[index - 1] ?? 0)),
    edges.map((_, index) => (height += steps[index] as number)),
  );
}

/** Where an edge stands among ascending ones that it is one of. */
function find(edges: Float64Array, edge: number): number {
  let [low, high] = [0, edges.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] as number) < edge) low = middle + 1;
    else high = middle;
  }
  return low;
}

function overChoice(axis: number, count: number, leaves: readonly Leaf[], weights: Float64Array): number {
  const heights = new Float64Array(count);
  for (const [leaf, { box, value }] of leaves.entries()) {
    const part = (weights[leaf] as number) * value;
    const own = box[axis] as Uint8Array;
    for (let index = 0; index < count; index++)
      if (own[index] === 1) heights[index] = (heights[index] as number) + part;
  }
  return varianceOf(
    Array.from(heights, () => 1 / count),
    [...heights],
  );
}

/** @param masses sum to 1 */
function varianceOf(masses: ArrayLike<number>, values: ArrayLike<number>): number {
  let mean = 0;
  for (let k = 0; k < masses.length; k++) mean += (masses[k] as number) * (values[k] as number);
  let variance = 0;
  for (let k = 0; k < masses.length; k++) variance += (masses[k] as number) * ((values[k] as number) - mean) ** 2;
  return variance;
}

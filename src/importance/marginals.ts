import { intersect, measure, requirementsOf, type Axis, type Part } from "./axis.ts";
import type { Leaf } from "./tree.ts";

/**
 * How much of a tree's variance each axis explains alone. Hutter, Hoos, Leyton-Brown, "An efficient approach for assessing
 * hyperparameter importance", ICML 2014: a tree is constant on boxes, so its mean with one coordinate held fixed (its
 * marginal, equation 4 and algorithm 1) is a sum over leaves, exactly, and so is the variance of that (equations 7 and 8).
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
   * @param leaves fill the cube and do not overlap
   * @returns for each axis its part of the variance, 0 … 1; all 0 for a tree without variance
   */
  explained(leaves: readonly Leaf[]): Float64Array {
    const sizes = leaves.map(({ box }) => Float64Array.from(box, measure));
    const volumes = sizes.map((size) => size.reduce((product, each) => product * each, 1));
    const total = varianceOf(
      volumes,
      leaves.map(({ value }) => value),
    );
    return Float64Array.from(this.#axes, (axis, index) => {
      const chance = this.#chances[index] as number;
      if (total === 0 || chance === 0) return 0;
      const weights = leaves.map(({ box }, leaf) => this.#weight(index, box, sizes[leaf] as Float64Array));
      const variance =
        axis.kind === "line" ? overLine(index, leaves, weights) : overChoice(index, axis.count, leaves, weights);
      return Math.min((chance * variance) / total, 1);
    });
  }

  /** The chance to be in a leaf where axis `index` counts and has a value in it. */
  #weight(index: number, box: readonly Part[], size: Float64Array): number {
    const within = this.#within[index] as readonly (Part | undefined)[];
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
  }
}

/** The variance of a marginal that is constant between the leaves' edges. */
function overLine(axis: number, leaves: readonly Leaf[], weights: readonly number[]): number {
  const places = new Set([0, 1]);
  for (const [leaf, { box }] of leaves.entries())
    if ((weights[leaf] as number) > 0) for (const edge of box[axis] as Float64Array) places.add(edge);
  if (places.size === 2) return 0;
  const edges = Float64Array.from(places).sort();
  const at = new Map(Array.from(edges, (edge, index) => [edge, index]));
  const steps = new Float64Array(edges.length);
  for (const [leaf, { box, value }] of leaves.entries()) {
    const [low, high] = box[axis] as Float64Array;
    const part = (weights[leaf] as number) * value;
    if (part === 0) continue;
    steps[at.get(low as number) as number] = (steps[at.get(low as number) as number] as number) + part;
    steps[at.get(high as number) as number] = (steps[at.get(high as number) as number] as number) - part;
  }
  const widths = Array.from(edges.subarray(1), (edge, index) => edge - (edges[index] as number));
  let height = 0;
  return varianceOf(
    widths,
    widths.map((_, index) => (height += steps[index] as number)),
  );
}

function overChoice(axis: number, count: number, leaves: readonly Leaf[], weights: readonly number[]): number {
  const heights = new Float64Array(count);
  for (const [leaf, { box, value }] of leaves.entries()) {
    const part = (weights[leaf] as number) * value;
    for (const [index, belongs] of (box[axis] as Uint8Array).entries())
      heights[index] = (heights[index] as number) + belongs * part;
  }
  return varianceOf(
    Array.from(heights, () => 1 / count),
    [...heights],
  );
}

/** @param masses sum to 1 */
function varianceOf(masses: readonly number[], values: readonly number[]): number {
  const mean = masses.reduce((sum, mass, index) => sum + mass * (values[index] as number), 0);
  return masses.reduce((sum, mass, index) => sum + mass * ((values[index] as number) - mean) ** 2, 0);
}

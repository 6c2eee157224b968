import { normalCdf } from "../numerics/normal.ts";

/** One coordinate of the points of a mixture. */
export type Axis =
  /** A position in [0, 1]. */
  | { readonly kind: "line" }
  /** The index of a value with neighbours: each owns the interval between two of count + 1 ascending edges in [0, 1]. */
  | { readonly kind: "cells"; readonly edges: Float64Array; readonly centres: Float64Array }
  /** The index of a value without any order. */
  | { readonly kind: "choice"; readonly count: number };

/** How many values an axis has; Infinity on a line. */
export function countOf(axis: Axis): number {
  return axis.kind === "line" ? Infinity : axis.kind === "cells" ? axis.centres.length : axis.count;
}

/** How likely each value is where nothing is known: equally in the unit cube. */
export function priorMasses(axis: Exclude<Axis, { readonly kind: "line" }>): Float64Array {
  if (axis.kind === "choice") return new Float64Array(axis.count).fill(1 / axis.count);
  return Float64Array.from(axis.centres, (_, k) => (axis.edges[k + 1] as number) - (axis.edges[k] as number));
}

/** Φ(high) − Φ(low), to full precision in both tails. */
export function massBetween(low: number, high: number): number {
  return low > 0 ? normalCdf(-low) - normalCdf(-high) : normalCdf(high) - normalCdf(low);
}

/**
 * The masses that kernels put on values, row-major: row k is the kernel around value k, and its masses sum to 1. On cells it
 * is a normal law, cut off at 0 and 1; among choices `others` is the mass of any other one, in multiples of the own one's.
 *
 * @param bandwidth standard deviation of the normal law, above 0
 */
export function kernelMasses(
  axis: Exclude<Axis, { readonly kind: "line" }>,
  { bandwidth, others }: { readonly bandwidth: number; readonly others: number },
): Float64Array {
  const count = countOf(axis);
  const masses = new Float64Array(count * count);
  for (let own = 0; own < count; own++)
    for (let k = 0; k < count; k++)
      masses[own * count + k] =
        axis.kind === "choice"
          ? (k === own ? 1 : others) / (1 + (count - 1) * others)
          : cellMass(axis, own, k, bandwidth);
  return masses;
}

function cellMass(
  { edges, centres }: Extract<Axis, { readonly kind: "cells" }>,
  own: number,
  k: number,
  bandwidth: number,
): number {
  const centre = centres[own] as number;
  const at = (position: number): number => (position - centre) / bandwidth;
  return massBetween(at(edges[k] as number), at(edges[k + 1] as number)) / massBetween(at(0), at(1));
}

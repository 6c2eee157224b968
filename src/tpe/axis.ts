import { normalCdf } from "../numerics/normal.ts";

/** One coordinate of the points of a mixture. */
export type Axis =
  /** A position in [0, 1]. */
  | { readonly kind: "line" }
  /** The index of a value with neighbours: each owns the interval between two of count + 1 ascending edges in [0, 1]. */
  | { readonly kind: "cells"; readonly edges: Float64Array; readonly centres: Float64Array }
  /** The index of a value without any order. */
  | { readonly kind: "choice"; readonly count: number };

/** How likely each cell is where nothing is known: as its share of the line. */
export function cellShares({ edges, centres }: Cells): Float64Array {
  return Float64Array.from(centres, (_, k) => (edges[k + 1] as number) - (edges[k] as number));
}

/** Φ(high) − Φ(low), to full precision in both tails. */
export function massBetween(low: number, high: number): number {
  return low > 0 ? normalCdf(-low) - normalCdf(-high) : normalCdf(high) - normalCdf(low);
}

/** The axes of few values in order. */
export type Cells = Extract<Axis, { readonly kind: "cells" }>;

/**
 * The masses that kernels put on cells, row-major: row k is the kernel around value k, a normal law that is cut off at 0 and 1, and
 * its masses sum to 1.
 *
 * @param bandwidth standard deviation of the normal law, above 0
 */
export function cellMasses({ edges, centres }: Cells, bandwidth: number): Float64Array {
  const count = centres.length;
  const masses = new Float64Array(count * count);
  for (let own = 0; own < count; own++) {
    const at = (position: number): number => (position - (centres[own] as number)) / bandwidth;
    const whole = massBetween(at(0), at(1));
    for (let k = 0; k < count; k++)
      masses[own * count + k] = massBetween(at(edges[k] as number), at(edges[k + 1] as number)) / whole;
  }
  return masses;
}

/** What the kernel around a choice puts on it, and on each other one: in all 1. @param others the second, in multiples of the first */
export function choiceMasses(count: number, others: number): { readonly own: number; readonly other: number } {
  const own = 1 / (1 + (count - 1) * others);
  return { own, other: others * own };
}

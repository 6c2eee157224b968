/** One coordinate of the latent cube that `fanova.ts` decomposes. Every coordinate is uniform there, and independent of the others. */
export type Axis = { readonly conditions: readonly Condition[] } & (
  | { /** A position in [0, 1]. */ readonly kind: "line" }
  | { /** A value without any order, by its index 0 … count − 1. */ readonly kind: "choice"; readonly count: number }
);

/** A coordinate counts only where its parent counts and lies in `allowed`. */
export interface Condition {
  /** Index of another axis; no condition leads back to itself. */
  readonly parent: number;
  readonly allowed: Part;
}

/**
 * A part of an axis. Of a line: ascending intervals that do not touch, as low, high, low, high, …; of a choice: 1 for each
 * index that belongs to it, else 0.
 */
export type Part = Line | Uint8Array;
type Line = readonly number[];

/** Places on a line that are nearer than this are the same: what is computed in two ways rounds differently. */
const SAME = 1e-14;

export function wholeOf(axis: Axis): Part {
  return axis.kind === "line" ? [0, 1] : new Uint8Array(axis.count).fill(1);
}

/** How much of its axis a part takes, 0 … 1. */
export function measure(part: Part): number {
  let sum = 0;
  if (part instanceof Uint8Array) {
    for (const belongs of part) sum += belongs;
    return part.length === 0 ? 0 : sum / part.length;
  }
  for (let k = 0; k < part.length; k += 2) sum += (part[k + 1] as number) - (part[k] as number);
  return sum;
}

/** What two parts of the same axis have in common. */
export function intersect(a: Part, b: Part): Part {
  if (a instanceof Uint8Array) return a.map((belongs, index) => belongs & (b[index] as number));
  const common: number[] = [];
  for (let i = 0; i < a.length; i += 2)
    for (let j = 0; j < b.length; j += 2) {
      const low = Math.max(a[i] as number, b[j] as number);
      const high = Math.min(a[i + 1] as number, b[j + 1] as number);
      if (low < high) common.push(low, high);
    }
  return common;
}

/** Joins intervals in any order to a part of a line; those that touch become one. */
export function joinIntervals(intervals: readonly (readonly [number, number])[]): Line {
  const joined: number[] = [];
  for (const [low, high] of intervals.toSorted(([a], [b]) => a - b)) {
    const end = joined.at(-1);
    if (end !== undefined && low <= end + SAME) joined[joined.length - 1] = Math.max(end, high);
    else joined.push(low, high);
  }
  return joined;
}

/** Whether all of `part` is allowed. */
export function isInside(part: Part, allowed: Part): boolean {
  if (part instanceof Uint8Array) return part.every((belongs, index) => belongs <= (allowed[index] as number));
  return edgeWithin(part, allowed as Line) === undefined && overlaps(part, allowed);
}

/**
 * Where to cut an interval, as a step towards parts that are all allowed or not at all.
 *
 * @returns undefined where it is such a part, or what is allowed in it is too narrow for floats
 */
export function edgeWithin(interval: Line, allowed: Line): number | undefined {
  return allowed.find((edge) => isBetween(edge, interval));
}

function isBetween(edge: number, interval: Line): boolean {
  return edge > (interval[0] as number) + SAME && edge < (interval[1] as number) - SAME;
}

function overlaps(interval: Line, allowed: Part): boolean {
  const middle = ((interval[0] as number) + (interval[1] as number)) / 2;
  for (let k = 0; k < allowed.length; k += 2)
    if (middle >= (allowed[k] as number) - SAME && middle <= (allowed[k + 1] as number) + SAME) return true;
  return false;
}

/** A part that a coordinate's ancestor must lie in for the coordinate to count. */
export interface Requirement {
  readonly axis: number;
  readonly allowed: Part;
}

/** All that must hold for each axis to count, its parents' conditions included: ancestors first, each axis once. */
export function requirementsOf(axes: readonly Axis[]): readonly (readonly Requirement[])[] {
  const known = new Map<number, readonly Requirement[]>();
  const of = (index: number): readonly Requirement[] => {
    let found = known.get(index);
    if (found === undefined) {
      const merged = new Map<number, Part>();
      for (const { parent, allowed } of (axes[index] as Axis).conditions)
        for (const requirement of [...of(parent), { axis: parent, allowed }]) {
          const earlier = merged.get(requirement.axis);
          merged.set(
            requirement.axis,
            earlier === undefined ? requirement.allowed : intersect(earlier, requirement.allowed),
          );
        }
      found = [...merged].map(([axis, allowed]) => ({ axis, allowed }));
      known.set(index, found);
    }
    return found;
  };
  return axes.map((_, index) => of(index));
}

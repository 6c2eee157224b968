import type { Rng } from "../numerics/rng.ts";
import { edgeWithin, isInside, requirementsOf, wholeOf, type Axis, type Part, type Requirement } from "./axis.ts";
import { cutChoice, cutLine } from "./split.ts";

/** Evaluated points of the cube. */
export interface Sample {
  readonly axes: readonly Axis[];
  /** For each axis one number a point: a position, or the index of a choice; NaN exactly where the axis does not count. */
  readonly columns: readonly Float64Array[];
  /** What was seen at each point. */
  readonly values: Float64Array;
}

/** A box of the cube, and what the tree foretells there. */
export interface Leaf {
  /** For each axis the part that the box takes of it: of a line one interval. */
  readonly box: readonly Part[];
  readonly value: number;
}

/** Deeper than this no node is split. */
const MOST_DEPTH = 64;
/** Gains that differ by less, relative to the node's squared error, are the same. */
const SAME_GAIN = 1e-12;

interface Node {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly box: readonly Part[];
}

/** A node's cut in two: rows for which `goesLeft`, and the boxes of both sides. */
interface Split {
  readonly column: Float64Array;
  readonly goesLeft: (value: number) => boolean;
  readonly left: readonly Part[];
  readonly right: readonly Part[];
}

/**
 * Grows regression trees on draws of one sample, each until its leaves hold equal values (CART: Breiman et al. 1984).
 *
 * An axis that does not count everywhere is cut only in boxes where it counts for certain, so that no tree says anything of it
 * where it means nothing. In a larger box a good cut of it calls for its parent first: the box is cut where the axis begins to
 * count, however little that alone would gain.
 */
export class TreeGrower {
  readonly #sample: Sample;
  readonly #requirements: readonly (readonly Requirement[])[];
  /** For each axis all rows in its order. */
  readonly #orders: readonly Int32Array[];

  constructor(sample: Sample) {
    this.#sample = sample;
    this.#requirements = requirementsOf(sample.axes);
    this.#orders = sample.columns.map((column) => {
      const place = (row: number): number => (Number.isNaN(column[row]) ? Infinity : (column[row] as number));
      return Int32Array.from(column.keys()).sort((a, b) => (place(a) === place(b) ? a - b : place(a) - place(b)));
    });
  }

  /**
   * @param weights how often each point was drawn
   * @param rng decides between axes whose best cuts gain the same
   * @returns leaves that fill the cube and do not overlap
   */
  grow(weights: Float64Array, rng: Rng): readonly Leaf[] {
    const { axes, values } = this.#sample;
    const orders = this.#orders.map((order) => order.filter((row) => (weights[row] as number) > 0));
    const first = orders[0] as Int32Array;
    const spare = new Int32Array(first.length);
    const leaves: Leaf[] = [];
    const open: Node[] = [{ start: 0, end: first.length, depth: 0, box: axes.map(wholeOf) }];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      const { start, end, depth, box } = node;
      const summary = summarise(first.subarray(start, end), weights, values);
      const { mean, error } = summary;
      const split = error === 0 || depth === MOST_DEPTH ? undefined : this.#split(node, orders, weights, summary, rng);
      if (split === undefined) {
        leaves.push({ box, value: mean });
        continue;
      }
      let middle = start;
      for (const order of orders) middle = partition(order, node, split, spare);
      // Where no point was drawn, nothing better is known than what holds for the whole box.
      if (middle === start) leaves.push({ box: split.left, value: mean });
      else open.push({ start, end: middle, depth: depth + 1, box: split.left });
      if (middle === end) leaves.push({ box: split.right, value: mean });
      else open.push({ start: middle, end, depth: depth + 1, box: split.right });
    }
    return leaves;
  }

  #split(
    { start, end, box }: Node,
    orders: readonly Int32Array[],
    weights: Float64Array,
    { weight, mean, error }: Summary,
    rng: Rng,
  ): Split | undefined {
    const { axes, columns, values } = this.#sample;
    let chosen: { readonly axis: number; readonly at: number } | undefined;
    const same = SAME_GAIN * error;
    let [best, ties] = [-Infinity, 0];
    for (const [axis, { kind }] of axes.entries()) {
      const rows = { order: orders[axis] as Int32Array, start, end, weights, values, weight, mean, same };
      const column = columns[axis] as Float64Array;
      const cut = kind === "line" ? cutLine(column, rows) : cutChoice(column, rows);
      if (cut === undefined || cut.gain < best - same) continue;
      const better = cut.gain > best + same;
      ties = better ? 1 : ties + 1;
      best = Math.max(best, cut.gain);
      // Each of the best so far is as likely as the others, whatever their order.
      if (better || rng.uniform() * ties < 1) chosen = { axis, at: cut.at };
    }
    if (chosen === undefined) return undefined;

    const { axis, at } = chosen;
    const open = this.#requirements[axis]?.find((each) => !isInside(box[each.axis] as Part, each.allowed));
    return (open === undefined ? undefined : this.#cutParent(box, open)) ?? this.#cut(box, axis, at);
  }

  #cut(box: readonly Part[], axis: number, at: number): Split {
    const part = box[axis] as Part;
    const column = this.#sample.columns[axis] as Float64Array;
    if (!(part instanceof Uint8Array))
      return {
        column,
        goesLeft: (value) => value <= at,
        left: box.with(axis, [part[0] as number, at]),
        right: box.with(axis, [at, part[1] as number]),
      };
    return {
      column,
      goesLeft: (value) => value === at,
      left: box.with(
        axis,
        part.map((_, index) => (index === at ? 1 : 0)),
      ),
      right: box.with(
        axis,
        part.map((belongs, index) => (index === at ? 0 : belongs)),
      ),
    };
  }

  /** Cuts where the condition of a child begins or ends to hold. */
  #cutParent(box: readonly Part[], { axis, allowed }: Requirement): Split | undefined {
    const part = box[axis] as Part;
    if (!(part instanceof Uint8Array)) {
      const edge = edgeWithin(part, allowed as readonly number[]);
      return edge === undefined ? undefined : this.#cut(box, axis, edge);
    }
    return {
      column: this.#sample.columns[axis] as Float64Array,
      goesLeft: (value) => allowed[value] === 1,
      left: box.with(
        axis,
        part.map((belongs, index) => belongs & (allowed[index] as number)),
      ),
      right: box.with(
        axis,
        part.map((belongs, index) => (allowed[index] === 1 ? 0 : belongs)),
      ),
    };
  }
}

interface Summary {
  readonly weight: number;
  readonly mean: number;
  /** Weighted sum of squared errors: 0 where all values are equal. */
  readonly error: number;
}

function summarise(rows: Int32Array, weights: Float64Array, values: Float64Array): Summary {
  // Differences from one of them are 0 exactly where all are equal.
  const origin = values[rows[0] as number] as number;
  let [weight, sum, squares] = [0, 0, 0];
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k] as number;
    const drawn = weights[row] as number;
    const difference = (values[row] as number) - origin;
    weight += drawn;
    sum += drawn * difference;
    squares += drawn * difference ** 2;
  }
  const error = Math.max(squares - sum ** 2 / weight, 0);
  return { weight, mean: origin + sum / weight, error };
}

/** Moves what goes left before what goes right, each side in its order. @returns where the right side begins */
function partition(order: Int32Array, { start, end }: Node, { column, goesLeft }: Split, spare: Int32Array): number {
  let [left, right] = [start, 0];
  for (let k = start; k < end; k++) {
    const row = order[k] as number;
    if (goesLeft(column[row] as number)) order[left++] = row;
    else spare[right++] = row;
  }
  order.set(spare.subarray(0, right), left);
  return left;
}

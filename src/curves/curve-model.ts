import type { GridCurve } from "./grid-curve.ts";
import { Transition, type Prior, type TransitionSample } from "./transition.ts";

/** Where a curve is likely to end. */
export interface CurveEnd {
  readonly mean: number;
  /** One standard deviation; 0 where the end was seen. */
  readonly deviation: number;
}

/** Where a curve was likely to end by what it showed up to a step. */
export interface Stage {
  /** How far that step is on the way: 0 at the first one of the grid … 1 at the last, in the logarithm of steps. */
  readonly progress: number;
  readonly end: CurveEnd;
}

/** From one stage to the next a training at least about triples, as from rung to rung. */
const STAGES_APART = 2.9;
/** Fewer curves than this at a step say too little of how far they differ. */
const ENOUGH = 4;
/** By how much curves come closer from one step of the grid to the next, where too few were seen. */
const CLOSER = 0.8;
/** Where all losses are equal. */
const LEAST_SPREAD = 1e-100;

/**
 * Predicts where learning curves end, from how others went on. Curves are read at the steps of a grid. What happens between two of
 * them is learned from all curves that passed both, those that were stopped later included, and a prediction chains all stretches
 * that a curve has before it. So it needs no curve that was seen to its end, though it is unsure without.
 */
export class CurveModel {
  readonly #grid: readonly number[];
  readonly #prior: Prior;
  readonly #stageIndices: readonly number[];
  readonly #transitions: readonly Transition[];

  /**
   * @param grid ascending steps, the last one the whole training
   * @param prior of curves unlike those that went on. @default "informative"
   */
  constructor(curves: readonly GridCurve[], grid: readonly number[], prior: Prior = "informative") {
    this.#grid = grid;
    this.#prior = prior;
    this.#stageIndices = stageIndices(grid);
    const whole = Math.log((grid.at(-1) as number) / (grid[0] as number));
    const losses = grid.map((_, index) => sortedLosses(curves, index));
    const spreads = spreadsOf(losses);
    let best = losses.find(([each]) => each !== undefined)?.[0] ?? 0;
    // Where nobody came yet, the best is that of the step before.
    const bests = losses.map((sorted) => (best = sorted[0] ?? best));
    this.#transitions = grid.slice(1).map((to, index) => {
      const samples: TransitionSample[] = [];
      for (const { points } of curves) {
        const [start, end] = [points[index], points[index + 1]];
        if (start !== undefined && end !== undefined) samples.push({ from: start, to: end.loss });
      }
      const stretch = Math.log(to / (grid[index] as number));
      return new Transition(samples, bests[index] as number, spreads[index] as number, stretch, whole, prior);
    });
  }

  /**
   * What is predicted of a curve from its last step, and from some before it, by what is known now: the last one first. Those
   * before are the same steps for all curves.
   */
  stages(curve: GridCurve): readonly Stage[] {
    const { points, reached } = curve;
    const before = this.#stageIndices.flatMap((index) => {
      const [step, point] = [this.#grid[index] as number, points[index]];
      if (point === undefined || step * STAGES_APART > reached) return [];
      const part = { points: points.slice(0, index + 1), last: point, reached: step };
      return [{ progress: this.#progress(step), end: this.predict(part) }];
    });
    return [{ progress: this.#progress(reached), end: this.predict(curve) }, ...before.toReversed()];
  }

  #progress(step: number): number {
    const [first, last] = [this.#grid[0] as number, this.#grid.at(-1) as number];
    // A grid of one step has no way to it.
    return step >= last ? 1 : Math.max(Math.log(step / first) / Math.log(last / first), 0);
  }

  /** @param curve that has reached the grid's first step: nothing is known of what happens before it */
  predict({ points, last }: GridCurve): CurveEnd {
    const top = this.#grid.length - 1;
    if (points.length > top) return { mean: (points[top] ?? last).loss, deviation: 0 };
    let point = last;
    let deviation = 0;
    for (let index = Math.max(points.length - 1, 0); index < top; index++) {
      const { mean, deviation: added, gain } = (this.#transitions[index] as Transition).predict(point);
      const stretch = Math.log((this.#grid[index + 1] as number) / (this.#grid[index] as number));
      point = { loss: mean, slope: (mean - point.loss) / stretch };
      // A weak prior does not rely on it that curves come closer to each other.
      const kept = this.#prior === "weak" ? Math.max(gain, 1) : gain;
      deviation = Math.hypot(kept * deviation, added);
    }
    return { mean: point.loss, deviation };
  }
}

/** Steps of the grid from the first one on, far enough from each other. */
function stageIndices(grid: readonly number[]): readonly number[] {
  const indices: number[] = [];
  for (const [index, step] of grid.entries())
    if (step >= STAGES_APART * (grid[indices.at(-1) ?? -1] ?? 0)) indices.push(index);
  return indices;
}

function sortedLosses(curves: readonly GridCurve[], index: number): Float64Array {
  const losses: number[] = [];
  for (const { points } of curves) {
    const point = points[index];
    if (point !== undefined) losses.push(point.loss);
  }
  return Float64Array.from(losses).sort();
}

/**
 * About how far apart curves are, for each step: how far the better half of the losses reaches there, or later. Where many
 * stand still at first, only the later steps tell how far some will go.
 *
 * @param losses for each step those that were seen, ascending
 */
function spreadsOf(losses: readonly Float64Array[]): readonly number[] {
  const spreads: number[] = [];
  for (const sorted of losses) {
    const reach =
      sorted.length < 2 ? 0 : (sorted[Math.max(1, Math.ceil(sorted.length / 2) - 1)] as number) - (sorted[0] as number);
    spreads.push(sorted.length >= ENOUGH ? reach : Math.max(reach, CLOSER * (spreads.at(-1) ?? 0)));
  }
  for (let index = spreads.length - 2; index >= 0; index--)
    spreads[index] = Math.max(spreads[index] as number, spreads[index + 1] as number);
  // Where curves are equal, or there is but one, there is still how far they move.
  const whole =
    losses.reduce((most, sorted) => Math.max(most, sorted.at(-1) ?? most), -Infinity) -
    losses.reduce((least, sorted) => Math.min(least, sorted[0] ?? least), Infinity);
  const isSpread = (spread: number): boolean => spread > 0 && spread < Infinity;
  return spreads.map((spread) => [spread, whole].find(isSpread) ?? LEAST_SPREAD);
}

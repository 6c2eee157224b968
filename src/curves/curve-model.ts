import { Transition, type Attitude, type Passage } from "./transition.ts";
import type { Walk } from "./walk.ts";

/** Where a curve is likely to end. */
export interface CurveEnd {
  readonly mean: number;
  /** One standard deviation; 0 where the end was seen. */
  readonly deviation: number;
}

/** Where a curve was likely to end by what it showed up to a step. */
export interface Stage {
  /** How far that step is on the way: 0 at the first one of the ladder … 1 at the last, in the logarithm of steps. */
  readonly progress: number;
  readonly end: CurveEnd;
}

/** From one stage to the next a training at least about triples, as from rung to rung. */
const STAGES_APART = 2.9;
/** Fewer curves than this at a step say too little of how far they differ. */
const ENOUGH = 4;
/** By how much curves come closer from one step of the ladder to the next, where too few were seen. */
const CLOSER = 0.8;
/** Where all losses are equal. */
const LEAST_SPREAD = 1e-100;

/**
 * Where learning curves end, from how others went on. A training walks up a ladder of steps; what happens on each stretch is
 * learned from all curves that passed it, those that were stopped later included, and a prediction is the chain of all stretches
 * that a curve has before it. So it needs no curve that was seen to its end, though it is unsure without.
 */
export class CurveModel {
  readonly #ladder: readonly number[];
  readonly #attitude: Attitude;
  readonly #stageRungs: readonly number[];
  readonly #transitions: readonly Transition[];

  /**
   * @param ladder ascending steps, the last one the whole training
   * @param attitude how sure it is of curves unlike those that went on. @default "presuming"
   */
  constructor(walks: readonly Walk[], ladder: readonly number[], attitude: Attitude = "presuming") {
    this.#ladder = ladder;
    this.#attitude = attitude;
    this.#stageRungs = stageRungs(ladder);
    const whole = Math.log((ladder.at(-1) as number) / (ladder[0] as number));
    const losses = ladder.map((_, rung) => sortedLosses(walks, rung));
    const spreads = spreadsOf(losses);
    let best = losses.find(([each]) => each !== undefined)?.[0] ?? 0;
    // Where nobody came yet, the best is that of the step before.
    const bests = losses.map((sorted) => (best = sorted[0] ?? best));
    this.#transitions = ladder.slice(1).map((to, rung) => {
      const passages: Passage[] = [];
      for (const { standings } of walks) {
        const [start, end] = [standings[rung], standings[rung + 1]];
        if (start !== undefined && end !== undefined) passages.push({ from: start, to: end.loss });
      }
      const stretch = Math.log(to / (ladder[rung] as number));
      return new Transition(passages, bests[rung] as number, spreads[rung] as number, stretch, whole, attitude);
    });
  }

  /**
   * What is foretold of a curve at its last step, and was at some before it, by what is known now: the last one first. Those before
   * are the same steps for all curves.
   */
  stages(walk: Walk): readonly Stage[] {
    const { standings, reached } = walk;
    const before = this.#stageRungs.flatMap((rung) => {
      const [step, standing] = [this.#ladder[rung] as number, standings[rung]];
      if (standing === undefined || step * STAGES_APART > reached) return [];
      const part = { standings: standings.slice(0, rung + 1), last: standing, reached: step };
      return [{ progress: this.#progress(step), end: this.predict(part) }];
    });
    return [{ progress: this.#progress(reached), end: this.predict(walk) }, ...before.toReversed()];
  }

  #progress(step: number): number {
    const [first, last] = [this.#ladder[0] as number, this.#ladder.at(-1) as number];
    // A ladder of one step has no way to it.
    return step >= last ? 1 : Math.max(Math.log(step / first) / Math.log(last / first), 0);
  }

  predict({ standings, last }: Walk): CurveEnd {
    const top = this.#ladder.length - 1;
    if (standings.length > top) return { mean: (standings[top] ?? last).loss, deviation: 0 };
    let standing = last;
    let deviation = 0;
    for (let rung = Math.max(standings.length - 1, 0); rung < top; rung++) {
      const { mean, deviation: added, gain } = (this.#transitions[rung] as Transition).foretell(standing);
      const stretch = Math.log((this.#ladder[rung + 1] as number) / (this.#ladder[rung] as number));
      standing = { loss: mean, slope: (mean - standing.loss) / stretch };
      // Who is cautious does not count on it that curves come closer.
      const kept = this.#attitude === "cautious" ? Math.max(gain, 1) : gain;
      deviation = Math.hypot(kept * deviation, added);
    }
    return { mean: standing.loss, deviation };
  }
}

/** Steps of the ladder from the first one on, far enough from each other. */
function stageRungs(ladder: readonly number[]): readonly number[] {
  const rungs: number[] = [];
  for (const [rung, step] of ladder.entries())
    if (step >= STAGES_APART * (ladder[rungs.at(-1) ?? -1] ?? 0)) rungs.push(rung);
  return rungs;
}

function sortedLosses(walks: readonly Walk[], rung: number): Float64Array {
  const losses: number[] = [];
  for (const { standings } of walks) {
    const standing = standings[rung];
    if (standing !== undefined) losses.push(standing.loss);
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
  for (let rung = spreads.length - 2; rung >= 0; rung--)
    spreads[rung] = Math.max(spreads[rung] as number, spreads[rung + 1] as number);
  // Where curves are equal, or there is but one, there is still how far they move.
  const whole =
    losses.reduce((most, sorted) => Math.max(most, sorted.at(-1) ?? most), -Infinity) -
    losses.reduce((least, sorted) => Math.min(least, sorted[0] ?? least), Infinity);
  const isSpread = (spread: number): boolean => spread > 0 && spread < Infinity;
  return spreads.map((spread) => [spread, whole].find(isSpread) ?? LEAST_SPREAD);
}

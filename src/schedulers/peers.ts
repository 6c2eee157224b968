import { quantileSorted } from "simple-statistics";
import type { Outcome } from "../history/view.ts";
import type { DecideTask } from "./scheduler.ts";

/** Numbers that are kept over all steps, 32 MiB: beyond, the step that was asked for longest ago is computed anew. */
const MOST_KEPT = 2 ** 22;

/** Of a completed trial: the best value so far at each step where it told one, steps ascending. */
interface RunningBest {
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

interface AtStep {
  /** How many outcomes are counted in. */
  known: number;
  /** The best values that their trials had by the step, ascending. */
  readonly values: number[];
}

/**
 * The best values that completed trials had by each step. Outcomes of a study are only ever added, so what is known of a
 * step is extended by the new ones; and cut back for a decision that may know of fewer.
 */
export class Peers {
  readonly #study: DecideTask["study"];
  readonly #mostKept: number;
  #outcomes: Outcome[] = [];
  /** For each outcome; undefined for one that did not complete. */
  #curves: (RunningBest | undefined)[] = [];
  /** The step asked for last is the last. */
  #steps = new Map<number, AtStep>();
  #kept = 0;

  constructor(study: DecideTask["study"], mostKept: number = MOST_KEPT) {
    this.#study = study;
    this.#mostKept = mostKept;
  }

  /**
   * A quantile of the best values by `step`, linear between two of them.
   *
   * @param share 0 … 1
   * @returns undefined where fewer than `least` (at least 1) trials had a value by then, else also how many had
   */
  quantile(
    outcomes: readonly Outcome[],
    step: number,
    share: number,
    least: number,
  ): { readonly value: number; readonly of: number } | undefined {
    this.#follow(outcomes);
    const { values } = this.#at(step, outcomes.length);
    return values.length < least ? undefined : { value: quantileSorted(values, share), of: values.length };
  }

  #follow(outcomes: readonly Outcome[]): void {
    const shared = Math.min(outcomes.length, this.#outcomes.length);
    if (shared > 0 && outcomes[shared - 1] !== this.#outcomes[shared - 1]) {
      this.#outcomes = [];
      this.#curves = [];
      this.#steps = new Map();
      this.#kept = 0;
    }
    for (let index = this.#outcomes.length; index < outcomes.length; index++) {
      const outcome = outcomes[index] as Outcome;
      this.#outcomes.push(outcome);
      this.#curves.push(outcome.kind === "completed" ? runningBest(outcome, this.#study) : undefined);
    }
  }

  /** What the first `count` outcomes had by a step. */
  #at(step: number, count: number): AtStep {
    const at = this.#steps.get(step) ?? { known: 0, values: [] };
    if (this.#steps.delete(step)) this.#kept -= at.values.length + 1;
    const { values } = at;
    if (at.known === 0) {
      for (; at.known < count; at.known++) {
        const value = bestBy(this.#curves[at.known], step);
        if (value !== undefined) values.push(value);
      }
      values.sort((a, b) => a - b);
    }
    for (; at.known < count; at.known++) {
      const value = bestBy(this.#curves[at.known], step);
      if (value !== undefined) values.splice(firstAbove(values, value, false), 0, value);
    }
    for (; at.known > count; at.known--) {
      const value = bestBy(this.#curves[at.known - 1], step);
      if (value !== undefined) values.splice(firstAbove(values, value, true), 1);
    }
    this.#steps.set(step, at);
    this.#kept += values.length + 1;
    for (const [oldest, { values: forgotten }] of this.#steps) {
      if (this.#kept <= this.#mostKept || oldest === step) break;
      this.#steps.delete(oldest);
      this.#kept -= forgotten.length + 1;
    }
    return at;
  }
}

function runningBest({ curve }: Outcome, study: DecideTask["study"]): RunningBest {
  const { name } = study.settings.metric;
  const told = curve.filter(({ metrics }) => Object.hasOwn(metrics, name));
  const values = Float64Array.from(told, ({ metrics }) => metrics[name] as number);
  for (let index = 1; index < values.length; index++) {
    const before = values[index - 1] as number;
    if (study.compare(values[index] as number, before) >= 0) values[index] = before;
  }
  return { steps: Float64Array.from(told, ({ step }) => step), values };
}

function bestBy(best: RunningBest | undefined, step: number): number | undefined {
  return best?.values[firstAbove(best.steps, step, false) - 1];
}

/** Where the first number stands that is above `limit`, or with `orEqual` not below it; the length when there is none. */
function firstAbove(ascending: ArrayLike<number>, limit: number, orEqual: boolean): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = ascending[middle] as number;
    if (orEqual ? value >= limit : value > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

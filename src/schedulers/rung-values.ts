import { metricOf } from "../history/curve.ts";
import type { Outcome, ReportView } from "../history/view.ts";
import { RankedList } from "./ranked-list.ts";

/** Standing among the values that are known of a rung. */
interface Rank {
  /** 1 for the best; equal values share the better rank. */
  readonly rank: number;
  /** How many values are compared, the ranked one included. */
  readonly of: number;
}

/** What a trial came to at a rung. */
interface Counted {
  /** Of the outcome that told it. */
  readonly index: number;
  readonly value: number;
}

/** The values at a rung, one of each trial. */
interface Column {
  readonly ofTrial: Map<number, Counted>;
  /** For each outcome its trial's value; undefined where there is none, or where an earlier outcome of the trial has it. */
  readonly ofOutcome: (number | undefined)[];
  readonly ranked: RankedList<number>;
}

/**
 * The metric's value at each rung, of every trial that came so far: the last one told by then. Each outcome is looked at
 * once; what is asked may know of fewer of them, and those that it does not know are taken off.
 */
export class RungValues {
  readonly #budgets: readonly number[];
  readonly #metric: string;
  readonly #compare: (a: number, b: number) => number;
  #outcomes: Outcome[] = [];
  #columns: readonly Column[] = [];

  /**
   * @param budgets of the rungs, ascending
   * @param compare below 0 when the first value is the better
   */
  constructor(budgets: readonly number[], metric: string, compare: (a: number, b: number) => number) {
    this.#budgets = budgets;
    this.#metric = metric;
    this.#compare = compare;
    this.#forget();
  }

  /** The rank of a trial's value at a rung among those of all other trials. */
  rank(outcomes: readonly Outcome[], rung: number, trial: number, value: number): Rank {
    this.#follow(outcomes);
    const { ofTrial, ofOutcome, ranked } = this.#columns[rung] as Column;
    let better = ranked.before(value);
    let others = ranked.length;
    const takeOff = (other: number | undefined): void => {
      if (other === undefined) return;
      others--;
      if (this.#compare(other, value) < 0) better--;
    };
    for (let index = outcomes.length; index < ofOutcome.length; index++) takeOff(ofOutcome[index]);
    const own = ofTrial.get(trial);
    if (own !== undefined && own.index < outcomes.length) takeOff(own.value);
    return { rank: better + 1, of: others + 1 };
  }

  #forget(): void {
    this.#outcomes = [];
    this.#columns = this.#budgets.map(() => ({
      ofTrial: new Map(),
      ofOutcome: [],
      ranked: new RankedList(this.#compare),
    }));
  }

  #follow(outcomes: readonly Outcome[]): void {
    const shared = Math.min(outcomes.length, this.#outcomes.length);
    if (shared > 0 && outcomes[shared - 1] !== this.#outcomes[shared - 1]) this.#forget();
    for (let index = this.#outcomes.length; index < outcomes.length; index++) {
      const outcome = outcomes[index] as Outcome;
      this.#outcomes.push(outcome);
      const { trial, curve } = outcome;
      for (const [rung, { ofTrial, ofOutcome, ranked }] of this.#columns.entries()) {
        const budget = this.#budgets[rung] as number;
        const value = ofTrial.has(trial) ? undefined : valueAtRung(outcome, curve, this.#metric, budget);
        ofOutcome.push(value);
        if (value === undefined) continue;
        ofTrial.set(trial, { index, value });
        ranked.add(value);
      }
    }
  }
}

/** @param curve of the outcome */
function valueAtRung(
  { kind, budget: given }: Outcome,
  curve: readonly ReportView[],
  metric: string,
  budget: number,
): number | undefined {
  const came = (curve.at(-1)?.step ?? 0) >= budget || (kind === "completed" && given >= budget);
  return came ? valueBy(curve, metric, budget) : undefined;
}

/** The last value that a curve told up to a step. */
function valueBy(curve: readonly ReportView[], metric: string, until: number): number | undefined {
  return curve.findLast(({ step, metrics }) => step <= until && Object.hasOwn(metrics, metric))?.metrics[metric];
}

/** The rungs that the latest report of a curve is the first to come to, with the curve's value there, lowest first. */
export function rungsReached(
  curve: readonly ReportView[],
  metric: string,
  budgets: readonly number[],
): readonly { readonly rung: number; readonly value: number }[] {
  const latest = curve.at(-1);
  const value = metricOf(latest?.metrics ?? {}, metric);
  if (latest === undefined || value === undefined) return [];
  const before = curve.findLast(({ step, metrics }) => step < latest.step && Object.hasOwn(metrics, metric));
  return budgets.flatMap((budget, rung) => {
    if (budget > latest.step || budget <= (before?.step ?? -Infinity)) return [];
    const by = budget === latest.step ? value : before?.metrics[metric];
    return by === undefined ? [] : [{ rung, value: by }];
  });
}

import type { Outcome, ReportView } from "../history/view.ts";

/** Standing among the values that are known of a rung. */
interface Rank {
  /** 1 for the best; equal values share the better rank. */
  readonly rank: number;
  /** How many values are compared, the ranked one included. */
  readonly of: number;
}

/**
 * The metric's value at each rung, of every trial that came so far: the last one told by then. Each outcome is looked at
 * once; what is asked may know of fewer of them.
 */
export class RungValues {
  readonly #budgets: readonly number[];
  readonly #metric: string;
  readonly #compare: (a: number, b: number) => number;
  #outcomes: Outcome[] = [];
  /** For each rung the values of the outcomes; NaN where there is none, or where an earlier outcome of the trial has it. */
  #columns: number[][] = [];
  #counted: Set<number>[] = [];

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
    const column = this.#columns[rung] as readonly number[];
    let rank = 1;
    let of = 1;
    for (let index = 0; index < outcomes.length; index++) {
      const other = column[index] as number;
      if (Number.isNaN(other) || (this.#outcomes[index] as Outcome).trial === trial) continue;
      of++;
      if (this.#compare(other, value) < 0) rank++;
    }
    return { rank, of };
  }

  #forget(): void {
    this.#outcomes = [];
    this.#columns = this.#budgets.map(() => []);
    this.#counted = this.#budgets.map(() => new Set());
  }

  #follow(outcomes: readonly Outcome[]): void {
    const shared = Math.min(outcomes.length, this.#outcomes.length);
    if (shared > 0 && outcomes[shared - 1] !== this.#outcomes[shared - 1]) this.#forget();
    for (let index = this.#outcomes.length; index < outcomes.length; index++) {
      const outcome = outcomes[index] as Outcome;
      this.#outcomes.push(outcome);
      for (const [rung, budget] of this.#budgets.entries())
        (this.#columns[rung] as number[]).push(this.#valueOf(outcome, rung, budget) ?? Number.NaN);
    }
  }

  #valueOf({ trial, kind, budget: given, curve }: Outcome, rung: number, budget: number): number | undefined {
    const counted = this.#counted[rung] as Set<number>;
    const came = (curve.at(-1)?.step ?? 0) >= budget || (kind === "completed" && given >= budget);
    const value = came && !counted.has(trial) ? valueBy(curve, this.#metric, budget) : undefined;
    if (value !== undefined) counted.add(trial);
    return value;
  }
}

/** The last value that a curve told up to a step. */
function valueBy(curve: readonly ReportView[], metric: string, until: number): number | undefined {
  return curve.findLast(({ step, metrics }) => step <= until && metrics[metric] !== undefined)?.metrics[metric];
}

/** The rungs that the latest report of a curve is the first to come to, with the curve's value there, lowest first. */
export function rungsReached(
  curve: readonly ReportView[],
  metric: string,
  budgets: readonly number[],
): readonly { readonly rung: number; readonly value: number }[] {
  const latest = curve.at(-1);
  const value = latest?.metrics[metric];
  if (latest === undefined || value === undefined) return [];
  const before = curve.findLast(({ step, metrics }) => step < latest.step && metrics[metric] !== undefined);
  return budgets.flatMap((budget, rung) => {
    if (budget > latest.step || budget <= (before?.step ?? -Infinity)) return [];
    const by = budget === latest.step ? value : before?.metrics[metric];
    return by === undefined ? [] : [{ rung, value: by }];
  });
}

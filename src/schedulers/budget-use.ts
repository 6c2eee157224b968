import type { HistoryView } from "../history/view.ts";

/**
 * Whether the objective's runs heed their budgets: a fold of a history's outcomes. Some objectives report every few steps only, or
 * once, whatever budget they have. A run on a budget that makes no difference would only be repeated.
 */
export class BudgetUse {
  readonly #history: HistoryView;
  #followed = 0;
  /** The least step that a trial reported first. */
  #first = Infinity;
  /** The last step that any trial reported; 0 before the first. */
  #last = 0;
  /** The largest budget that a trial with a report completed. */
  #longest = 0;

  constructor(history: HistoryView) {
    this.#history = history;
  }

  /** Takes in the outcomes that are new. */
  follow(): void {
    const { outcomes } = this.#history;
    for (; this.#followed < outcomes.length; this.#followed++) {
      const { curve, kind, budget } = outcomes[this.#followed] as (typeof outcomes)[number];
      const [first, last] = [curve[0], curve.at(-1)];
      if (first === undefined || last === undefined) continue;
      this.#first = Math.min(this.#first, first.step);
      this.#last = Math.max(this.#last, last.step);
      if (kind === "completed") this.#longest = Math.max(this.#longest, budget);
    }
  }

  /**
   * The rung on which new trials start: the highest whose budget no run has undercut with its first report. Where runs with more
   * than the least budget never reported a step beyond it, budgets make no difference, and it is the last.
   *
   * @param budgets of the rungs, ascending
   */
  firstRung(budgets: readonly number[]): number {
    const least = budgets[0] as number;
    if (this.#last > 0 && this.#last <= least && this.#longest > least) return budgets.length - 1;
    if (this.#first === Infinity) return 0;
    return Math.max(
      budgets.findLastIndex((budget) => budget <= this.#first),
      0,
    );
  }
}

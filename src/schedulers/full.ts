import type { HistoryView } from "../history/view.ts";
import type { Next, Scheduler } from "./scheduler.ts";

/** Every trial gets the whole budget at once. */
export function createFullScheduler(): Scheduler {
  return {
    next: (history: HistoryView, canSample: boolean): Next => {
      const budget = history.maxBudget;
      if (canSample) return { kind: "sample", budget, reason: `runs to its full budget of ${history.words(budget)}` };
      return history.openRuns.length > 0 ? { kind: "wait" } : { kind: "done" };
    },
    decide: () => ({ kind: "continue" }),
  };
}

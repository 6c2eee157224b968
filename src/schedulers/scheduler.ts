import type { HistoryView, Outcome, ReportView, RunView, TrialView } from "../history/view.ts";
import type { Placement } from "../history/events.ts";

/**
 * Decides how long: the budget that a trial starts with, what is promoted, what is dropped or stopped, and why.
 * Implementations are pure functions of the history; they read no clock and keep no state that the history does not imply.
 */
export interface Scheduler {
  /**
   * What to do with a free slot. Asked again until it gives work for the slot, `wait` or `done`.
   *
   * @param canSample whether there can be a new trial now; false may become true again in a later session
   */
  next(history: HistoryView, canSample: boolean): Next;
  /** Whether a run goes on after its latest report. */
  decide(task: DecideTask): Verdict;
  /**
   * How likely each paused trial is to go on: whose number is the least loses its checkpoint first where they take too much
   * disk. @default the same for all; then a trial that has completed less goes first, and among equals the worse one
   */
  promise?(history: HistoryView): (trial: TrialView) => number;
  /** Percent of its stops that are not carried out, to see whether they would have been right. @default 0 */
  readonly shadow?: number;
}

/** What the decision about a run may depend on: its own reports, and ends of runs that came before. */
export interface DecideTask {
  readonly run: RunView;
  /** Reports of the run's trial, ascending steps, up to the one to be judged. */
  readonly curve: readonly ReportView[];
  /** Ends of runs that this run may know of, in their order. */
  readonly outcomes: readonly Outcome[];
  /** The study's own facts; nothing that has happened. */
  readonly study: Pick<HistoryView, "settings" | "maxBudget" | "compare" | "words">;
}

export type Next =
  /** Start a new trial. Only while `canSample`. */
  | { readonly kind: "sample"; readonly budget: number; readonly placement?: Placement; readonly reason: string }
  /** Go on with a paused trial. */
  | {
      readonly kind: "promote";
      readonly trial: number;
      readonly budget: number;
      readonly placement?: Placement;
      readonly reason: string;
    }
  /** Give up a paused trial; the slot stays free. */
  | { readonly kind: "drop"; readonly trial: number; readonly reason: string; readonly chance?: number }
  /** Nothing until a run ends. Only while a run is open. */
  | { readonly kind: "wait" }
  /** Nothing ever again. Only while no run is open. */
  | { readonly kind: "done" };

export type Verdict =
  | { readonly kind: "continue" }
  /** @param chance foretold to end as the best after all, 0 … 1 */
  | { readonly kind: "stop"; readonly reason: string; readonly chance?: number };

import type { Cause, Metrics } from "../history/events.ts";
import type { ReportView, TrialState } from "../history/view.ts";
import type { Params } from "../space/parameter.ts";

/** A trial as its journal knows it. Steps are in the study's unit, times in milliseconds. */
export interface RecordedTrial {
  readonly number: number;
  readonly params: Params;
  readonly state: TrialState;
  /** All that any of its runs reported, ascending steps; of a step that was told again the later word. */
  readonly curve: readonly ReportView[];
  /** The metric at the end of the runs that used their whole budget, by that budget. */
  readonly ends: ReadonlyMap<number, number>;
  /** How it failed for good. */
  readonly failure: RecordedFailure | undefined;
  /** Steps whose checkpoints were saved. */
  readonly saved: ReadonlySet<number>;
  /** Time of a step. */
  readonly pace: number;
  /** Steps that it was trained, those that a promotion without a checkpoint did again included; what crashes cost is not. */
  readonly steps: number;
  /** The time of these steps at its pace, and of its failure. */
  readonly time: number;
}

export interface RecordedFailure {
  /** The last step that the failing run came to; the one before its first when it told none. */
  readonly after: number;
  /** The budget of that run. */
  readonly budget: number;
  /** From its last report, or its start, to its end. */
  readonly time: number;
  readonly cause: Cause;
}

/** What a run of a recorded trial comes to when nobody stops it. */
export interface Replay {
  readonly reports: readonly ReportView[];
  readonly end: ReplayEnd;
}

export type ReplayEnd =
  | { readonly kind: "completed"; readonly step: number; readonly metrics: Metrics }
  | { readonly kind: "failed"; readonly failure: RecordedFailure }
  /** The record ends at `step`, before the run does, or says nothing by its budget. */
  | { readonly kind: "unknown"; readonly step: number };

/**
 * A run of the whole `budget` (Infinity: to wherever the objective ends, as in a study without budgets) from `startStep`.
 *
 * @param key the budget as the journal names it, which is 1 where the study has none
 */
export function replay(
  trial: RecordedTrial,
  run: { readonly budget: number; readonly key: number; readonly startStep: number },
  metric: string,
): Replay {
  const { curve, ends, failure } = trial;
  const { budget, key, startStep } = run;
  const within = (limit: number): readonly ReportView[] =>
    // A report of step 0 is told before anything is trained.
    curve.filter(({ step }) => step <= limit && (step > startStep - 1 || startStep === 1));
  const reports = within(budget);
  const last = curve.at(-1)?.step ?? 0;

  const value = ends.get(key);
  if (value !== undefined) {
    const step = budget === Infinity ? Math.max(last, 1) : budget;
    return { reports, end: { kind: "completed", step, metrics: { [metric]: value } } };
  }
  if (failure !== undefined && (budget > failure.after || key >= failure.budget))
    return { reports: within(Math.min(budget, failure.after)), end: { kind: "failed", failure } };
  const told = curve.findLast(({ step, metrics }) => step <= budget && metrics[metric] !== undefined);
  const known = Math.max(last, ...ends.keys());
  if (told !== undefined && budget <= known && budget !== Infinity)
    return { reports, end: { kind: "completed", step: budget, metrics: told.metrics } };
  return { reports, end: { kind: "unknown", step: Math.min(known, budget) } };
}

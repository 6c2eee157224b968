import type { RunView, TrialView } from "../history/view.ts";
import type { RunRow, TrialRow } from "./payload.ts";

/**
 * A trial as tables and charts show it.
 *
 * @param metric the study's own, whose values make the curve
 * @param suggested why the trial was suggested: its `reason` is that of what came last
 */
export function trialRow(trial: TrialView, metric: string, suggested: string): TrialRow {
  const { number, state, params, source, createdAt, reason } = trial;
  return {
    number,
    state,
    params,
    source,
    createdAt,
    endedAt: trial.runs.at(-1)?.endedAt ?? null,
    value: trial.value ?? null,
    budget: budgetOfValue(trial, metric),
    suggested,
    reason,
    cause: trial.cause ?? null,
    givenUp: trial.givenUp ?? null,
    predicted: trial.predicted ?? null,
    fallback: trial.fallback ?? null,
    curve: curveOf(trial, metric),
    runs: trial.runs.map(runRow),
  };
}

/** A metric as a trial told it: step, value, step, value, …; ascending steps. */
export function curveOf({ reports }: TrialView, metric: string): readonly number[] {
  const curve: number[] = [];
  for (const { step, metrics } of reports) {
    const value = metrics[metric];
    if (value !== undefined) curve.push(step, value);
  }
  return curve;
}

/** The last step that a stopped run told the metric of; else the budget that was completed. */
function budgetOfValue({ value, runs, reports, completedBudget }: TrialView, metric: string): number | null {
  if (value === undefined) return null;
  const stopped = runs.at(-1)?.state === "stopped";
  const told = stopped ? reports.findLast(({ metrics }) => metrics[metric] !== undefined)?.step : undefined;
  return told ?? completedBudget;
}

function runRow(view: RunView): RunRow {
  const { run, attempt, budget, startStep, slot, startedAt, state, reason } = view;
  return {
    run,
    attempt,
    budget,
    startStep,
    placement: view.placement ?? null,
    slot,
    startedAt,
    endedAt: view.endedAt ?? null,
    state,
    reason,
    stopReason: view.stopReason ?? null,
  };
}

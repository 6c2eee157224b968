import type { StudySettings } from "../history/settings.ts";
import type { RunView, TrialView } from "../history/view.ts";
import type { RunRow, TrialRow } from "./payload.ts";
import { lastTold, metricOf } from "../history/curve.ts";

type RowSettings = Pick<StudySettings, "metric" | "budget">;

/**
 * A trial as tables and charts show it.
 *
 * @param suggested why the trial was suggested: its `reason` is that of what came last
 */
export function trialRow(trial: TrialView, settings: RowSettings, suggested: string): TrialRow {
  const { number, state, params, source, createdAt, reason } = trial;
  return {
    number,
    state,
    params,
    source,
    createdAt,
    endedAt: trial.runs.at(-1)?.endedAt ?? null,
    value: trial.value ?? null,
    budget: budgetOfValue(trial, settings),
    suggested,
    reason,
    cause: trial.cause ?? null,
    givenUp: trial.givenUp ?? null,
    predicted: trial.predicted ?? null,
    fallback: trial.fallback ?? null,
    curve: curveOf(trial, settings.metric.name),
    runs: trial.runs.map(runRow),
  };
}

/** A metric as a trial told it: step, value, step, value, …; ascending steps. */
export function curveOf({ reports }: TrialView, metric: string): readonly number[] {
  const curve: number[] = [];
  for (const { step, metrics } of reports) {
    const value = metricOf(metrics, metric);
    if (value !== undefined) curve.push(step, value);
  }
  return curve;
}

/** What was completed. Of a run that was stopped: how far it told the metric; where there are no budgets, that is none either. */
function budgetOfValue(trial: TrialView, { metric, budget }: RowSettings): number | null {
  if (trial.value === undefined) return null;
  if (trial.runs.at(-1)?.state !== "stopped") return trial.completedBudget;
  const told = lastTold(trial.reports, metric.name);
  return budget === null ? null : (told?.step ?? trial.completedBudget);
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

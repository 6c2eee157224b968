import { safetyOf } from "../../history/safety.ts";
import type { Best, HistoryView, TrialView } from "../../history/view.ts";
import type { StudyState } from "../../views/payload.ts";
import { strategyInWords } from "../../views/study-words.ts";

/** The shapes of `--json`: scripts are written against them. Absent values are null. */

export function bestJson(best: Best): object {
  const { number, params, value, budget } = best;
  return { number, params, value, budget };
}

export function trialJson(trial: TrialView): object {
  const { number, state, params, source, reason } = trial;
  return {
    number,
    state,
    params,
    value: trial.value ?? null,
    budget: budgetOf(trial),
    reports: trial.reports.map(({ step, metrics }) => ({ step, ...metrics })),
    reason,
    checkpoint: trial.checkpoint === 0 ? null : { step: trial.checkpoint, bytes: trial.checkpointBytes },
    evicted: trial.evicted ?? null,
    cause: trial.cause ?? null,
    source,
    stopRequested: trial.stopRequested,
    predicted: trial.predicted ?? null,
    fallback: trial.fallback ?? null,
    runs: trial.runs.map((run) => ({
      run: run.run,
      attempt: run.attempt,
      budget: run.budget,
      startStep: run.startStep,
      slot: run.slot,
      objective: run.objective,
      code: run.session.code ?? null,
      state: run.state,
      startedAt: run.startedAt,
      endedAt: run.endedAt ?? null,
      reason: run.stopReason ?? run.reason,
    })),
  };
}

/** The budget that the trial's value belongs to: what it completed, or how far it came; before that, what it was given. */
export function budgetOf(trial: TrialView): number | null {
  if (trial.completedBudget > 0) return trial.completedBudget;
  const step = trial.state === "pruned" ? trial.reports.at(-1)?.step : undefined;
  return step ?? trial.runs.at(-1)?.budget ?? null;
}

/** What they take on disk and may take, in bytes, and what keeping within it came to. */
function checkpointsJson({ checkpoints, settings }: HistoryView): object {
  const { bytes, lost, evicted, reruns, exceeded, left } = checkpoints;
  return { disk: settings.checkpoints?.disk ?? null, bytes, lost, evicted, reruns, exceeded, left };
}

function safetyJson(history: HistoryView): object | null {
  const record = safetyOf(history);
  if (record === undefined) return null;
  const { stopped, dropped, steps, shadow, wrongStops, foretold } = record;
  return {
    stopped,
    dropped,
    steps: steps ?? null,
    shadow: { ...shadow, share: shadow.share ?? null },
    wrongStops: wrongStops ?? null,
    foretold: foretold ?? null,
  };
}

/** What `list` prints of each study, and `show` before the trials. */
export function studyJson(history: HistoryView, state: StudyState): object {
  const { settings, best, stop, finished } = history;
  return {
    name: settings.name,
    state,
    best: best === undefined ? null : bestJson(best),
    metric: settings.metric,
    strategy: strategyInWords(settings),
    budget: settings.budget,
    slotsWaiting: [...history.slotWaits.open].map(([slot, { reason, at }]) => ({ slot, reason, since: at })),
    seed: settings.seed,
    stop,
    fallbacks: history.fallbacks,
    substitutes: history.substitutes,
    checkpoints: checkpointsJson(history),
    safety: safetyJson(history),
    notes: history.notes,
    finished: finished ?? null,
  };
}

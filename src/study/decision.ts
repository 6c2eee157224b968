import type { RunShadowed, RunStopped } from "../history/events.ts";
import type { HistoryView, Outcome } from "../history/view.ts";
import { createRng } from "../numerics/rng.ts";
import type { Scheduler } from "../schedulers/scheduler.ts";

/** What a report calls for, but for the event that it saw last. */
export type RunAnswer = Omit<RunStopped, "seen"> | Omit<RunShadowed, "seen">;

/**
 * Whether a run goes on after its latest report. Past its budget it never does. Before `budget.min`, the grace period, it always
 * does, and so it does up to the budget that its trial has completed. Between, the scheduler says. Some of its stops, drawn by
 * lot, are not carried out: the run goes on in the shadow and is not asked about again, nor is a later attempt at it.
 *
 * @param outcomes ends of runs that the decision may depend on
 * @returns undefined when it goes on
 */
export function decideRun(
  history: HistoryView,
  scheduler: Scheduler,
  run: number,
  outcomes: readonly Outcome[],
): RunAnswer | undefined {
  const view = history.runs[run];
  if (view === undefined || view.state !== "open") return undefined;
  const step = view.lastReport?.step ?? 0;
  const { budget } = history.settings;
  if (budget !== null && step > view.budget) {
    const reason = `has used its budget of ${history.words(view.budget)}: it reported step ${step}`;
    return { type: "run-stopped", run, reason };
  }
  if (budget !== null && step < budget.min) return undefined;
  const trial = history.trials[view.trial];
  // What a run does again was judged when it was done first: by what was known then, whether or not a checkpoint was kept.
  if (step <= (trial?.completedBudget ?? 0) || trial?.givenUp?.kind === "shadowed") return undefined;
  const verdict = scheduler.decide({ run: view, curve: trial?.reports ?? [], outcomes, study: history });
  if (verdict.kind === "continue") return undefined;
  const judged = { run, step, ...(verdict.chance === undefined ? {} : { chance: verdict.chance }) };
  const drawn = view.budget === history.maxBudget && isDrawn(history, scheduler, view.trial);
  const toBeat = drawn ? bestWhole(history, outcomes) : undefined;
  if (toBeat === undefined) return { type: "run-stopped", reason: verdict.reason, ...judged };
  const reason = `would have been ${verdict.reason}; goes on in the shadow, to see whether that would have been right`;
  return { type: "run-shadowed", reason, toBeat, ...judged };
}

/** The lot depends on nothing but seed and trial: so the stops that are carried out are like those that are not. */
function isDrawn({ settings }: HistoryView, { shadow = 0 }: Scheduler, trial: number): boolean {
  return shadow > 0 && createRng(settings.seed, trial, "shadow").uniform() < shadow / 100;
}

/** Undefined while no training was whole: nothing could then tell a wrong stop. */
function bestWhole(history: HistoryView, outcomes: readonly Outcome[]): number | undefined {
  let best: number | undefined;
  for (const { kind, budget, value } of outcomes) {
    if (kind !== "completed" || budget !== history.maxBudget || value === undefined) continue;
    if (best === undefined || history.compare(value, best) < 0) best = value;
  }
  return best;
}

import type { HistoryView, Outcome, ReportView } from "../history/view.ts";
import type { Scheduler, Verdict } from "../schedulers/scheduler.ts";

/**
 * Whether a run goes on after its latest report: past its budget it never does; up to the budget that its trial has completed
 * it does; between, the scheduler says.
 *
 * @param outcomes ends of runs that the decision may depend on
 */
export function decideRun(
  history: HistoryView,
  scheduler: Scheduler,
  run: number,
  outcomes: readonly Outcome[],
): Verdict {
  const view = history.runs[run];
  if (view === undefined || view.state !== "open") return { kind: "continue" };
  const step = view.lastReport?.step ?? 0;
  if (history.settings.budget !== null && step > view.budget)
    return { kind: "stop", reason: `has used its budget of ${history.words(view.budget)}: it reported step ${step}` };
  // What a run does again was judged when it was done first: by what was known then, whether or not a checkpoint was kept.
  if (step <= (history.trials[view.trial]?.completedBudget ?? 0)) return { kind: "continue" };
  const curve = upTo(history.trials[view.trial]?.reports ?? [], step);
  return scheduler.decide({ run: view, curve, outcomes, study: history });
}

/** A curve without what lies beyond `step`: all of it, and no copy, but where a step was told again. */
function upTo(reports: readonly ReportView[], step: number): readonly ReportView[] {
  let end = reports.length;
  while (end > 0 && (reports[end - 1] as ReportView).step > step) end--;
  return end === reports.length ? reports : reports.slice(0, end);
}

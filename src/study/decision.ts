import type { HistoryView } from "../history/view.ts";
import type { Verdict } from "../schedulers/scheduler.ts";
import type { Strategy } from "./strategy.ts";

/** Whether a run goes on after its latest report: past its budget it never does; before, the scheduler says. */
export function decideRun(history: HistoryView, strategy: Strategy, run: number): Verdict {
  const view = history.runs[run];
  if (view === undefined || view.state !== "open") return { kind: "continue" };
  const step = view.lastReport?.step ?? 0;
  if (history.settings.budget !== null && step > view.budget)
    return { kind: "stop", reason: `has used its budget of ${history.words(view.budget)}: it reported step ${step}` };
  return strategy.scheduler.decide(history, run);
}

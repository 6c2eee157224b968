import type { HistoryView, TrialView } from "../history/view.ts";
import type { ImportanceTask } from "./importance.ts";

/** What the importance of a study's parameters is computed from. */
export function importanceTask({ settings, trials }: HistoryView): ImportanceTask {
  return { parameters: settings.parameters, trials: trials.map(pointOf) };
}

/** Only values of whole runs compare: one of a run that was stopped was seen at a step of its own. */
function pointOf({ params, value, completedBudget, runs }: TrialView): ImportanceTask["trials"][number] {
  const whole = completedBudget > 0 && runs.at(-1)?.state !== "stopped";
  return { params, value: whole ? (value ?? null) : null, budget: whole ? completedBudget : null };
}

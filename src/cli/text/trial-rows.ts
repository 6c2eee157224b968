import { TRIAL_STATES, type HistoryView, type TrialView } from "../../history/view.ts";
import { budgetOf } from "./study-json.ts";
import { inDigits, oneLine, reasonInWords, paramsInWords } from "../../views/words.ts";

/**
 * "30 complete, 12 pruned": the states that occur, in the order of a trial's life.
 *
 * @param interrupted no process runs the study: what would be running starts again when it is resumed
 */
export function statesInWords(trials: readonly TrialView[], interrupted: boolean): string {
  const counts = countStates(trials);
  return TRIAL_STATES.filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${interrupted && state === "running" ? "interrupted" : state}`)
    .join(", ");
}

export function countStates(trials: readonly TrialView[]): Record<TrialView["state"], number> {
  const counts = { waiting: 0, running: 0, paused: 0, complete: 0, pruned: 0, failed: 0 };
  for (const { state } of trials) counts[state]++;
  return counts;
}

/** The head of a table of trials. */
export function trialHead({ settings }: HistoryView): readonly string[] {
  const unit = settings.budget?.unit ?? "";
  return ["trial", "state", oneLine(settings.metric.name), oneLine(unit), "parameters and reason"];
}

/** A trial as a row of that table. */
export function trialRow(history: HistoryView, trial: TrialView): readonly string[] {
  const value = trial.value === undefined ? "" : inDigits(trial.value);
  const budget = history.settings.budget === null ? "" : String(budgetOf(trial) ?? "");
  const why = trial.cause !== undefined && trial.state === "failed" ? trial.cause.message : trial.reason;
  return [
    String(trial.number),
    trial.state,
    value,
    budget,
    `${paramsInWords(trial.params, 4)} (${reasonInWords(why)})`,
  ];
}

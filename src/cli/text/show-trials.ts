import type { HistoryView, TrialView } from "../../history/view.ts";
import { wrap } from "./wrap.ts";
import { wrappedTable } from "./table.ts";
import { trialHead, trialRow } from "./trial-rows.ts";

/** From how many trials on not all are shown, and how many of the best and of the last are then. */
const MANY = 50;
const SHOWN = 10;

export interface ShowTrialsOptions {
  /** Show all of them, however many they are. */
  readonly all: boolean;
  /** Columns of the terminal; undefined: as wide as needed. */
  readonly width: number | undefined;
}

/** The trials of a study as a table; of more than 50 the best 10 and the last 10, with a line on what is left out. */
export function showTrials(history: HistoryView, { all, width }: ShowTrialsOptions): readonly string[] {
  const { trials } = history;
  const tableOf = (shown: readonly TrialView[]): readonly string[] =>
    wrappedTable([trialHead(history), ...shown.map((trial) => trialRow(history, trial))], width);
  if (all || trials.length <= MANY) return tableOf(trials);
  const best = bestTrials(history).slice(0, SHOWN);
  const last = trials.slice(-SHOWN);
  const shown = new Set([...best, ...last]);
  const left = `${trials.length - shown.size} of ${trials.length} trials are left out; --all shows all of them`;
  return [
    ...(best.length === 0 ? [] : [`best ${best.length}`, ...tableOf(best), ""]),
    `last ${last.length}`,
    ...tableOf(last),
    "",
    ...wrap(left, width ?? Infinity, "  "),
  ];
}

/** The trials that completed a budget, best first: as for the best of a study, larger budgets come before smaller ones. */
function bestTrials(history: HistoryView): readonly TrialView[] {
  return history.trials
    .filter(({ completedBudget, value }) => completedBudget > 0 && value !== undefined)
    .sort(
      (a, b) =>
        b.completedBudget - a.completedBudget || history.compare(a.value ?? NaN, b.value ?? NaN) || a.number - b.number,
    );
}

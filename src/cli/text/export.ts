import { stringify } from "csv-stringify/sync";
import type { HistoryView, TrialView } from "../../history/view.ts";
import type { ParameterValue } from "../../space/parameter.ts";
import { withoutControls } from "../../views/words.ts";
import { budgetOf } from "./study-json.ts";

/** Every trial as a row: the same columns in both formats, parameters in the order of the spec. */

export function exportCsv(history: HistoryView): string {
  const names = Object.keys(history.settings.parameters);
  const own = [...BEFORE, ...AFTER];
  const columns = [...BEFORE, ...names.map((name) => (own.includes(name) ? `params.${name}` : name)), ...AFTER];
  const rows = history.trials.map((trial) => [
    ...before(trial).map(cell),
    ...names.map((name) => cell(Object.hasOwn(trial.params, name) ? trial.params[name] : undefined)),
    ...after(trial).map(cell),
  ]);
  return stringify([columns.map(cell), ...rows], { escape_formulas: true });
}

export function exportJson(history: HistoryView): string {
  const names = Object.keys(history.settings.parameters);
  const rows = history.trials.map((trial) => ({
    ...zip(BEFORE, before(trial)),
    params: Object.fromEntries(
      names.filter((name) => Object.hasOwn(trial.params, name)).map((name) => [name, trial.params[name]]),
    ),
    ...zip(AFTER, after(trial)),
  }));
  return `${JSON.stringify(rows, null, 2)}\n`;
}

type Cell = ParameterValue | undefined;

const BEFORE = ["number", "state", "value", "budget"];
const AFTER = ["reason", "cause"];

function before(trial: TrialView): readonly Cell[] {
  return [trial.number, trial.state, trial.value, budgetOf(trial) ?? undefined];
}

function after(trial: TrialView): readonly Cell[] {
  return [trial.reason, trial.cause?.message];
}

/**
 * An inactive parameter is empty; a choice of null is the word. Numbers keep all their digits, and are told from text: of that, a
 * spreadsheet takes what begins like a formula for one, so that it gets an apostrophe before it.
 */
function cell(value: Cell): string | number {
  if (typeof value === "number") return value;
  return value === undefined ? "" : withoutControls(String(value));
}

function zip(names: readonly string[], values: readonly Cell[]): Record<string, ParameterValue> {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]));
}

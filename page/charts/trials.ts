import type { TrialRow } from "../../src/views/payload.ts";
import type { Goal } from "../../src/space/spec.ts";
import type { Study } from "../study.ts";
import { count, numberInWords, shorten, tooltipHtml, valueInWords } from "./words.ts";

/** What several pictures ask of a study's trials. */

/** Below 0 when `a` is better. */
export function comparison(goal: Goal): (a: number, b: number) => number {
  return goal === "minimize" ? (a, b) => (a < b ? -1 : Number(a > b)) : (a, b) => (a > b ? -1 : Number(a < b));
}

/** The value, or where there is none the last that the trial told. */
export function lastValue({ value, curve }: TrialRow): number | undefined {
  return value ?? (curve.length === 0 ? undefined : curve[curve.length - 1]);
}

/** The largest budget that a trial completed, and its value there: a run that is stopped later changes the trial's value. */
export function completed({ runs, value, budget: at, curve }: TrialRow): { budget: number; value: number } | undefined {
  const budget = runs.reduce((most, run) => (run.state === "completed" ? Math.max(most, run.budget) : most), 0);
  if (budget === 0 || value === null) return undefined;
  if (at === budget) return { budget, value };
  for (let i = curve.length - 2; i >= 0; i -= 2) {
    if (curve[i] === budget) return { budget, value: curve[i + 1] as number };
  }
  return undefined;
}

/** A trial with the value that it is drawn at. */
export interface Valued {
  readonly row: TrialRow;
  readonly value: number;
}

/**
 * The trials whose values compare: those at the largest budget that any completed, which is what the study's best is taken of.
 * @param all every trial's last value instead, whatever its budget
 */
export function comparable({ head, trials }: Study, all = false): Valued[] {
  const budget = head.best?.budget;
  return trials.flatMap((row) => {
    const own = completed(row);
    const value = all ? lastValue(row) : own !== undefined && own.budget === budget ? own.value : undefined;
    return value === undefined ? [] : [{ row, value }];
  });
}

/** What is not drawn when only `shown` trials are, in words; none where that is nothing. */
export function omittedInWords({ head, trials }: Study, shown: number): string[] {
  const left = trials.filter((row) => lastValue(row) !== undefined).length - shown;
  if (left <= 0 || head.best === null) return [];
  return [
    `${count(shown, "trial")} completed ${budgetInWords(head, head.best.budget)}; ${String(left)} that came less far ${left === 1 ? "is" : "are"} left out.`,
  ];
}

export function budgetInWords({ budget: settings }: Study["head"], budget: number): string {
  return settings === null ? "its training" : `${numberInWords(budget)} ${settings.unit}`;
}

/** The main fact of a study in a sentence. */
export function bestInWords({ head, trials }: Study): string {
  if (trials.length === 0) return "No trials yet.";
  const { best, metric } = head;
  if (best === null) {
    const failed = trials.filter(({ state }) => state === "failed").length;
    return failed === trials.length
      ? `All ${count(failed, "trial")} failed.`
      : `No trial of ${String(trials.length)} has completed yet.`;
  }
  return `Best ${shorten(metric.name, 40)} ${numberInWords(best.value)} at trial ${String(best.number)} of ${String(trials.length)}.`;
}

/** A trial in a tooltip. */
export function trialTooltip({ head }: Study, row: TrialRow, more: readonly string[] = []): string {
  const value = lastValue(row);
  const params = Object.entries(row.params).map(
    ([name, each]) => `${shorten(name, 40)} = ${shorten(valueInWords(each), 60)}`,
  );
  const shown = params.length > 12 ? [...params.slice(0, 11), `and ${String(params.length - 11)} more`] : params;
  return tooltipHtml(`Trial ${String(row.number)}, ${row.state}`, [
    value === undefined
      ? null
      : `${shorten(head.metric.name, 40)} ${numberInWords(value)}${row.budget === null || head.budget === null ? "" : ` after ${budgetInWords(head, row.budget)}`}`,
    ...more,
    ...shown,
    row.cause === null ? row.reason : row.cause.message,
  ]);
}

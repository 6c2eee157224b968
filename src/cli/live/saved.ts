import type { HistoryView } from "../../history/view.ts";
import { safetyInWords } from "../../views/safety-words.ts";
import { count } from "../../views/words.ts";

/** What ending trials before their whole budget has saved so far; undefined where none was, or where nothing can be said. */
export function savedInWords(history: HistoryView): string | undefined {
  const { trials, maxBudget, settings } = history;
  const [stopped] = trials.some(({ givenUp }) => givenUp?.kind === "stopped") ? safetyInWords(history) : [];
  if (stopped !== undefined) return stopped;
  const { budget } = settings;
  const dropped = trials.filter(({ state }) => state === "pruned");
  if (budget === null || dropped.length === 0) return undefined;
  const whole = dropped.length * maxBudget;
  const done = dropped.reduce((sum, { completedBudget, lastStep }) => sum + Math.max(completedBudget, lastStep), 0);
  const saved = Math.max(0, whole - done);
  return `dropped ${count(dropped.length, "trial")}, which saved ${Math.round(saved).toLocaleString("en-US")} of their ${Math.round(whole).toLocaleString("en-US")} ${budget.unit}`;
}

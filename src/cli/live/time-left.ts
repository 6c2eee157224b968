import type { BudgetSettings } from "../../history/settings.ts";
import type { HistoryView } from "../../history/view.ts";
import { hyperbandBrackets } from "../../schedulers/hyperband.ts";
import { SCHEDULERS } from "../../schedulers/registry.ts";
import { inBrief } from "../../views/words.ts";
import { type Progress, usedBudget } from "./progress.ts";

/** Ended runs before a speed is worth telling. */
const FEWEST_RUNS = 2;

/**
 * An honest estimate: the plan's remaining budget at the speed of this session, or the study's time rule where that ends
 * it sooner.
 *
 * @returns undefined while nothing is known
 */
export function timeLeftInWords(history: HistoryView, progress: Progress, now: number): string | undefined {
  const { stop, earlierTime, sessionAt } = history;
  const limit = stop.time === null ? undefined : Math.max(0, stop.time - earlierTime - (now - sessionAt));
  const estimate = estimateLeft(history, progress, now);
  if (estimate === undefined) return limit === undefined ? undefined : `at most ${inBrief(limit)} left`;
  if (limit !== undefined && limit < estimate) return `about ${inBrief(limit)} left, by its time rule`;
  const early = stop.value !== null || stop.patience !== null ? "at most " : "";
  return `${early}about ${inBrief(estimate)} left`;
}

function estimateLeft(history: HistoryView, progress: Progress, now: number): number | undefined {
  const plan = plannedBudget(history, progress.continues);
  const elapsed = now - history.sessionAt;
  if (plan === undefined || progress.ended < FEWEST_RUNS || elapsed <= 0) return undefined;
  const open = history.openRuns.reduce((sum, run) => sum + usedBudget(history, run), 0);
  const speed = (progress.used + open) / elapsed;
  const left = plan - progress.planned - open;
  return speed > 0 && left > 0 ? left / speed : undefined;
}

/**
 * The budget that the whole study will use; undefined when nobody can know.
 *
 * @param continues whether a promoted trial goes on from its checkpoint
 */
export function plannedBudget(history: HistoryView, continues: boolean): number | undefined {
  const { scheduler, budget } = history.settings;
  const { trials } = history.stop;
  if (trials === null) return undefined;
  // Each gets the whole budget; a rule may end some sooner.
  if (SCHEDULERS[scheduler.name]?.needsBudget === false) return trials * (budget?.max ?? 1);
  if (scheduler.name !== "hyperband" || budget === null) return undefined;
  return hyperbandBudget(budget, trials, continues);
}

function hyperbandBudget(budget: BudgetSettings, trials: number, continues: boolean): number {
  const brackets = hyperbandBrackets(budget);
  let sum = 0;
  let left = trials;
  for (let index = 0; left > 0; index++) {
    const rungs = brackets[index % brackets.length] ?? [];
    let entries = Math.min(left, rungs[0]?.size ?? left);
    left -= entries;
    for (const [number, rung] of rungs.entries()) {
      const before = continues ? (rungs[number - 1]?.budget ?? 0) : 0;
      sum += entries * (rung.budget - before);
      const next = rungs[number + 1]?.size ?? 0;
      entries = entries >= rung.size ? next : Math.max(1, Math.floor((entries * next) / rung.size));
    }
  }
  return sum;
}

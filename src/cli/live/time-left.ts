import type { BudgetSettings } from "../../history/settings.ts";
import { hyperbandBrackets } from "../../schedulers/hyperband.ts";
import type { HistoryView, RunView } from "../../history/view.ts";
import { sizeOf } from "../../study/resolve.ts";
import { endInWords } from "../../views/study-words.ts";
import { inBrief } from "../../views/words.ts";
import { givenBudget, type Progress, usedBudget } from "./progress.ts";

/** Ended runs before a speed is worth telling, and ended trials before their costs are. */
const FEWEST_RUNS = 2;
const FEWEST_TRIALS = 5;
/** Standard deviations to both sides: about 95 % of a normal law. */
const SPREAD = 2;

/** Milliseconds. */
interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * An honest estimate: of what is left at the speed of this session, or the study's time rule where that ends it sooner. Where
 * trials differ in what they cost, a range; where nobody can know, that and why.
 *
 * @param slots how many runs at a time
 * @returns undefined when all that was planned is done
 */
export function timeLeftInWords(
  history: HistoryView,
  progress: Progress,
  slots: number,
  now: number,
): string | undefined {
  const { stop, settings, earlierTime, sessionAt } = history;
  const limit = stop.time === null ? undefined : Math.max(0, stop.time - earlierTime - (now - sessionAt));
  const planned = plannedTrials(history);
  const estimate = planned === undefined ? undefined : estimateLeft(history, progress, planned, slots, now);
  if (estimate === undefined) {
    if (limit !== undefined) return `at most ${inBrief(limit)} left`;
    return planned === undefined ? `no estimate: ends ${endInWords(settings, stop)}` : "no estimate yet";
  }
  if (estimate.high <= 0) return undefined;
  if (limit !== undefined && limit < estimate.low) return `about ${inBrief(limit)} left, by its time rule`;
  const [low, high] = [inBrief(estimate.low), inBrief(Math.min(estimate.high, limit ?? Infinity))];
  const isEarly = stop.value !== null || stop.patience !== null;
  if (low === high) return `${isEarly ? "at most " : ""}about ${high} left`;
  return isEarly || estimate.low < 1_000 ? `at most ${high} left` : `${low} to ${high} left`;
}

/** How many trials end the study; undefined where no number does. */
function plannedTrials({ stop, settings, tried }: HistoryView): number | undefined {
  const trials = Math.min(stop.trials ?? sizeOf(settings.sampler, settings.parameters) ?? Infinity, tried.cardinality);
  return Number.isFinite(trials) ? trials : undefined;
}

function estimateLeft(
  history: HistoryView,
  progress: Progress,
  trials: number,
  slots: number,
  now: number,
): Range | undefined {
  const elapsed = now - history.sessionAt;
  if (progress.ended < FEWEST_RUNS || elapsed <= 0) return undefined;
  const open = history.openRuns.reduce((sum, run) => sum + usedBudget(history, run), 0);
  const speed = (progress.used + open) / elapsed;
  if (speed <= 0) return undefined;
  const plan = plannedBudget(history, progress.continues);
  const left =
    plan === undefined
      ? budgetLeft(history, trials)
      : { low: plan - progress.planned - open, high: plan - progress.planned - open };
  if (left === undefined) return undefined;
  // The last runs leave slots without work: the longest of them goes on at the pace of one slot.
  const rests = history.openRuns.map((run) => restOf(history, run));
  const longest = Math.max(0, ...rests) * Math.max(1, slots);
  return { low: Math.max(0, left.low / speed), high: Math.max(left.high, left.high > 0 ? longest : 0) / speed };
}

/**
 * What the rest of a study will use, by what its ended trials have used: the sum of r further draws after n of them, with
 * mean m and standard deviation s, is r·m ± 2·s·√(r + r²/n).
 */
function budgetLeft(history: HistoryView, trials: number): Range | undefined {
  const rests = history.openRuns.map((run) => restOf(history, run));
  const open = rests.reduce((sum, rest) => sum + rest, 0);
  const settled = history.trials.filter(({ state }) => state !== "running" && state !== "waiting");
  const costs = settled.map(({ runs }) => runs.reduce((sum, run) => sum + usedBudget(history, run), 0));
  const running = history.trials.filter(({ state }) => state === "running").length;
  const rest = Math.max(0, trials - settled.length - running);
  if (rest === 0) return { low: 0, high: open };
  if (costs.length < FEWEST_TRIALS) return undefined;
  const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
  const variance = costs.reduce((sum, cost) => sum + (cost - mean) ** 2, 0) / (costs.length - 1);
  const half = SPREAD * Math.sqrt(variance * (rest + rest ** 2 / costs.length));
  // What runs may be stopped at once, or go on to its end.
  const likely = Math.min(open, running * mean);
  if (half === 0) return { low: rest * mean + likely, high: rest * mean + likely };
  return { low: Math.max(0, rest * mean - half), high: rest * mean + half + open };
}

function restOf(history: HistoryView, run: RunView): number {
  return Math.max(0, givenBudget(history, run) - usedBudget(history, run));
}

/**
 * The budget that the whole study will use; undefined where its scheduler decides that on the way.
 *
 * @param continues whether a promoted trial goes on from its checkpoint
 */
export function plannedBudget(history: HistoryView, continues: boolean): number | undefined {
  const { scheduler, budget } = history.settings;
  const { trials } = history.stop;
  if (trials === null) return undefined;
  if (scheduler.name === "full") return trials * (budget?.max ?? 1);
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

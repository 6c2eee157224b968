import type { Params } from "../space/parameter.ts";
import type { HistoryView, Outcome } from "./view.ts";

/** What is known of one trial, as a single number. */
export interface Observation {
  readonly trial: number;
  readonly params: Params;
  /** The metric to be minimised (a maximised one with its sign changed); undefined for a trial that failed. */
  readonly loss: number | undefined;
}

export interface Observations {
  /** By the trial's number. */
  readonly known: readonly Observation[];
  /** What runs, or waits for its start, and is not known. */
  readonly running: readonly Params[];
  /** What rests on a lower rung, or was dropped from one: tried, but not known at this budget. */
  readonly resting: readonly Params[];
  /** The budget at which the losses were seen. */
  readonly budget: number;
}

/**
 * Which number stands for a trial: its loss at the largest budget at which at least `enough` trials are known, or else at the
 * one at which most are. Known is what a run of that budget gave, or a longer run reported at exactly that step. A trial that
 * was stopped early counts with its last value, but never as better than the median of those that are known.
 */
export function observe(history: HistoryView, enough: number): Observations {
  const levels = knownByBudget(history);
  const budget = chooseBudget(levels, enough) ?? history.maxBudget;
  const values = levels.get(budget) ?? new Map<number, number>();
  const sorted = [...values.values()].toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];

  const known: Observation[] = [];
  const running: Params[] = [];
  const resting: Params[] = [];
  const stopped = new Map(history.outcomes.filter(({ kind }) => kind === "stopped").map((end) => [end.trial, end]));
  for (const { number: trial, params, state } of history.trials) {
    const loss = values.get(trial);
    const value = stopped.get(trial)?.value;
    if (loss !== undefined) known.push({ trial, params, loss });
    else if (state === "failed") known.push({ trial, params, loss: undefined });
    else if (state === "running" || state === "waiting") running.push(params);
    else if (value !== undefined && median !== undefined)
      known.push({ trial, params, loss: Math.max(lossOf(history, value), median) });
    else resting.push(params);
  }
  return { known, running, resting, budget };
}

function lossOf({ settings }: HistoryView, value: number): number {
  return settings.metric.goal === "maximize" ? -value : value;
}

/** For each budget that was completed, the losses of the trials that are known there. */
function knownByBudget(history: HistoryView): ReadonlyMap<number, ReadonlyMap<number, number>> {
  const { name } = history.settings.metric;
  const levels = new Map<number, Map<number, number>>();
  const completed = history.outcomes.filter(({ kind }) => kind === "completed");
  for (const { budget } of completed) if (!levels.has(budget)) levels.set(budget, new Map());
  for (const [level, losses] of levels)
    for (const end of completed) {
      const value = end.budget === level ? end.value : end.budget > level ? reportedAt(end, level, name) : undefined;
      if (value !== undefined) losses.set(end.trial, lossOf(history, value));
    }
  return levels;
}

function reportedAt({ curve }: Outcome, step: number, metric: string): number | undefined {
  return curve.find((report) => report.step === step)?.metrics[metric];
}

function chooseBudget(levels: ReadonlyMap<number, ReadonlyMap<number, number>>, enough: number): number | undefined {
  const descending = [...levels].toSorted(([a], [b]) => b - a);
  const most = Math.max(...descending.map(([, losses]) => losses.size));
  const chosen = descending.find(([, { size }]) => size >= enough) ?? descending.find(([, { size }]) => size === most);
  return chosen?.[0];
}

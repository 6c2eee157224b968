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
  readonly pending: readonly Params[];
  /** The budget at which the losses were seen. */
  readonly budget: number;
}

/**
 * Which number stands for a trial: its loss at the largest budget that at least `enough` trials have completed, or else at
 * the one that most have. A trial that was stopped early counts with its last value, but never as better than the median
 * of those that completed.
 */
export function observe(history: HistoryView, enough: number): Observations {
  const sign = history.settings.metric.goal === "maximize" ? -1 : 1;
  const budget = chooseBudget(history.outcomes, enough) ?? history.maxBudget;
  const completed = history.outcomes.filter((outcome) => outcome.kind === "completed" && outcome.budget === budget);
  const losses = completed.map(({ value }) => sign * (value as number)).sort((a, b) => a - b);
  const median = losses[Math.floor(losses.length / 2)];

  const known = new Map<number, Observation>();
  for (const { trial, params, kind, value, budget: reached } of history.outcomes) {
    if (kind === "failed" && !known.has(trial)) known.set(trial, { trial, params, loss: undefined });
    if (kind === "completed" && reached === budget) known.set(trial, { trial, params, loss: sign * (value as number) });
    if (kind === "stopped" && !known.has(trial) && value !== undefined && median !== undefined)
      known.set(trial, { trial, params, loss: Math.max(sign * value, median) });
  }
  const busy = [...history.openRuns.map(({ trial }) => trial), ...history.waiting.map(({ number }) => number)];
  const pending = busy
    .filter((trial) => !known.has(trial))
    .toSorted((a, b) => a - b)
    .map((trial) => (history.trials[trial] as { readonly params: Params }).params);
  return { known: [...known.values()].toSorted((a, b) => a.trial - b.trial), pending, budget };
}

function chooseBudget(outcomes: readonly Outcome[], enough: number): number | undefined {
  const counts = new Map<number, number>();
  for (const { kind, budget } of outcomes) if (kind === "completed") counts.set(budget, (counts.get(budget) ?? 0) + 1);
  const descending = [...counts].toSorted(([a], [b]) => b - a);
  const most = Math.max(...counts.values());
  return (descending.find(([, count]) => count >= enough) ?? descending.find(([, count]) => count === most))?.[0];
}

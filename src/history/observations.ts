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
  const { levels, stopped } = endsOf(history);
  const budget = chooseBudget(levels, enough) ?? history.maxBudget;
  const values = levels.get(budget) ?? new Map<number, number>();
  const median = stopped.size === 0 ? undefined : medianOf(values);

  const known: Observation[] = [];
  const running: Params[] = [];
  const resting: Params[] = [];
  for (const { number: trial, params, state } of history.trials) {
    const loss = values.get(trial);
    if (loss !== undefined) known.push({ trial, params, loss });
    else if (state === "failed") known.push({ trial, params, loss: undefined });
    else if (state === "running" || state === "waiting") running.push(params);
    else {
      const last = stopped.get(trial);
      if (last !== undefined && median !== undefined) known.push({ trial, params, loss: Math.max(last, median) });
      else resting.push(params);
    }
  }
  return { known, running, resting, budget };
}

function medianOf(values: ReadonlyMap<number, number>): number | undefined {
  const sorted = Float64Array.from(values.values()).sort();
  return sorted[Math.floor(sorted.length / 2)];
}

const endsByHistory = new WeakMap<HistoryView, Ends>();

/** What the outcomes say, folded once for each history and kept: they are only ever added to. */
function endsOf(history: HistoryView): Ends {
  let ends = endsByHistory.get(history);
  if (ends === undefined) endsByHistory.set(history, (ends = new Ends()));
  ends.catchUp(history);
  return ends;
}

class Ends {
  /** For each budget that was completed, the losses of the trials that are known there. */
  readonly levels = new Map<number, Map<number, number>>();
  /** The last losses of the trials that were stopped and have one. */
  readonly stopped = new Map<number, number>();
  #seen = 0;

  catchUp(history: HistoryView): void {
    const { outcomes, settings } = history;
    for (; this.#seen < outcomes.length; this.#seen++) {
      const end = outcomes[this.#seen] as Outcome;
      if (end.kind === "stopped" && end.value !== undefined) this.stopped.set(end.trial, lossOf(history, end.value));
      if (end.kind !== "completed") continue;
      if (!this.levels.has(end.budget)) {
        this.levels.set(end.budget, new Map());
        for (const earlier of outcomes.slice(0, this.#seen))
          this.#add(history, earlier, end.budget, settings.metric.name);
      }
      for (const level of this.levels.keys()) this.#add(history, end, level, settings.metric.name);
    }
  }

  #add(history: HistoryView, end: Outcome, level: number, metric: string): void {
    if (end.kind !== "completed" || end.budget < level) return;
    const value = end.budget === level ? end.value : reportedAt(end, level, metric);
    if (value !== undefined) this.levels.get(level)?.set(end.trial, lossOf(history, value));
  }
}

function lossOf({ settings }: HistoryView, value: number): number {
  return settings.metric.goal === "maximize" ? -value : value;
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

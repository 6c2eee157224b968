import type { Params } from "../space/parameter.ts";
import { curveEnds } from "./curve-ends.ts";
import type { HistoryView } from "./view.ts";

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
  /** What was tried and stopped, or rests, without a word of its loss. */
  readonly resting: readonly Params[];
}

/**
 * Which number stands for a trial: its loss after the whole training, seen or foretold from its curve by how others went on. So
 * trials that were stopped, and those that rest, teach as well. Without a budget nobody knows where a curve ends: a trial that
 * was stopped counts with its last loss, but never as better than the median of those that completed.
 */
export function observe(history: HistoryView): Observations {
  const { outcomes, settings, trials } = history;
  const { ends, whole } = curveEnds(history, outcomes);
  const median = settings.budget === null ? medianOf(whole) : -Infinity;

  const known: Observation[] = [];
  const running: Params[] = [];
  const resting: Params[] = [];
  for (const { number: trial, params, state, excused } of trials) {
    if (excused) continue;
    const loss = ends.get(trial)?.mean;
    if (state === "failed") known.push({ trial, params, loss: undefined });
    else if (loss !== undefined && median !== undefined)
      known.push({ trial, params, loss: whole.has(trial) ? loss : Math.max(loss, median) });
    else if (state === "running" || state === "waiting") running.push(params);
    else resting.push(params);
  }
  return { known, running, resting };
}

function medianOf(losses: ReadonlyMap<number, number>): number | undefined {
  const sorted = Float64Array.from(losses.values()).sort();
  return sorted[Math.floor(sorted.length / 2)];
}

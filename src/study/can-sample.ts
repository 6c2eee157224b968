import type { HistoryView } from "../history/view.ts";
import type { Sampler } from "../samplers/sampler.ts";

/** Whether a scheduler may ask for a new trial: the study's number of trials is not reached, and something is left to try. */
export function canSample(history: HistoryView, sampler: Sampler): boolean {
  const { stop, trials, queue, waiting, excused } = history;
  const left = stop.trials === null || trials.length - excused < stop.trials;
  if (left && (queue.length > 0 || nothingLeft(history, sampler) === undefined)) return true;
  return waiting.some(({ runs }) => runs.length === 0);
}

/** Why a sampler has nothing to suggest any more, where it has not. */
export function nothingLeft(history: HistoryView, sampler: Sampler): string | undefined {
  const { cardinality, exhausted } = history.tried;
  if (!exhausted) return sampler.exhausted?.(history);
  return cardinality === 1
    ? "the space's only configuration has been tried"
    : `all ${cardinality} configurations of the space have been tried`;
}

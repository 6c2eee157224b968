import type { HistoryView } from "../history/view.ts";
import ms from "ms";

/** How often a disk may be full, each time after it seemed to have room, while no run completes. */
const MOST_FULL = 5;

/** Why a study is over while its strategy could go on. */
export interface StudyStop {
  readonly reason: string;
  /** The machine or the objective is broken: what is open is left as it is, for a resume. */
  readonly failed: boolean;
  /** Trials that are to be tried again then. */
  readonly again?: readonly number[];
}

/** The stop rule that holds, if one does. The number of trials is no such rule: it only ends the sampling. */
export function studyStop(history: HistoryView): StudyStop | undefined {
  const { stop, best, settings } = history;
  const broken = waveStop(history) ?? diskStop(history);
  if (broken !== undefined) return broken;
  if (history.timeElapsed && stop.time !== null)
    return { failed: false, reason: `the study's time of ${ms(stop.time, { long: true })} is over` };
  if (best === undefined) return undefined;
  if (stop.value !== null && history.compare(best.value, stop.value) <= 0 && best.budget === history.maxBudget)
    return {
      failed: false,
      reason: `trial ${best.number} reached ${settings.metric.name} ${best.value}, the target was ${stop.value}`,
    };
  if (stop.patience !== null && history.endedSinceBest >= stop.patience)
    return {
      failed: false,
      reason: `${history.endedSinceBest} trials in a row ended without a better ${settings.metric.name}`,
    };
  return undefined;
}

/** Trials that fail alike in a row, by more than chance: something else than they is broken. */
function waveStop({ wave, runs }: HistoryView): StudyStop | undefined {
  if (wave === undefined) return undefined;
  const { cause, trials, isAll } = wave;
  const slots = new Set(trials.map((trial) => runs.findLast((run) => run.trial === trial)?.slot));
  const where = slots.size === 1 && new Set(runs.map(({ slot }) => slot)).size > 1 ? `, all on ${[...slots][0]}` : "";
  const reason = `the ${isAll ? "first" : "last"} ${trials.length} trials failed alike${where}: ${cause.message}`;
  return { failed: true, reason, again: [...trials] };
}

function diskStop({ disk }: HistoryView): StudyStop | undefined {
  const why = disk.gaveUp ?? (disk.times > MOST_FULL ? `it was so ${disk.times} times` : undefined);
  return why === undefined ? undefined : { failed: true, reason: `the disk is full: ${why}` };
}

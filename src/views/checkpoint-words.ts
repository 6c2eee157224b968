import type { CheckpointEvicted, CheckpointLeft, CheckpointLost } from "../history/events.ts";
import type { HistoryView, TrialView } from "../history/view.ts";
import { sizeInWords } from "../space/units.ts";
import { count, oneLine } from "./words.ts";

/** What became of checkpoints, in words. */

/** "checkpoint of step 3 (1.2 GB) removed to keep the checkpoints within 50 GB: …". */
export function evictionInWords({ step, bytes, reason }: Pick<CheckpointEvicted, "step" | "bytes" | "reason">): string {
  const which = step === undefined || step === 0 ? "unfinished checkpoint" : `checkpoint of step ${step}`;
  return `${which} (${sizeInWords(bytes)}) ${oneLine(reason)}`;
}

export function leftInWords({ message }: CheckpointLeft): string {
  return `old checkpoint left on disk, where it could not be removed: ${oneLine(message)}`;
}

/** "checkpoint of step 3 is lost, so the trial starts again at step 1: …". */
export function lostInWords({ step, message }: Pick<CheckpointLost, "step" | "message">): string {
  return `checkpoint of step ${step} is lost, so the trial starts again at step 1: ${oneLine(message)}`;
}

/** What there is of a trial's checkpoints; undefined when it never saved one. */
export function keptInWords({ checkpoint, checkpointBytes, evicted, lost }: TrialView): string | undefined {
  if (lost !== undefined) return lostInWords(lost);
  if (evicted !== undefined) return evictionInWords(evicted);
  if (checkpoint === 0) return undefined;
  return `of step ${checkpoint}${checkpointBytes === 0 ? "" : `, ${sizeInWords(checkpointBytes)}`}`;
}

/** "2 lost, 12 removed to keep within 50 GB, 3 reruns from step 1 because of it"; undefined where there is nothing to tell. */
export function removedInWords({ checkpoints, settings }: HistoryView): string | undefined {
  const { lost, evicted, reruns, exceeded, left } = checkpoints;
  const limit = sizeInWords(settings.checkpoints?.disk ?? 0);
  const parts = [
    lost === 0 ? [] : [`${lost} lost, so ${lost === 1 ? "its trial" : "their trials"} started again at step 1`],
    evicted === 0 ? [] : [`${evicted} removed to keep within ${limit}`],
    reruns === 0 ? [] : [`${count(reruns, "rerun")} from step 1 because of it`],
    exceeded ? [`what runs and the best trial alone took more than ${limit}`] : [],
    left === 0 ? [] : [`${count(left, "time")} an old one could not be removed`],
  ].flat();
  return parts.length === 0 ? undefined : parts.join(", ");
}

/** "checkpoints of 900 MB, at most 1 GB; 12 removed …"; undefined where there is no limit and nothing to tell. */
export function checkpointsInWords(history: HistoryView): string | undefined {
  const disk = history.settings.checkpoints?.disk;
  const removed = removedInWords(history);
  if (disk === undefined) return removed === undefined ? undefined : `checkpoints: ${removed}`;
  const kept = `checkpoints of ${sizeInWords(history.checkpoints.bytes)}, at most ${sizeInWords(disk)}`;
  return [kept, removed ?? []].flat().join("; ");
}

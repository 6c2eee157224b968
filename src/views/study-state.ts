import type { HistoryView } from "../history/view.ts";
import { holderOf } from "../journal/writer-lock.ts";
import type { StudyState } from "./payload.ts";

/** Whether a process holds the study's lock. */
export function isRunning(folder: string): boolean {
  return holderOf(folder) !== undefined;
}

export function studyState(folder: string, history: HistoryView): StudyState {
  return isRunning(folder) ? "running" : restingState(history);
}

/** The state of a study that no process runs. */
export function restingState({ finished }: HistoryView): Exclude<StudyState, "running"> {
  if (finished === undefined) return "interrupted";
  return finished.failed ? "failed" : "finished";
}

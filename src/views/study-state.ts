import type { HistoryView } from "../history/view.ts";
import { ask } from "../journal/lock.ts";
import type { StudyState } from "./payload.ts";

/** Whether a process holds the study's lock. */
export async function isRunning(folder: string): Promise<boolean> {
  return (await ask(folder, { kind: "ping" })) !== undefined;
}

export async function studyState(folder: string, history: HistoryView): Promise<StudyState> {
  if (await isRunning(folder)) return "running";
  return restingState(history);
}

/** The state of a study that no process runs. */
export function restingState({ finished }: HistoryView): Exclude<StudyState, "running"> {
  if (finished === undefined) return "interrupted";
  return finished.failed ? "failed" : "finished";
}

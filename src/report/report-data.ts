import { basename, join } from "node:path";
import { ENGINE } from "../study/engine.ts";
import { loadStudy } from "../study/study-folder.ts";
import { computeImportance } from "../views/importance-in-thread.ts";
import { importanceTask } from "../views/importance-task.ts";
import type { ReportData } from "../views/payload.ts";
import { studyChanges } from "../views/study-changes.ts";
import { StudyFold } from "../views/study-fold.ts";
import { isRunning } from "../views/study-state.ts";

/**
 * A study as its journal tells it now; one that runs, as it is at this moment.
 *
 * @param directory of the studies, as the user gave it: a report that is sent on names no more of the machine
 * @throws HpoError "study-not-found"; "journal-damaged"
 */
export async function reportData(directory: string, name: string): Promise<ReportData> {
  const fold = new StudyFold();
  const { folder } = loadStudy(directory, name, { fold });
  const place = { folder: join(directory, name), running: isRunning(folder) };
  const { head, ...changes } = studyChanges(fold, place, -1);
  const importance = await computeImportance(importanceTask(fold.history));
  // A folder may have been renamed; it is the folder that is asked for.
  const study = { ...changes, head: { ...head, name: basename(folder) } };
  return { madeAt: Date.now(), engine: ENGINE, study, importance, curvePoints: null };
}

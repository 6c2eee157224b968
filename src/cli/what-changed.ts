import type { Recorded } from "../history/events.ts";
import type { HistoryView } from "../history/view.ts";
import { objectiveCode } from "../study/objective-code.ts";
import { loadStudy } from "../study/study-folder.ts";
import { count } from "../views/words.ts";

/** A study as its last session left it. */
export interface LeftBehind {
  readonly folder: string;
  readonly history: HistoryView;
  /** Bytes of a torn last line. */
  readonly torn: number;
  /** Of the objective's code, at the last run that started. */
  readonly lastHash: string | null;
}

/** Reads a study before it is resumed: resuming cuts and closes what this tells of. */
export function readLeftBehind(directory: string, name: string): LeftBehind {
  let lastHash: string | null = null;
  const hear = (event: Recorded): void => {
    if (event.type === "run-started") lastHash = event.objective;
  };
  const { folder, history, torn } = loadStudy(directory, name, { each: hear });
  return { folder, history, torn, lastHash };
}

/** What a resume has to tell: a torn tail, runs that were open, an objective whose code changed. */
export function whatChanged({ folder, history, torn, lastHash }: LeftBehind): readonly string[] {
  const lost = history.waiting.filter((trial) => trial.runs.length > 0).map((trial) => trial.number);
  const trials = [...history.openRuns.map((run) => run.trial), ...lost];
  const again = trials.length === 1 ? "run that was open starts again" : "runs that were open start again";
  return [
    ...(torn === 0 ? [] : [`cut a torn last line of ${count(torn, "byte")} from the journal`]),
    ...(trials.length === 0 ? [] : [`${trials.length} ${again}: trial ${trials.join(", ")}`]),
    ...codeChange(lastHash, objectiveCode(history.settings.objective, folder).hash),
  ];
}

function codeChange(before: string | null, now: string | null): readonly string[] {
  if (before === null || before === now) return [];
  if (now === null) return ["the file of the objective's code is not where it was"];
  return [
    `the objective's code has changed since the last run (${before} → ${now}): old and new values may not compare`,
  ];
}

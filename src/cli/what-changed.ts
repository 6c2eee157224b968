import type { Recorded } from "../history/events.ts";
import { objectiveCode } from "../study/objective-code.ts";
import type { ResumeListener } from "../study/create-study.ts";
import type { LoadedStudy } from "../study/study-folder.ts";
import { count } from "../views/words.ts";

/** Listens to a resume, and notes what it has to tell: a torn tail, runs that were open, an objective whose code changed. */
export class WhatChanged implements ResumeListener {
  notes: readonly string[] = [];
  /** Of the objective's code, at the last run that started. */
  #lastHash: string | null = null;

  each = (event: Recorded): void => {
    if (event.type === "run-started") this.#lastHash = event.objective;
  };

  left = (study: LoadedStudy): void => {
    this.notes = whatChanged(study, this.#lastHash);
  };
}

function whatChanged({ folder, history, torn }: LoadedStudy, lastHash: string | null): readonly string[] {
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

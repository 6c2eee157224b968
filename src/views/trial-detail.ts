import { basename } from "node:path";
import type { TrialView } from "../history/view.ts";
import { commandLine } from "./command-line.ts";
import { readLogTails } from "./log-tail.ts";
import type { TrialDetail } from "./payload.ts";
import type { StudyFold } from "./study-fold.ts";
import { curveOf } from "./trial-row.ts";
import { eventInWords } from "./trial-story.ts";

/** Lines of each log that a trial's page shows. */
const LOG_LINES = 200;

/**
 * What one trial's page shows besides its row; its logs are read from the disk.
 *
 * @param study its folder, and the folder's name, which commands call it by
 * @param directory of the studies, as the user gave it
 * @returns undefined for a number that no trial has
 */
export function trialDetail(
  fold: StudyFold,
  study: { readonly name: string; readonly folder: string },
  directory: string,
  number: number,
): TrialDetail | undefined {
  const { history } = fold;
  const trial = history.trials[number];
  if (trial === undefined) return undefined;
  const story = fold.eventsOf(number).flatMap((event) => {
    const text = eventInWords(history, trial, event);
    return text === undefined ? [] : [{ at: event.at, text }];
  });
  const logs = readLogTails(study.folder, number, LOG_LINES).map(({ file, lines }) => ({
    file: basename(file),
    lines,
  }));
  const again = commandLine("trial run", [study.name, number], directory);
  return { number, curves: curvesOf(trial), story, logs, again };
}

function curvesOf(trial: TrialView): TrialDetail["curves"] {
  const names = new Set(trial.reports.flatMap(({ metrics }) => Object.keys(metrics)));
  return Object.fromEntries([...names].map((name) => [name, curveOf(trial, name)]));
}

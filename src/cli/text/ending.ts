import type { HistoryView } from "../../history/view.ts";
import { nothingLeft } from "../../study/can-sample.ts";
import { createStrategy } from "../../study/strategy.ts";
import { removedInWords } from "../../views/checkpoint-words.ts";
import { commandLine } from "../../views/command-line.ts";
import { safetyInWords } from "../../views/safety-words.ts";
import { statesInWords } from "./trial-rows.ts";
import { bestInWords, fallbacksInWords } from "../../views/study-words.ts";
import { inTime, oneLine, valueInWords } from "../../views/words.ts";

/** How a session of a study ended. */
export interface Ending {
  readonly history: HistoryView;
  readonly state: "finished" | "interrupted";
  readonly reason: string;
  readonly failed: boolean;
  readonly folder: string;
  /** As the user gave it. */
  readonly directory: string;
  /** Running time of this session, in milliseconds. */
  readonly time: number;
}

/** What stays to be read when a study has ended. */
export function endingLines(ending: Ending): string[] {
  const { history, state, reason, failed, folder, directory, time } = ending;
  const { name } = history.settings;
  const verb = state === "interrupted" ? "interrupted" : `${failed ? "failed" : "finished"}: ${oneLine(reason)}`;
  const removed = removedInWords(history);
  const trials =
    history.trials.length === 0 ? "no trials" : statesInWords(history.trials, state === "interrupted" || failed);
  return [
    `${name} ${verb}`,
    ...bestLines(history),
    `  trials   ${trials}, in ${inTime(time)}`,
    ...safetyInWords(history).map((line, index) => `  ${index === 0 ? "safety" : "      "}   ${line}`),
    ...(history.fallbacks === 0 ? [] : [`  fell back ${fallbacksInWords(history)}`]),
    ...(removed === undefined ? [] : [`  checkpoints: ${removed}`]),
    `  on disk  ${folder}`,
    ...nextLines(history, name, directory),
  ];

  function nextLines({ best, trials: all, stop, settings }: HistoryView, study: string, where: string): string[] {
    const example = best?.number ?? all.find((trial) => trial.state === "failed")?.number;
    const look = example === undefined ? [] : [commandLine("trial show", [study, example], where)];
    const limit = stop.trials === null ? [] : ["--trials", String(Math.max(stop.trials, all.length) * 2)];
    const more = state === "interrupted" || failed ? [] : history.timeElapsed ? ["--time", "…"] : limit;
    const resume = commandLine("study resume", [study, ...more], where);
    const isAllTried = nothingLeft(history, createStrategy(settings).sampler) !== undefined;
    return [
      `  next     ${commandLine("study show", [study], where)}`,
      ...look.map((line) => `           ${line}`),
      // Where nothing is left to try, more trials are none.
      ...(state === "finished" && !failed && isAllTried ? [] : [`           ${resume}`]),
    ];
  }
}

/** The one thing that `--quiet` prints. */
export function resultLine({ history, state, reason }: Ending): string {
  const { best, settings } = history;
  if (best === undefined) return `${settings.name}: no trial completed (${oneLine(reason)})`;
  const tail = state === "interrupted" ? " (interrupted)" : "";
  const params = Object.entries(best.params).map(([key, value]) => `${oneLine(key)}=${valueInWords(value)}`);
  return `${settings.name}: best is ${bestInWords(best, history)}; ${params.join(" ")}${tail}`;
}

function bestLines(history: HistoryView): string[] {
  const { best } = history;
  if (best === undefined) return ["  best     none: no trial completed"];
  return [
    `  best     ${bestInWords(best, history)}`,
    ...Object.entries(best.params).map(([key, value]) => `             ${oneLine(key)}: ${valueInWords(value)}`),
  ];
}

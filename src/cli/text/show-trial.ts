import { isSampled } from "../../history/source.ts";
import type { Recorded } from "../../history/events.ts";
import type { HistoryView, TrialView } from "../../history/view.ts";
import type { FoundTrial } from "../find-trial.ts";
import type { LogTail } from "../../views/log-tail.ts";
import { keptInWords } from "../../views/checkpoint-words.ts";
import { differences, similarFailures, similarInWords } from "../../views/failure-words.ts";
import { eventInWords } from "../../views/trial-story.ts";
import { sparkline } from "./sparkline.ts";
import { inClock, inDigits, oneLine, valueInWords } from "../../views/words.ts";

export interface ShownTrial {
  readonly found: FoundTrial;
  /** The line that runs it again alone. */
  readonly again: string;
  /** The command objective's own line. */
  readonly objective: string | undefined;
  readonly logs: readonly LogTail[];
  readonly width: number;
}

/** Everything about one trial, in lines. */
export function showTrial({ found, again, objective, logs, width }: ShownTrial): string[] {
  const { history, trial, events } = found;
  const { metric } = history.settings;
  const value = trial.value === undefined ? "" : `: ${metric.name} ${trial.value}`;
  return [
    `trial ${trial.number} of ${history.settings.name} is ${trial.state}${value}`,
    "",
    `parameters (${!isSampled(trial.source) ? trial.source : `by ${oneLine(trial.source)}`})`,
    ...Object.entries(trial.params).map(([name, each]) => `  ${oneLine(name)}: ${valueInWords(each)}`),
    ...keptLines(trial),
    "",
    "what happened",
    ...events.flatMap((event) => eventLine(history, trial, event)),
    ...curve(trial, metric.name, width),
    ...(trial.cause === undefined ? [] : failure(history, trial, trial.cause)),
    ...logs.flatMap(({ file, lines, leftOut }) => [
      "",
      `end of ${file}${leftOut > 0 ? ` (it printed too much: ${leftOut} bytes in its middle were left out)` : ""}`,
      ...lines.map((line) => `  ${line}`),
    ]),
    "",
    "run it again alone",
    `  ${again}`,
    ...(objective === undefined ? [] : ["its own command", `  ${objective}`]),
  ];
}

function keptLines(trial: TrialView): string[] {
  const kept = keptInWords(trial);
  return kept === undefined ? [] : ["", `checkpoint: ${kept}`];
}

function eventLine(history: HistoryView, trial: TrialView, event: Recorded): string[] {
  const words = eventInWords(history, trial, event);
  return words === undefined ? [] : [`  ${inClock(event.at - trial.createdAt).padStart(7)}  ${words}`];
}

function curve({ reports }: TrialView, metric: string, width: number): string[] {
  const told = reports.filter((report) => Object.hasOwn(report.metrics, metric));
  const values = told.map((report) => report.metrics[metric] as number);
  const [first, last] = [told[0], told.at(-1)];
  if (first === undefined || last === undefined) return [];
  const ends = `${inDigits(values[0] as number)} at step ${first.step} to ${inDigits(values.at(-1) as number)} at step ${last.step}`;
  return [
    "",
    `curve of ${metric}, ${told.length === 1 ? "1 report" : `${told.length} reports`}: ${ends}`,
    `  ${sparkline(values, Math.min(60, width - 2))}`,
  ];
}

function failure(history: HistoryView, trial: TrialView, cause: NonNullable<TrialView["cause"]>): string[] {
  const { kind, message, detail } = cause;
  const more = detail === undefined ? [] : detail.split("\n").map((line) => `  ${oneLine(line)}`);
  const similar = similarFailures(history, trial);
  return [
    "",
    `why it failed (${kind}): ${oneLine(message)}`,
    ...more,
    ...(similar === undefined ? [] : [similarInWords(similar)]),
    ...differences(history, trial).map((line) => `different: ${oneLine(line)}`),
  ];
}

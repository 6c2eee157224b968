import type { HistoryView } from "../../history/view.ts";
import type { StudyState } from "../../views/payload.ts";
import { checkpointsInWords } from "../../views/checkpoint-words.ts";
import { commandLine } from "../../views/command-line.ts";
import { safetyInWords } from "../../views/safety-words.ts";
import { bestInWords, endInWords, fallbacksInWords, strategyInWords } from "../../views/study-words.ts";
import { statesInWords } from "./trial-rows.ts";
import { wrap } from "./wrap.ts";
import { count, oneLine, valueInWords } from "../../views/words.ts";

const HANGING = " ".repeat(12);

export interface ShownStudy {
  readonly history: HistoryView;
  readonly state: StudyState;
  readonly folder: string;
  /** Bytes of a torn last line. */
  readonly torn: number;
  /** As the user gave it. */
  readonly directory: string;
}

/**
 * A study in a few lines, without its trials.
 *
 * @param width columns of the terminal; undefined: lines are as long as they are
 */
export function showStudy(study: ShownStudy, width: number | undefined): string[] {
  const lines = linesOf(study);
  return width === undefined ? lines : lines.flatMap((line) => wrap(line, width, HANGING));
}

function linesOf({ history, state, folder, torn, directory }: ShownStudy): string[] {
  const { settings, best, trials, finished, queue, notes } = history;
  const { metric, name } = settings;
  const lines = [
    `${name}: ${stateInWords(state, finished?.reason)}`,
    `  goal      ${metric.goal} ${metric.name}`,
    `  strategy  ${strategyInWords(settings)}, seed ${oneLine(settings.seed)}`,
    `  stops     ${endInWords(settings, history.stop)}`,
    `  trials    ${trials.length === 0 ? "none yet" : `${trials.length}: ${statesInWords(trials, state === "interrupted")}`}`,
    ...safetyInWords(history).map((line, index) => `  ${index === 0 ? "safety" : "      "}    ${line}`),
    `  on disk   ${folder}`,
  ];
  const checkpoints = checkpointsInWords(history);
  if (checkpoints !== undefined) lines.push(`  saved     ${checkpoints}`);
  if (queue.length > 0) lines.push(`  enqueued  ${count(queue.length, "configuration")} to try next`);
  if (history.fallbacks > 0) lines.push(`  fell back ${fallbacksInWords(history)}`);
  for (const [slot, { reason }] of history.slotWaits.open) lines.push(`  waits     ${slot}: ${oneLine(reason)}`);
  // A coordinator that runs may be in the middle of a line.
  if (torn > 0 && state !== "running")
    lines.push(`  note      the journal's last line is torn (${count(torn, "byte")}); the next resume cuts it off`);
  for (const [index, note] of notes.entries()) {
    const about = note.trial === null ? "" : `trial ${note.trial}: `;
    lines.push(`  ${index === 0 ? "notes" : "     "}     ${about}${oneLine(note.text)}`);
  }
  if (best !== undefined) {
    lines.push(`  best      ${bestInWords(best, history)}`);
    for (const [key, value] of Object.entries(best.params))
      lines.push(`              ${oneLine(key)}: ${valueInWords(value)}`);
  }
  if (state === "interrupted") lines.push(`  go on     ${commandLine("study resume", [name], directory)}`);
  return lines;
}

function stateInWords(state: StudyState, reason: string | undefined): string {
  if (reason === undefined || state === "running") return state;
  return `${state}, since ${oneLine(reason)}`;
}

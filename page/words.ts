import { budgetInWords as wordsOfBudget } from "../src/history/budget-in-words.ts";
import type { Prediction } from "../src/history/events.ts";
import type { SafetyRecord } from "../src/history/safety.ts";
import type { TrialState } from "../src/history/view.ts";
import type { Params } from "../src/space/parameter.ts";
import type { Goal } from "../src/space/spec.ts";
import type { StudyHead, StudyState } from "../src/views/payload.ts";
import { numberInWords, valueInWords } from "./charts/words.ts";

/** Times and standings as people read them. */

export const STATE_MEANINGS: Readonly<Record<TrialState, string>> = {
  waiting: "waits for a slot",
  running: "runs now",
  paused: "rests on a rung and may be promoted",
  complete: "used its whole budget",
  pruned: "was stopped before its whole budget, since others are better",
  failed: "ended with an error",
};

export const STUDY_MEANINGS: Readonly<Record<StudyState, string>> = {
  running: "a coordinator works on it now",
  finished: "a stop rule ended it",
  failed: "it ended with an error",
  interrupted: "nobody works on it; hpo study resume goes on with it",
};

/** "0:07", "12:40", "3:05:09". */
export function clockInWords(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value: number): string => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** "just now", "5 minutes ago", "3 days ago". */
export function agoInWords(then: number, now: number): string {
  const seconds = Math.floor((now - then) / 1000);
  if (seconds < 60) return "just now";
  for (const [size, unit] of [
    [86_400, "day"],
    [3_600, "hour"],
    [60, "minute"],
  ] as const) {
    const number = Math.floor(seconds / size);
    if (number >= 1) return `${number} ${unit}${number === 1 ? "" : "s"} ago`;
  }
  return "just now";
}

/** "0.29 s", "7.5 s", "0:42", "1:02:03". */
export function spanInWords(milliseconds: number): string {
  return milliseconds < 10_000
    ? `${numberInWords(Number((Math.max(0, milliseconds) / 1000).toFixed(2)))} s`
    : clockInWords(milliseconds);
}

/** With a capital at its start and a full stop at its end. */
export function sentence(words: string): string {
  const stopped = /[.!?…]$/.test(words) ? words : `${words}.`;
  return stopped.charAt(0).toUpperCase() + stopped.slice(1);
}

/** A recorded reason; numbers with many digits are rounded. */
export function reasonInWords(reason: string): string {
  return reason.replaceAll(/\d*\.\d{4,}(e[+-]?\d+)?/g, (number) => numberInWords(Number(number)));
}

const DATE = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
const TIME = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

/** "24 Nov 2026, 10:31", in the reader's time zone. */
export function dateInWords(time: number): string {
  return DATE.format(time);
}

/** "10:31:07". */
export function timeInWords(time: number): string {
  return TIME.format(time);
}

/** "learningRate 0.003, layers 2". */
export function paramsInWords(params: Params): string {
  return Object.entries(params)
    .map(([name, value]) => `${name} ${valueInWords(value)}`)
    .join(", ");
}

/** "9 epochs"; undefined in a study without budgets. */
export function budgetInWords({ budget }: Pick<StudyHead, "budget">, amount: number | null): string | undefined {
  if (budget === null || amount === null) return undefined;
  return wordsOfBudget(amount, budget.unit);
}

/** How long coordinators have worked on it, in milliseconds. */
export function elapsedTime({ sessions }: Pick<StudyHead, "sessions">, now: number): number {
  return sessions.reduce((sum, { startedAt, endedAt }) => sum + Math.max(0, (endedAt ?? now) - startedAt), 0);
}

/** What is known about stops that were not carried out, to see whether stopping is right: "none of 5 was wrong". */
export function stopsInWords({ shadow, stopped }: SafetyRecord): string {
  const carriedOut = `${stopped} carried out`;
  if (shadow.ended === 0) return `${carriedOut}, none looked into yet`;
  return `${carriedOut}; of ${shadow.ended} that were not, to look into them, ${shadow.wrong} would have been wrong`;
}

/** "0.031 ± 0.004 foretold, 0.029 seen: 0.5 deviations better". */
export function predictionInWords({ mean, deviation }: Prediction, seen: number | null, goal: Goal): string {
  const foretold = `${numberInWords(mean)} ± ${numberInWords(deviation)} foretold`;
  if (seen === null) return foretold;
  const off = deviation > 0 ? Math.abs(seen - mean) / deviation : 0;
  const better = goal === "minimize" ? seen < mean : seen > mean;
  if (off < 0.05) return `${foretold}, ${numberInWords(seen)} seen`;
  return `${foretold}, ${numberInWords(seen)} seen: ${numberInWords(Number(off.toFixed(1)))} deviations ${better ? "better" : "worse"}`;
}

import { safetyOf, wrongStopOf, type SafetyRecord } from "../history/safety.ts";
import type { HistoryView, TrialView } from "../history/view.ts";
import { count, inDigits } from "./words.ts";

/** What stopping early saved and how often it was wrong, a few lines of words; none for a study without stops. */
export function safetyInWords(history: HistoryView): readonly string[] {
  const record = safetyOf(history);
  if (record === undefined) return [];
  const { stopped, steps, foretold } = record;
  const saved = steps === undefined || stopped === 0 ? "" : `, which saved ${savedInWords(steps)}`;
  return [
    ...(stopped === 0 ? [] : [`stopped ${count(stopped, "run")} early${saved}`]),
    ...shadowInWords(record),
    ...(foretold === undefined ? [] : [foretoldInWords(foretold, record)]),
  ];
}

/** What a shadowed trial has shown, for behind its result; empty for any other trial, and before its end. */
export function shownInWords(history: HistoryView, trial: TrialView): string {
  const wrong = wrongStopOf(history, trial);
  if (wrong === undefined) return "";
  return `; to stop it at step ${trial.givenUp?.step} would have been ${wrong ? "wrong" : "right"}`;
}

/** "1,030 of 1,620 steps (64 %)". */
function savedInWords({ done, saved }: NonNullable<SafetyRecord["steps"]>): string {
  const all = done + saved;
  return `${grouped(saved)} of ${grouped(all)} ${all === 1 ? "step" : "steps"} (${percent(saved / all)} %)`;
}

/** "of 3 stops continued in the shadow 0 were wrong (0 to 56 %)". */
function shadowInWords({ shadow, stopped, wrongStops }: SafetyRecord): readonly string[] {
  const { stops, ended, wrong, share } = shadow;
  if (stops === 0) return [];
  if (share === undefined) {
    const came = ended === 0 ? "none of them to the end yet" : "one of them to the end: too few to judge by";
    return [`${count(stops, "stop")} continued in the shadow, ${came}`];
  }
  const were = `${wrong} ${wrong === 1 ? "was" : "were"} wrong`;
  const found = `of ${ended} stops continued in the shadow ${were} (${percent(share.low)} to ${percent(share.high)} %)`;
  if (wrong === 0 || stopped === 0 || wrongStops === undefined) return [found];
  return [`${found}, and so about ${inDigits(wrongStops.rate, 2)} of the ${stopped} carried out`];
}

/** "predicted: at most 0.8 of 31 drops were wrong": "at most" of drops alone, since theirs are a cautious model's chances. */
function foretoldInWords(
  { of, wrong }: NonNullable<SafetyRecord["foretold"]>,
  { stopped, dropped }: SafetyRecord,
): string {
  const nouns = [stopped === 0 ? [] : ["stop"], dropped === 0 ? [] : ["drop"]].flat();
  const what = nouns.map((noun) => (of === 1 ? noun : `${noun}s`)).join(" and ");
  const bound = stopped === 0 && dropped > 0 ? "at most " : "";
  return `predicted: ${bound}${inDigits(wrong, 2)} of ${of} ${what} ${of === 1 ? "was" : "were"} wrong`;
}

function grouped(steps: number): string {
  return steps.toLocaleString("en-US", { maximumFractionDigits: 1 });
}

function percent(share: number): number {
  return Math.round(100 * share);
}

import type { CodeVersion } from "../history/events.ts";
import { gistOf } from "../history/failure-wave.ts";
import type { HistoryView, RunView, TrialView } from "../history/view.ts";
import { count } from "./words.ts";

/** What a failure has in common with others, and what is different where a run completed. */

const COMMIT_DIGITS = 12;

/** Numbers of trials that are listed. */
const LISTED = 10;

export interface SimilarFailures {
  /** Numbers of the trials that failed alike, this one included. */
  readonly trials: readonly number[];
  /** How many trials failed in all. */
  readonly failed: number;
}

/** The failures like a trial's own; undefined where it has none. */
export function similarFailures({ trials }: HistoryView, { cause }: TrialView): SimilarFailures | undefined {
  if (cause === undefined) return undefined;
  const failed = trials.filter((each) => each.cause !== undefined);
  const gist = gistOf(cause);
  const alike = failed.filter((each) => each.cause !== undefined && gistOf(each.cause) === gist);
  return { trials: alike.map(({ number }) => number), failed: failed.length };
}

/** "3 of 7 failed trials failed alike: 2, 5, 9". */
export function similarInWords({ trials, failed }: SimilarFailures): string {
  if (trials.length <= 1) return `no other of ${count(failed, "failed trial")} failed alike`;
  const more = trials.length > LISTED ? ", …" : "";
  return `${trials.length} of ${count(failed, "failed trial")} failed alike: ${trials.slice(0, LISTED).join(", ")}${more}`;
}

/** "1a2b3c4d5e6f, with changes". */
export function codeInWords(code: CodeVersion | undefined): string {
  if (code === undefined) return "unknown";
  return `${code.commit.slice(0, COMMIT_DIGITS)}${code.dirty ? ", with changes" : ""}`;
}

/** What a failed trial's last run had that the last run to complete had not, each in words; empty where nothing differs. */
export function differences({ runs }: HistoryView, trial: TrialView): readonly string[] {
  const failed = trial.cause === undefined ? undefined : trial.runs.at(-1);
  const completed = runs.findLast(({ state }) => state === "completed");
  if (failed === undefined || completed === undefined) return [];
  const facts: readonly (readonly [string, (run: RunView) => string])[] = [
    ["slot", ({ slot }) => slot],
    ["objective's code", ({ objective }) => objective ?? "unknown"],
    ["commit", ({ session: { code } }) => codeInWords(code)],
    ["Node.js", ({ session }) => session.node],
  ];
  return facts.flatMap(([what, of]) => {
    const [here, there] = [of(failed), of(completed)];
    return here === there
      ? []
      : [`${what} ${here}, which was ${there} for trial ${completed.trial}, the last to complete`];
  });
}

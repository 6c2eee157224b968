import type { RunStopped, TrialDropped } from "../history/events.ts";
import type { HistoryView, TrialView } from "../history/view.ts";

/** Characters of a note, at most. */
const LONGEST_NOTE = 2_000;

/** What a user's request to stop a trial calls for, but for the event that it saw last. */
export type RequestedStop = Omit<RunStopped, "seen"> | Omit<TrialDropped, "seen">;

/**
 * The next stop that users asked for and that is not carried out yet, a pure function of the history: a run that is open is told
 * to stop, and a trial that rests or waits is given up. A trial whose run ends by itself meanwhile may come to rest, and is given
 * up then.
 */
export function nextRequestedStop({ stopRequests }: HistoryView): RequestedStop | undefined {
  for (const { number, state, runs } of stopRequests.open) {
    if (state === "paused" || state === "waiting")
      return { type: "trial-dropped", trial: number, reason: "dropped: you asked for it" };
    const run = runs.at(-1);
    if (run?.state === "open") return { type: "run-stopped", run: run.run, reason: "stopped: you asked for it" };
  }
  return undefined;
}

/** Why a user cannot have a trial stopped, in words; undefined where it can be. */
export function stopProblem(history: HistoryView, number: number): string | undefined {
  const { settings, finished } = history;
  const trial = trialOf(history, number);
  if (trial === undefined) return noTrial(history, number);
  const { state, stopRequested } = trial;
  if (state === "complete" || state === "pruned" || state === "failed")
    return `trial ${number} has ended already: it is ${state}`;
  if (settings.parallel !== null)
    return `trial ${number} belongs to a reproducible study: what such a study comes to must not depend on when somebody asks for a stop`;
  if (stopRequested) return `trial ${number} is told to stop already`;
  if (finished !== undefined)
    return `trial ${number} is ${state}, and the study has finished: it does not go on anyway`;
  return undefined;
}

/** Why a note cannot be taken, in words; undefined where it can be. */
export function noteProblem(history: HistoryView, text: unknown, trial: number | null): string | undefined {
  if (typeof text !== "string") return `expected the text of a note, received ${JSON.stringify(text) ?? String(text)}`;
  const { length } = Array.from(text);
  if (text.trim() !== text || length === 0 || length > LONGEST_NOTE)
    return `expected a note of 1 to ${LONGEST_NOTE.toLocaleString("en-US")} characters without space around them, received ${length}`;
  return trial !== null && trialOf(history, trial) === undefined ? noTrial(history, trial) : undefined;
}

/** A request from another process may hold anything. */
function trialOf({ trials }: HistoryView, number: unknown): TrialView | undefined {
  return Number.isSafeInteger(number) ? trials[number as number] : undefined;
}

function noTrial({ trials, settings }: HistoryView, number: unknown): string {
  const there = trials.length === 0 ? "it has none yet" : `it has the trials 0 to ${trials.length - 1}`;
  return `study "${settings.name}" has no trial ${String(number)}: ${there}`;
}

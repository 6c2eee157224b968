import type { Recorded } from "../history/events.ts";
import type { HistoryView, TrialView } from "../history/view.ts";
import { sizeInWords } from "../space/units.ts";
import { evictionInWords, leftInWords, lostInWords } from "./checkpoint-words.ts";
import { shownInWords } from "./safety-words.ts";
import { inDigits, oneLine } from "./words.ts";

/** What an event did to its trial, in one line of words; undefined where there is nothing to tell, as of a report. */
export function eventInWords(history: HistoryView, trial: TrialView, event: Recorded): string | undefined {
  const words = inWords(history, trial, event);
  return words === undefined ? undefined : oneLine(words);
}

function inWords(history: HistoryView, trial: TrialView, event: Recorded): string | undefined {
  switch (event.type) {
    case "trial-created":
      return `created: ${event.reason}${event.fallback === undefined ? "" : `; fell back: ${event.fallback}`}`;
    case "run-started":
      return `run ${event.run} on ${event.slot}, attempt ${event.attempt}: ${event.reason}`;
    case "checkpoint-saved":
      return `checkpoint of step ${event.step}${event.bytes === undefined ? "" : `, ${sizeInWords(event.bytes)}`}`;
    case "checkpoint-evicted":
      return evictionInWords(event);
    case "checkpoint-lost":
      return lostInWords(event);
    case "checkpoint-left":
      return leftInWords(event);
    case "run-stopped":
      return `told to stop: ${event.reason}`;
    case "trial-stop-requested":
      return "you asked for its end";
    case "noted":
      return `note: ${event.text}`;
    case "run-shadowed":
    case "trial-dropped":
      return event.reason;
    case "run-ended": {
      const { outcome, run } = event;
      if (outcome.kind === "lost")
        return outcome.cause === undefined
          ? `run ${run} was not served by its slot: ${outcome.reason}`
          : `run ${run} was interrupted (${outcome.cause.kind}), the trial starts again: ${outcome.reason}`;
      if (outcome.kind === "failed") return `run ${run} failed (${outcome.cause.kind}): ${outcome.cause.message}`;
      const metrics = outcome.kind === "completed" ? Object.entries(outcome.metrics) : [];
      const words = metrics.map(([name, value]) => `${name} ${inDigits(value, 6)}`).join(", ");
      const state = history.runs[run]?.state ?? outcome.kind;
      const shown = state === "completed" ? shownInWords(history, trial) : "";
      return `run ${run} ended, ${state}${words === "" ? "" : `: ${words}`}${shown}`;
    }
    case "slot-waits":
    case "slot-ready":
    case "study-created":
    case "session-started":
    case "session-ended":
    case "enqueued":
    case "time-elapsed":
    case "disk-checked":
    case "reported":
    case "checkpoints-exceeded":
    case "study-finished":
      return undefined;
  }
}

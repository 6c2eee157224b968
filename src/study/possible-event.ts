import type { Recorded } from "../history/events.ts";
import type { History } from "../history/history.ts";
import { noteProblem, stopProblem } from "./user-requests.ts";

/** What a journal says is not what its history implies. */
export class Difference extends Error {}

/**
 * Whether an event can come after a history at all: its run is open, its slot is free, its rule exists.
 *
 * @throws Difference in words
 */
export function assertPossible(history: History, event: Recorded): void {
  switch (event.type) {
    case "study-created":
    case "session-started":
      return;
    case "session-ended":
    case "enqueued":
    case "slot-waits":
    case "slot-ready":
      return assertSession(history);
    case "noted":
      assertSession(history);
      return assertAllowed(noteProblem(history, event.text, event.trial));
    case "trial-stop-requested":
      assertSession(history);
      return assertAllowed(stopProblem(history, event.trial));
    case "time-elapsed":
      assertSession(history);
      return assert(history.stop.time !== null && !history.timeElapsed, "no time rule can have been met");
    case "disk-checked":
      assertSession(history);
      return assert(history.disk.isFull, "the disk was not full");
    case "trial-created":
    case "trial-dropped":
    case "checkpoint-evicted":
    case "checkpoints-exceeded":
    case "study-finished":
      return assertSession(history);
    case "run-started":
      assertSession(history);
      // Whoever drives a study by hand has no slots.
      return assert(
        event.slot === "ask" || !history.openRuns.some(({ slot }) => slot === event.slot),
        `a run is open on ${event.slot}`,
      );
    case "checkpoint-saved": {
      const { bytes = 0, content } = event;
      for (const size of [bytes, content?.files ?? 0, content?.length ?? 0])
        assert(Number.isSafeInteger(size) && size >= 0, `a checkpoint takes ${bytes} bytes`);
      return assertOpen(history, event.run);
    }
    case "checkpoint-lost": {
      assertSession(history);
      const trial = history.trials[event.trial];
      const isOpen = history.openRuns.some((run) => run.trial === event.trial);
      return assert(
        trial?.checkpoint === event.step && !isOpen,
        `trial ${event.trial} rests on no checkpoint of step ${event.step}`,
      );
    }
    case "checkpoint-left":
      assertSession(history);
      return assert(history.trials[event.trial] !== undefined, `trial ${event.trial} was never created`);
    case "reported":
    case "run-stopped":
    case "run-shadowed":
      return assertOpen(history, event.run);
    case "run-ended": {
      assertOpen(history, event.run);
      const stopping = history.runs[event.run]?.state === "stopping";
      const { kind } = event.outcome;
      assert(!stopping || kind === "stopped", `the run was told to stop and ended as ${kind}`);
      const value = kind === "completed" ? event.outcome.metrics[history.settings.metric.name] : 0;
      return assert(Number.isFinite(value), `it completed without a value for ${history.settings.metric.name}`);
    }
  }
}

function assertAllowed(problem: string | undefined): void {
  assert(problem === undefined, problem ?? "");
}

function assertSession(history: History): void {
  assert(!history.sessionEnded, "no coordinator had the study open");
}

function assertOpen(history: History, run: number): void {
  assertSession(history);
  const state = history.runs[run]?.state ?? "never started";
  assert(state === "open" || state === "stopping", `run ${run} is not open: ${state}`);
}

function assert(possible: boolean, why: string): void {
  if (!possible) throw new Difference(`cannot be: ${why}`);
}

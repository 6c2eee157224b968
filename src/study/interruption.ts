import type { CauseKind, RunOutcome } from "../history/events.ts";
import type { TrialView } from "../history/view.ts";

/** Ends that are no fault of their trial: it starts again, as after the death of its coordinator, and nothing is charged to it. */
const EXCUSED: ReadonlySet<CauseKind> = new Set(["disk", "device-lost", "preempted", "checkpoint"]);

/** How often in a row a trial is interrupted so: what it then meets once more is its own. A full disk is the whole study's. */
const MOST = 3;

/** A run that failed through no fault of its trial is lost. */
export function excuse({ runs }: TrialView, outcome: RunOutcome): RunOutcome {
  if (outcome.kind !== "failed" || !EXCUSED.has(outcome.cause.kind)) return outcome;
  // The last run is the one that ends.
  const before = runs.slice(-1 - MOST, -1).filter(({ cause, state }) => state === "lost" && cause !== undefined);
  const often = outcome.cause.kind !== "disk" && before.length === MOST;
  return often ? outcome : { kind: "lost", reason: outcome.cause.message, cause: outcome.cause };
}

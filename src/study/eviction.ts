import type { CheckpointEvicted, CheckpointsExceeded } from "../history/events.ts";
import type { HistoryView, TrialView } from "../history/view.ts";
import type { Scheduler } from "../schedulers/scheduler.ts";
import { sizeInWords } from "../space/units.ts";

/** What keeps the checkpoints within the study's limit: an answer, as the journal holds it. */
export type Eviction = Omit<CheckpointEvicted, "seen"> | Omit<CheckpointsExceeded, "seen">;

/**
 * The next checkpoints to give up while all that are kept take more than the limit: a pure function of the history. First go
 * those of trials that ended, since they never go on, then those of paused trials, the least promising first. What is open or
 * waits to start again keeps its own, and so does the best trial, whose model is what the study is for.
 *
 * @returns undefined when nothing is to be done; that what is left is too much is said once
 */
export function nextEviction(history: HistoryView, scheduler: Scheduler): Eviction | undefined {
  const { checkpoints, settings, trials } = history;
  const disk = settings.checkpoints?.disk;
  if (disk === undefined || checkpoints.bytes <= disk) return undefined;
  const [first, ...others] = trials.filter((trial) => mayGo(history, trial));
  if (first === undefined) {
    if (checkpoints.exceeded) return undefined;
    const words = `${sizeInWords(checkpoints.bytes)}, more than the limit of ${sizeInWords(disk)}`;
    return {
      type: "checkpoints-exceeded",
      reason: `the checkpoints of what runs and of the best trial alone take ${words}: none of them can be removed`,
    };
  }
  const promise = scheduler.promise?.(history) ?? (() => 0);
  const worst = others.reduce((a, b) => (compareWorth(history, promise, b, a) < 0 ? b : a), first);
  return {
    type: "checkpoint-evicted",
    trial: worst.number,
    ...(worst.checkpoint > 0 ? { step: worst.checkpoint } : {}),
    bytes: worst.checkpointBytes,
    reason: `removed to keep the checkpoints within ${sizeInWords(disk)}: ${why(history, worst)}`,
  };
}

function mayGo({ best }: HistoryView, { number, state, checkpointBytes }: TrialView): boolean {
  return checkpointBytes > 0 && state !== "running" && state !== "waiting" && number !== best?.number;
}

/**
 * Below 0 when `a` goes before `b`. Values compare only at the same budget, so among equals the trial goes first that has
 * completed less, then the one with the worse value: it is also the cheaper one to do again.
 */
function compareWorth(history: HistoryView, promise: (trial: TrialView) => number, a: TrialView, b: TrialView): number {
  const paused = Number(a.state === "paused") - Number(b.state === "paused");
  if (paused !== 0) return paused;
  const promised = a.state === "paused" ? promise(a) - promise(b) : 0;
  if (promised !== 0) return promised;
  if (a.completedBudget !== b.completedBudget) return a.completedBudget - b.completedBudget;
  if (a.value === undefined || b.value === undefined)
    return Number(a.value !== undefined) - Number(b.value !== undefined) || a.number - b.number;
  return history.compare(b.value, a.value) || a.number - b.number;
}

function why({ trials }: HistoryView, { state }: TrialView): string {
  if (state !== "paused") return `the trial is ${state}, and not the best`;
  const paused = trials.filter((trial) => trial.state === "paused").length;
  return paused === 1
    ? "it is the only one that is paused"
    : `of ${paused} paused trials it is the least likely to go on`;
}

import type { CheckpointEvicted, Recorded } from "./events.ts";
import type { RunRecord, TrialRecord } from "./trial-record.ts";
import type { CheckpointsView } from "./view.ts";

/** What the checkpoints of a study take on disk, and what keeping within its limit came to. */
export class CheckpointLedger implements CheckpointsView {
  bytes = 0;
  evicted = 0;
  reruns = 0;
  lost = 0;
  exceeded = false;
  left = 0;

  /** Follows an event that the rest of the fold has taken. */
  follow(
    event: Recorded,
    { trials, runs }: { readonly trials: readonly TrialRecord[]; readonly runs: readonly RunRecord[] },
  ): void {
    switch (event.type) {
      case "session-started":
      case "session-ended":
        // Runs that were lost take back what they had saved.
        for (const trial of trials) this.#count(trial);
        return;
      case "checkpoints-exceeded":
        this.exceeded = true;
        return;
      case "checkpoint-left":
        this.left++;
        return;
      case "checkpoint-lost":
        this.lost++;
        this.#count(trials[event.trial] as TrialRecord);
        return;
      case "run-started":
        this.#started(trials[event.trial] as TrialRecord);
        return;
      case "checkpoint-evicted":
        this.#evict(named(trials[event.trial], event), event);
        return;
      case "reported":
      case "checkpoint-saved":
      case "run-ended":
        this.#count(trials[(runs[event.run] as RunRecord).trial] as TrialRecord);
        return;
      default:
        return;
    }
  }

  /** A run after an eviction starts at step 1 because of it; another attempt at the same, for a reason of its own. */
  #started({ evicted, runs }: TrialRecord): void {
    const [before, run] = runs.slice(-2);
    if (evicted !== undefined && evicted.step > 0 && run !== undefined && before?.state === "completed") this.reruns++;
  }

  #evict(trial: TrialRecord, { bytes, reason }: CheckpointEvicted): void {
    trial.evicted = { step: trial.checkpoint, bytes, reason };
    trial.checkpoint = 0;
    trial.saved = [];
    this.evicted++;
    this.#count(trial);
  }

  #count(trial: TrialRecord): void {
    const bytes = trial.saved.reduce((sum, saved) => sum + saved.bytes, 0);
    this.bytes += bytes - trial.checkpointBytes;
    trial.checkpointBytes = bytes;
  }
}

function named(trial: TrialRecord | undefined, event: CheckpointEvicted): TrialRecord {
  if (trial === undefined) throw new TypeError(`an event names trial ${event.trial}, which was never created`);
  return trial;
}

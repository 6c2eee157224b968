import type { Recorded } from "./events.ts";
import type { TrialRecord } from "./trial-record.ts";
import type { StopRequestsView, TrialState } from "./view.ts";

const ENDED = new Set<TrialState>(["complete", "pruned", "failed"]);

/** The trials that users asked to be stopped and that have not ended. */
export class StopRequests implements StopRequestsView {
  readonly #asked = new Set<TrialRecord>();

  get open(): readonly TrialRecord[] {
    return [...this.#asked];
  }

  /** Takes an event that has been folded. */
  follow(event: Recorded, { trials }: { readonly trials: readonly TrialRecord[] }): void {
    if (event.type === "trial-stop-requested") {
      const trial = trials[event.trial];
      if (trial === undefined) throw new TypeError(`an event names trial ${event.trial}, which was never created`);
      trial.stopRequested = true;
      this.#asked.add(trial);
    }
    for (const trial of this.#asked) if (ENDED.has(trial.state)) this.#asked.delete(trial);
  }
}

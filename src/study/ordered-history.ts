import type { Recorded, RunOutcome } from "../history/events.ts";
import { History } from "../history/history.ts";
import type { HistoryView, Outcome, RunView } from "../history/view.ts";

/** A run with all its lost attempts: one place in the order. */
export interface Dispatch {
  readonly trial: number;
  /** The number of its latest attempt's run in the real history. */
  run: number;
  /** How many outcomes it may know of. */
  readonly knows: number;
  /** Those outcomes, once there are others beside them. */
  known: readonly Outcome[] | undefined;
  outcome: RunOutcome | undefined;
}

/**
 * What has happened as if runs always ended in the order in which they were started: reports and ends are folded only by
 * `endOldest`. Lost attempts leave no trace here. Run numbers are places in the order.
 */
export class OrderedHistory extends History {
  readonly dispatches: Dispatch[] = [];
  #ended = 0;

  /** The dispatch that ends next; undefined when none is open. */
  get oldest(): Dispatch | undefined {
    return this.dispatches[this.#ended];
  }

  /** Dispatches whose end is not folded. */
  get unended(): readonly Dispatch[] {
    return this.dispatches.slice(this.#ended);
  }

  /** The dispatch of a run of the real history that is open there. */
  dispatchOf(run: number): Dispatch | undefined {
    return this.dispatches.findLast((dispatch) => dispatch.run === run);
  }

  /** The outcomes that a run of the real history may know of. */
  knownTo(run: number): readonly Outcome[] {
    const dispatch = this.dispatchOf(run);
    if (dispatch === undefined || dispatch.knows === this.outcomes.length) return this.outcomes;
    return (dispatch.known ??= this.outcomes.slice(0, dispatch.knows));
  }

  /** Takes an event after `real` has folded it. */
  take(event: Recorded, real: HistoryView): void {
    switch (event.type) {
      case "run-started": {
        const again = this.unended.find(({ trial, outcome }) => trial === event.trial && outcome === undefined);
        if (again !== undefined) again.run = event.run;
        else this.#dispatch(event);
        return;
      }
      case "run-ended":
        return this.#settle(event.run, real.runs[event.run], event.outcome);
      case "reported":
      case "checkpoint-saved":
      case "run-stopped":
      case "run-shadowed":
        return;
      case "session-started":
      case "session-ended":
        this.apply(event);
        // A run that was told to stop has ended with its coordinator.
        for (const { run } of this.unended) this.#settle(run, real.runs[run], { kind: "stopped" });
        return;
      default:
        this.apply(event);
    }
  }

  #dispatch(event: Recorded & { readonly type: "run-started" }): void {
    const { trial, run } = event;
    const attempt = (this.trials[trial]?.runs.length ?? 0) + 1;
    this.apply({ ...event, run: this.runs.length, attempt });
    this.dispatches.push({ trial, run, knows: this.outcomes.length, known: undefined, outcome: undefined });
  }

  #settle(run: number, view: RunView | undefined, outcome: RunOutcome): void {
    const dispatch = this.dispatchOf(run);
    if (dispatch === undefined || view === undefined) return;
    if (view.state !== "open" && view.state !== "stopping" && view.state !== "lost") dispatch.outcome ??= outcome;
  }

  /** Folds the end of the oldest dispatch, with all that its run came to, at the time of the last event. */
  endOldest(real: History): void {
    const { oldest } = this;
    if (oldest?.outcome === undefined) throw new TypeError("the oldest dispatch has not ended");
    const run = this.#ended++;
    oldest.known = undefined;
    const frame = { seq: this.seq, at: this.lastAt };
    const [trial, realTrial] = [this.trials[oldest.trial], real.trials[oldest.trial]];
    const [record, realRun] = [this.runs[run], real.runs[oldest.run]];
    if (trial !== undefined && realTrial !== undefined) {
      trial.log.all = realTrial.reports;
      trial.givenUp = realTrial.givenUp;
      trial.checkpoint = realTrial.checkpoint;
      trial.saved = [...realTrial.saved];
      trial.evicted = realTrial.evicted;
      trial.lost = realTrial.lost;
    }
    if (record !== undefined) {
      record.lastReport = realRun?.lastReport;
      record.saved = realRun?.saved ?? false;
    }
    const reason = realRun?.stopReason;
    if (reason !== undefined) this.apply({ ...frame, type: "run-stopped", run, reason, seen: this.seq });
    this.apply({ ...frame, type: "run-ended", run, outcome: oldest.outcome });
  }

  /** Runs live on in the order when their coordinator dies: another attempt takes their place. */
  protected override loseOpenRuns(): void {}
}

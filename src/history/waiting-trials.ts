import { supersede, type RunRecord, type TrialRecord } from "./trial-record.ts";

/** The trials that wait for a slot, in their order. */
export class WaitingTrials {
  #trials: Map<number, TrialRecord> = new Map();

  get all(): readonly TrialRecord[] {
    return [...this.#trials.values()];
  }

  add(trial: TrialRecord): void {
    trial.state = "waiting";
    this.#trials.set(trial.number, trial);
  }

  /** @returns whether it waited */
  remove(trial: TrialRecord): boolean {
    return this.#trials.delete(trial.number);
  }

  /**
   * Has trials whose runs were lost wait before all others.
   *
   * @param reason why their slot did not serve them; undefined where their coordinator died
   */
  addLost(lost: readonly (readonly [TrialRecord, RunRecord])[], reason: string | undefined): void {
    const rest = this.#trials;
    this.#trials = new Map();
    for (const [trial, run] of lost) {
      run.state = "lost";
      run.lostReason = reason;
      supersede(trial);
      this.add(trial);
    }
    for (const trial of rest.values()) this.add(trial);
  }
}

import type { Cause, RunOutcome } from "../history/events.ts";
import type { StudySettings } from "../history/settings.ts";
import type { Dispatcher, RunListener, RunOrder } from "../workers/dispatcher.ts";
import { SimulatedClock } from "./clock.ts";
import { replay, type RecordedTrial, type Replay } from "./recorded-trial.ts";

/** What a simulated trial came to. Steps in the study's unit, time in milliseconds. */
export interface Work {
  steps: number;
  time: number;
  /** The last step that it came to. */
  reached: number;
  /** It was to go on beyond what was recorded; with the budget that it then had. */
  beyond: number | undefined;
}

interface OpenRun {
  readonly order: RunOrder;
  readonly listener: RunListener;
  readonly trial: RecordedTrial;
  readonly replay: Replay;
  readonly work: Work;
  stopped: boolean;
}

/**
 * Runs recorded trials on a simulated clock: each report comes again, after as many steps as it took, at the trial's pace.
 * A run that is to go on where the record ends is ended there, as stopped.
 */
export class ReplayDispatcher implements Dispatcher {
  readonly slots: readonly string[];
  readonly clock: SimulatedClock = new SimulatedClock();
  /** By the trial's number. */
  readonly work: readonly Work[];
  readonly #trials: readonly RecordedTrial[];
  readonly #settings: StudySettings;
  readonly #open = new Map<number, OpenRun>();
  #failures = 0;

  constructor(slots: number, trials: readonly RecordedTrial[], settings: StudySettings) {
    this.slots = Array.from({ length: slots }, (_, index) => `simulated-${index}`);
    this.work = trials.map(() => ({ steps: 0, time: 0, reached: 0, beyond: undefined }));
    this.#trials = trials;
    this.#settings = settings;
  }

  /** There is nothing on disk. */
  tidy(): void {}

  checkpointProblem(): undefined {}

  start(order: RunOrder, listener: RunListener): void {
    const { budget: budgets, metric } = this.#settings;
    const trial = this.#trials[order.trial] as RecordedTrial;
    const budget = budgets === null ? Infinity : order.budget;
    const run = {
      order,
      listener,
      trial,
      replay: replay(trial, { budget, key: order.budget, startStep: order.startStep }, metric.name),
      work: this.work[order.trial] as Work,
      stopped: false,
    };
    this.#open.set(order.run, run);
    this.#goOn(run, 0, order.startStep - 1);
  }

  stop(run: number): void {
    const open = this.#open.get(run);
    if (open !== undefined) open.stopped = true;
  }

  async close(): Promise<void> {
    for (const run of this.#open.values()) this.#end(run, { kind: "stopped" });
  }

  /** @param done the last step that the run has done */
  #goOn(run: OpenRun, index: number, done: number): void {
    const report = run.replay.reports[index];
    if (report === undefined) return this.#finish(run, done);
    this.#train(run, done, report.step, () => {
      const decision = run.listener.reported(report.step, report.metrics);
      if (decision.action === "stop") return this.#end(run, { kind: "stopped" });
      // A failure to write shows at the loop's own commit.
      if (run.trial.saved.has(report.step)) run.listener.checkpointed(report.step).catch(() => undefined);
      this.#goOn(run, index + 1, Math.max(done, report.step));
    });
  }

  #finish(run: OpenRun, done: number): void {
    const { end } = run.replay;
    switch (end.kind) {
      case "completed":
        return this.#train(run, done, end.step, () => this.#end(run, { kind: "completed", metrics: end.metrics }));
      case "failed":
        return this.#spend(run, end.failure.time, () => this.#end(run, this.#failed(end.failure.cause)));
      case "unknown":
        return this.#train(run, done, end.step, () => {
          run.work.beyond = run.order.budget;
          this.#end(run, { kind: "stopped" });
        });
    }
  }

  /** Two failures in a row never read alike: a study that went on after its first three did, as a resumed one does, goes on here. */
  #failed(cause: Cause): RunOutcome {
    const words = this.#failures++ % 2 === 0 ? "as recorded" : "recorded";
    return { kind: "failed", cause: { ...cause, message: `${words}: ${cause.message}` } };
  }

  #train(run: OpenRun, done: number, step: number, then: () => void): void {
    const steps = Math.max(0, step - done);
    this.#spend(run, steps * run.trial.pace, () => {
      run.work.steps += steps;
      run.work.reached = Math.max(run.work.reached, step);
      then();
    });
  }

  #spend(run: OpenRun, time: number, then: () => void): void {
    this.clock.after(time, () => {
      if (!this.#open.has(run.order.run)) return;
      run.work.time += time;
      if (run.stopped) this.#end(run, { kind: "stopped" });
      else then();
    });
  }

  #end(run: OpenRun, outcome: RunOutcome): void {
    this.#open.delete(run.order.run);
    run.listener.ended(outcome);
  }
}

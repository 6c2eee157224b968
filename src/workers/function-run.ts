import { join } from "node:path";
import { format } from "node:util";
import type { Cause } from "../history/events.ts";
import type { TrialLimits } from "../history/settings.ts";
import { callObjective } from "./call-objective.ts";
import { type CheckpointSize, prepareCheckpoints } from "./checkpoint-folder.ts";
import type { Decision, RunListener, RunOrder } from "./dispatcher.ts";
import { failed } from "./failure.ts";
import { idleCause, timeoutCause, timerDelay } from "./limits.ts";
import { RunLog, runHeader } from "./run-log.ts";
import type { ScratchFolder } from "./scratch-folder.ts";
import type { ToldMetrics, ToldOutcome } from "./told.ts";
import type { TrialChannel } from "./trial-object.ts";
import type { ObjectiveFunction } from "./trial.ts";

/** One call of a function objective, from its start to its end or to the moment it is given up. */
export class FunctionRun implements TrialChannel {
  /** Resolves once the listener knows the outcome. */
  readonly ended: Promise<void>;
  readonly #order: RunOrder;
  readonly #listener: RunListener;
  readonly #limits: TrialLimits;
  readonly #metric: string;
  readonly #scratch: ScratchFolder;
  readonly #abort = new AbortController();
  readonly #log: RunLog;
  readonly #timers: NodeJS.Timeout[] = [];
  #idle: NodeJS.Timeout | undefined;
  /** What the run ends as, once it has been asked to end; undefined while it may go on. */
  #verdict: ToldOutcome | undefined;
  #stopReason = "";
  #over = false;
  #resolveEnded: () => void = () => {};

  constructor(
    order: RunOrder,
    listener: RunListener,
    options: { readonly metric: string; readonly limits: TrialLimits },
    scratch: ScratchFolder,
  ) {
    this.#order = order;
    this.#listener = listener;
    this.#limits = options.limits;
    this.#metric = options.metric;
    this.#scratch = scratch;
    this.#log = new RunLog(order.directory === null ? null : join(order.directory, "stdout.log"), runHeader(order));
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
  }

  start(objective: ObjectiveFunction): void {
    const { timeout, idle } = this.#limits;
    if (timeout !== null) this.#after(timeout, () => this.#exceed(timeoutCause(timeout)));
    if (idle !== null) this.#idle = this.#after(idle, () => this.#exceed(idleCause(idle)));
    void this.#call(objective).then((outcome) => this.#end(this.#verdict ?? outcome));
  }

  stop(reason: string): void {
    this.#stopReason = reason;
    this.#askToEnd({ kind: "stopped" }, reason);
  }

  async #call(objective: ObjectiveFunction): Promise<ToldOutcome> {
    await Promise.resolve(); // the caller of start() finishes first
    if (this.#verdict !== undefined) return this.#verdict;
    try {
      prepareCheckpoints(this.checkpointFolder(), this.#order.startStep);
    } catch (error) {
      return failed("checkpoint", (error as Error).message);
    }
    const device = { kind: "cpu", slot: this.#order.slot } as const;
    return callObjective(objective, { ...this.#order, device }, this.#metric, this, this.#abort.signal);
  }

  report(step: number, metrics: ToldMetrics): Promise<Decision> {
    if (this.#over) return Promise.resolve({ action: "stop", reason: "the run has ended" });
    this.#idle?.refresh();
    const decision = this.#listener.reported(step, metrics);
    if (decision.action === "stop") this.stop(decision.reason);
    if (this.#verdict === undefined) return Promise.resolve(decision);
    return Promise.resolve({ action: "stop", reason: this.#stopReason });
  }

  checkpointed(step: number, { bytes, content }: CheckpointSize): Promise<number> {
    if (this.#over) return Promise.reject(new Error("the run has ended, so its checkpoint is not kept"));
    return this.#listener.checkpointed(step, bytes, content);
  }

  checkpointFolder(): string {
    return this.#scratch.checkpoints(this.#order);
  }

  log(values: readonly unknown[]): void {
    if (!this.#over) this.#log.write(Buffer.from(`${format(...values)}\n`));
  }

  #exceed(cause: Cause): void {
    this.#stopReason = cause.message;
    this.#askToEnd({ kind: "failed", cause }, cause.message);
  }

  /** A stop outranks a limit that was met before it; the time to leave counts from the first of them. */
  #askToEnd(verdict: ToldOutcome, reason: string): void {
    if (this.#over) return;
    if (this.#verdict === undefined) {
      this.#after(this.#limits.grace, () => this.#end(this.#verdict ?? verdict));
    }
    if (this.#verdict === undefined || verdict.kind === "stopped") this.#verdict = verdict;
    this.#abort.abort(new Error(reason));
  }

  #after(milliseconds: number, act: () => void): NodeJS.Timeout {
    const timer = setTimeout(act, timerDelay(milliseconds));
    this.#timers.push(timer);
    return timer;
  }

  #end(outcome: ToldOutcome): void {
    if (this.#over) return;
    this.#over = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#log.end();
    this.#resolveEnded();
    this.#listener.ended(outcome);
  }
}

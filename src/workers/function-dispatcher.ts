import type { TrialLimits } from "../history/settings.ts";
import { checkpointProblem, tidyCheckpoints } from "./checkpoint-folder.ts";
import type { Dispatcher, RunListener, RunOrder } from "./dispatcher.ts";
import { failed } from "./failure.ts";
import { FunctionRun } from "./function-run.ts";
import { ScratchFolder } from "./scratch-folder.ts";
import type { ObjectiveFunction } from "./trial.ts";

export interface FunctionDispatcherOptions {
  readonly objective: ObjectiveFunction;
  /** The study's metric: the name of a bare number that the objective returns. */
  readonly metric: string;
  /** Names of CPU slots, at least one: so many runs may be open at once. They share one thread, so only waiting overlaps. */
  readonly slots: readonly string[];
  /** `memory` is not enforced: the function's memory is the coordinator's. */
  readonly limits: TrialLimits;
}

/**
 * Runs a function in this process. A function cannot be killed: one that should end is asked (decision and signal), and
 * when it has not returned after `grace` its run ends without it. It may still be computing then; what it says later is
 * ignored, and an endless loop stalls the whole study. A module or a command has none of these limits.
 */
export function createFunctionDispatcher(options: FunctionDispatcherOptions): Dispatcher {
  const runs = new Map<number, FunctionRun>();
  const scratch = new ScratchFolder();
  let closed: Promise<void> | undefined;

  async function close(): Promise<void> {
    const ended = [...runs.values()].map((run) => run.ended);
    for (const run of runs.values()) run.stop("the study was closed");
    await Promise.all(ended);
    scratch.remove();
  }

  return {
    slots: options.slots,
    start(order: RunOrder, listener: RunListener): void {
      if (closed !== undefined) {
        queueMicrotask(() => listener.ended(failed("launch", "the dispatcher is closed")));
        return;
      }
      const run = new FunctionRun(order, listener, options, scratch);
      runs.set(order.run, run);
      void run.ended.then(() => runs.delete(order.run));
      run.start(options.objective);
    },
    stop(run: number, reason: string): void {
      runs.get(run)?.stop(reason);
    },
    checkpointProblem: (place, step, content) => checkpointProblem(scratch.checkpoints(place), step, content),
    tidy: (place, keep) => tidyCheckpoints(scratch.checkpoints(place), keep),
    close: () => (closed ??= close()),
  };
}

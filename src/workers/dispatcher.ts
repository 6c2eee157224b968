import type { CheckpointContent } from "../history/events.ts";
import type { Params } from "../space/parameter.ts";
import type { TrialPlace } from "./scratch-folder.ts";
import type { Told, ToldMetrics, ToldOutcome } from "./told.ts";

/** Who runs the objective. The coordinator starts a run only on a free slot, and never more than one run on a slot. */
export interface Dispatcher {
  /** Stable names, such as "cpu-0"; fixed for the dispatcher's life. */
  readonly slots: readonly string[];
  /**
   * Starts one run. Never throws and never rejects for what the objective does: whatever happens is reported to
   * `listener`, whose `ended` is called exactly once, when nothing of the run is left alive.
   */
  start(order: RunOrder, listener: RunListener): void;
  /** Set before the first start. Hears when a slot takes no run for now, and when it does again (`undefined`). */
  onSlot?: (slot: string, wait: SlotWait | undefined) => void;
  /** Asks a run to stop, then ends it: SIGTERM, and SIGKILL once `grace` has passed. Its outcome is then "stopped". Unknown runs are ignored. */
  stop(run: number, reason: string): void;
  /**
   * Why a run cannot start from the checkpoint of a step, in words; undefined when it can.
   *
   * @param content what it held when it was saved; undefined where nobody looked
   */
  checkpointProblem(place: TrialPlace, step: number, content: CheckpointContent | undefined): string | undefined;
  /**
   * Leaves of a trial's checkpoints only those of the steps in `keep`, and nothing half-written. No run of the trial is open.
   * Throws where that cannot be.
   */
  tidy(place: TrialPlace, keep: readonly number[]): void;
  /** Ends every run as `stop` does (each `ended` is still called), then frees the slots' processes. */
  close(): Promise<void>;
}

/** Why a slot takes no run for now. */
export interface SlotWait {
  /** In words; undefined for the moment in which it is looked at. */
  readonly reason: string | undefined;
  /** It has been tried so often that a study with no other slot should end. */
  readonly hopeless: boolean;
}

/** Everything a run needs; plain data that crosses threads and processes. */
export interface RunOrder extends TrialPlace {
  readonly run: number;
  readonly attempt: number;
  readonly slot: string;
  readonly params: Params;
  /** In the objective's own unit. */
  readonly budget: number;
  /** First step to do; above 1 the run starts from the checkpoint of `startStep − 1`. */
  readonly startStep: number;
  /** The trial's seed, an unsigned 32-bit integer: the same in every attempt. */
  readonly seed: number;
}

export type Decision = { readonly action: "continue" } | { readonly action: "stop"; readonly reason: string };

export interface RunListener {
  /** A report crossed back, as it was said. Answers at once. */
  reported(step: Told, metrics: ToldMetrics): Decision;
  /**
   * A checkpoint of `step` is complete, and takes so many bytes on disk and has this content where somebody measured it. Resolves when the journal has it, to the step of the oldest checkpoint
   * that may still be needed: only those before that one may be removed.
   */
  checkpointed(step: number, bytes?: number, content?: CheckpointContent): Promise<number>;
  /** The end of the run, as it was said. */
  ended(outcome: ToldOutcome): void;
}

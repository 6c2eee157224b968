import type { Device } from "../devices/gpu.ts";
import type { Params } from "../space/parameter.ts";
import type { Decision } from "./dispatcher.ts";

/** What an objective sees and may answer: the public face of a run. */

/** `{ step: 3, loss: 0.41 }`: a step of at least 0, and at least one metric. */
export interface ObjectiveReport {
  readonly step: number;
  readonly [metric: string]: number;
}

export interface ObjectiveCheckpoint {
  /** Absolute path of the files that this run starts from; undefined when it starts at step 1. */
  readonly directory: string | undefined;
  /**
   * Saves the state after `step`, a whole number of at least `startStep` and above the last one saved. `write` fills an
   * empty folder; the checkpoint counts, whole, once the promise resolves, and older ones are then gone.
   * Rejects with what `write` threw, or with a TypeError for a bad `step`.
   */
  save(step: number, write: (directory: string) => void | Promise<void>): Promise<void>;
}

export interface ObjectiveTrial {
  /** Numbered 0, 1, 2, … over the study. */
  readonly number: number;
  /** Numbered 1, 2, … over the trial. */
  readonly attempt: number;
  /** An unsigned 32-bit integer, the same in every attempt. */
  readonly seed: number;
  /** The last step to do, in the objective's own unit. */
  readonly budget: number;
  /** The first step to do: 1, or the one after the checkpoint. */
  readonly startStep: number;
  readonly checkpoint: ObjectiveCheckpoint;
  /** Aborts when the run should end; its reason says why. A run that does not end is killed (a function is abandoned). */
  readonly signal: AbortSignal;
  /** Where it computes. The GPUs of a slot are the only ones that the process of a module or a command finds. */
  readonly device: Device;
  /** Writes a line to the trial's `stdout.log`, formatted as `console.log` does. */
  log(...values: readonly unknown[]): void;
  /** Tells how far the run is; resolves to whether to go on. Rejects with a TypeError for a malformed report. */
  report(report: ObjectiveReport): Promise<Decision>;
}

/** The metrics, or the study's metric alone, or nothing when the last report says it all. */
export type ObjectiveResult = number | Readonly<Record<string, number>> | undefined | void;

/** What an objective module exports as its default, and what `createStudy` takes as a function. */
export type ObjectiveFunction<P = Params> = (
  params: P,
  trial: ObjectiveTrial,
) => ObjectiveResult | Promise<ObjectiveResult>;

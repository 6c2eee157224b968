import type { Device } from "../devices/gpu.ts";
import type { Metrics } from "../history/events.ts";
import { CheckpointFolder } from "./checkpoint-folder.ts";
import type { Decision } from "./dispatcher.ts";
import type { ObjectiveTrial } from "./trial.ts";
import { describe } from "./words.ts";

/** What a run's trial object needs to know. */
export interface TrialFacts {
  readonly trial: number;
  readonly attempt: number;
  readonly seed: number;
  readonly budget: number;
  readonly startStep: number;
  readonly device: Device;
}

/** The way from the trial object to the coordinator. */
export interface TrialChannel {
  report(step: number, metrics: Metrics): Promise<Decision>;
  /** Resolves once the journal has the checkpoint, to the step of the oldest one that may still be needed. */
  checkpointed(step: number, bytes: number): Promise<number>;
  /** The trial's checkpoint folder, absolute; asked for only when needed. */
  checkpointFolder(): string;
  log(values: readonly unknown[]): void;
}

export interface BuiltTrial {
  readonly trial: ObjectiveTrial;
  /** The metrics of the last report that holds the study's metric. */
  readonly last: () => Metrics | undefined;
}

/** The `trial` argument of an objective, the same for modules and functions. */
export function buildTrial(facts: TrialFacts, metric: string, channel: TrialChannel, signal: AbortSignal): BuiltTrial {
  let last: Metrics | undefined;
  let folder: CheckpointFolder | undefined;
  const checkpoints = (): CheckpointFolder =>
    (folder ??= new CheckpointFolder(channel.checkpointFolder(), facts.startStep));
  const trial: ObjectiveTrial = {
    number: facts.trial,
    attempt: facts.attempt,
    seed: facts.seed,
    budget: facts.budget,
    startStep: facts.startStep,
    checkpoint: {
      directory: facts.startStep > 1 ? checkpoints().start : undefined,
      save: async (step, write) =>
        checkpoints().save(step, write, (saved, bytes) => channel.checkpointed(saved, bytes)),
    },
    signal,
    device: facts.device,
    log: (...values) => channel.log(values),
    report: async (report) => {
      const { step, metrics } = readReport(report);
      if (metric in metrics) last = metrics;
      return channel.report(step, metrics);
    },
  };
  return { trial, last: () => last };
}

/** Splits a report into its step and metrics; numbers may be non-finite, everything else is a TypeError in words. */
function readReport(report: unknown): { readonly step: number; readonly metrics: Metrics } {
  if (typeof report !== "object" || report === null || Array.isArray(report)) {
    throw new TypeError(`trial.report expects an object such as { step: 1, loss: 0.5 }, received ${describe(report)}`);
  }
  const { step, ...metrics } = report as { readonly step?: unknown } & Record<string, unknown>;
  if (typeof step !== "number" || !(step >= 0) || step === Infinity) {
    throw new TypeError(`trial.report expects "step" to be a number of at least 0, received ${describe(step)}`);
  }
  const entries = Object.entries(metrics);
  if (entries.length === 0) throw new TypeError("trial.report expects at least one metric beside step, received none");
  for (const [name, value] of entries) {
    if (typeof value !== "number") {
      throw new TypeError(`trial.report expects the metric "${name}" to be a number, received ${describe(value)}`);
    }
  }
  return { step, metrics: metrics as Record<string, number> };
}

import type { Device } from "../devices/gpu.ts";
import { CheckpointFolder, type CheckpointSize } from "./checkpoint-folder.ts";
import type { Decision } from "./dispatcher.ts";
import { readReport, type ToldMetrics } from "./told.ts";
import type { ObjectiveTrial } from "./trial.ts";

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
  report(step: number, metrics: ToldMetrics): Promise<Decision>;
  /** Resolves once the journal has the checkpoint, to the step of the oldest one that may still be needed. */
  checkpointed(step: number, size: CheckpointSize): Promise<number>;
  /** The trial's checkpoint folder, absolute; asked for only when needed. */
  checkpointFolder(): string;
  log(values: readonly unknown[]): void;
}

export interface BuiltTrial {
  readonly trial: ObjectiveTrial;
  readonly heard: {
    /** A report told the study's metric. */
    metric: boolean;
    /** The first report that said no step, or nothing of one. */
    refused: unknown;
  };
}

/** The `trial` argument of an objective, the same for modules and functions. */
export function buildTrial(facts: TrialFacts, metric: string, channel: TrialChannel, signal: AbortSignal): BuiltTrial {
  const heard: BuiltTrial["heard"] = { metric: false, refused: undefined };
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
      save: async (step, write) => checkpoints().save(step, write, (saved, size) => channel.checkpointed(saved, size)),
    },
    signal,
    device: facts.device,
    log: (...values) => channel.log(values),
    report: async (report) => {
      try {
        const { step, metrics } = readReport("trial.report", report);
        heard.metric ||= Object.hasOwn(metrics, metric);
        return await channel.report(step, metrics);
      } catch (error) {
        heard.refused ??= error;
        throw error;
      }
    },
  };
  return { trial, heard };
}

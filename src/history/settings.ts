import type { GpuWish } from "../devices/choose-gpus.ts";
import type { Metric } from "../space/spec.ts";
import type { Parameters, Params } from "../space/parameter.ts";

/** A spec with every default filled in. Recorded in the journal's first line, so that a later version's defaults change nothing. */

export interface ComponentSettings {
  readonly name: string;
  readonly [option: string]: unknown;
}

/** Paths are relative to the study's folder (absolute when the study is in memory), so that a moved tree keeps working. */
export type ObjectiveSettings =
  | { readonly kind: "module"; readonly path: string }
  | {
      readonly kind: "command";
      readonly argv: readonly (string | readonly string[])[];
      readonly cwd: string;
      readonly pattern: string | null;
    }
  | { readonly kind: "function" }
  | { readonly kind: "none" };

export interface BudgetSettings {
  readonly min: number;
  readonly max: number;
  readonly eta: number;
  readonly unit: string;
}

/** The rules that end a study; null where there is none. */
export interface StopSettings {
  readonly trials: number | null;
  /** Milliseconds of running time over all sessions. */
  readonly time: number | null;
  readonly value: number | null;
  readonly patience: number | null;
}

/** What one run may use. Times in milliseconds, memory in bytes; null is no limit. */
export interface TrialLimits {
  readonly timeout: number | null;
  readonly idle: number | null;
  readonly memory: number | null;
  readonly retries: number;
  readonly grace: number;
}

/** Where a study is sent while it runs. */
export interface TrackSettings {
  readonly mlflow: { readonly uri: string; readonly experiment: string };
}

/** What all checkpoints together may use. */
export interface CheckpointSettings {
  /** Bytes on disk. */
  readonly disk: number;
}

/** Where runs may compute, as it was wished: what there is is looked up by each session anew. */
export interface WorkerSettings extends Omit<GpuWish, "gpus"> {
  readonly gpus: GpuWish["gpus"] | "none";
  /** Slots where no GPU is used. */
  readonly cpus: number;
}

export interface StudySettings {
  readonly name: string;
  readonly seed: string;
  readonly metric: Metric;
  readonly parameters: Parameters;
  readonly objective: ObjectiveSettings;
  readonly sampler: ComponentSettings;
  readonly scheduler: ComponentSettings;
  /** null when the spec has none: every run then gets budget 1, the whole training. */
  readonly budget: BudgetSettings | null;
  readonly stop: StopSettings;
  readonly workers: WorkerSettings;
  readonly trial: TrialLimits;
  readonly enqueue: readonly Params[];
  /** Of a reproducible study: how many runs at a time its order is made for. null: runs end in whatever order they do. */
  readonly parallel: number | null;
  /** Left out where nothing limits them, as in every journal from before there was a limit. */
  readonly checkpoints?: CheckpointSettings;
  /** Left out where it is not sent anywhere. */
  readonly track?: TrackSettings;
}

/** Settings as the first journals had them: a number of CPU slots in place of the workers, no order of parallel runs. */
type OldSettings = Omit<StudySettings, "workers" | "parallel"> & { readonly cpus: number };

/** A journal's settings in today's form. */
export function modernSettings(recorded: StudySettings | OldSettings): StudySettings {
  if ("workers" in recorded) return recorded;
  const { cpus, ...settings } = recorded;
  return { ...settings, parallel: null, workers: { gpus: "none", trialsPerGpu: 1, gpusPerTrial: 1, cpus } };
}

import type { Parameters, Params } from "./parameter.ts";

/** What a user writes: `space.json`, or the same object given to `createStudy`. Everything left out has a default. */

export const GOALS = ["minimize", "maximize"] as const;
export type Goal = (typeof GOALS)[number];

export interface Metric {
  /** The name under which the objective reports it. */
  readonly name: string;
  readonly goal: Goal;
}

/** `{ "module": "./train.js" }`: an ES module with a default export `(params, trial) => metrics`. */
export interface ModuleObjective {
  /** Path relative to the spec's folder. */
  readonly module: string;
}

/** Any command, started without a shell in the spec's folder. */
export interface CommandObjective {
  /** Words with `{placeholders}`; a nested list is left out whole when a parameter in it is inactive. */
  readonly command: readonly (string | readonly string[])[];
  /** How to read its reports: a regular expression with the named groups `step` and the metric's name. @default JSON lines on stdout */
  readonly report?: { readonly pattern: string };
}

/** A sampler or scheduler by its word, or by `name` with its options. */
export type Component = string | { readonly name: string; readonly [option: string]: unknown };

export interface BudgetSpec {
  /** The least that a run may get, in `unit`. @default 1 */
  readonly min?: number;
  /** The whole training, in `unit`. */
  readonly max: number;
  /** Between two rungs the budget grows and the number of trials shrinks by this factor. @default 3 */
  readonly eta?: number;
  /** For people: "epochs", "samples", "seconds". @default "steps" */
  readonly unit?: string;
}

export interface StopSpec {
  /** Trials created. */
  readonly trials?: number;
  /** Running time, counted over all sessions of the study: "30m", "2 days". */
  readonly time?: string;
  /** Enough: the best value is this good or better. */
  readonly value?: number;
  /** Trials ended in a row without a better best. */
  readonly patience?: number;
}

export interface WorkersSpec {
  /** All that are free, none, or these: indices, UUIDs or the beginning of one. @default "auto", but "none" where only cpus is given */
  readonly gpus?: "auto" | "none" | readonly (number | string)[];
  /** How many runs share a GPU. @default 1 */
  readonly trialsPerGpu?: number;
  /** How many GPUs a run gets. @default 1 */
  readonly gpusPerTrial?: number;
  /** Slots where no GPU is used. @default 1 */
  readonly cpus?: number;
}

export interface TrialSpec {
  /** Longest time of one run. @default none */
  readonly timeout?: string;
  /** Longest silence between two reports (or between the start and the first). @default none */
  readonly idle?: string;
  /** Most memory of one run's processes, such as "4GB". @default none */
  readonly memory?: string;
  /** How often a crashed run is tried again. @default 0 */
  readonly retries?: number;
  /** Time between asking a run to stop and killing it. @default "5s" */
  readonly grace?: string;
}

export interface CheckpointsSpec {
  /** Most that the checkpoints of all trials take on disk, such as "50GB". @default no limit */
  readonly disk?: string;
}

export interface TrackSpec {
  /** An MLflow server. */
  readonly mlflow: {
    /** Such as "http://127.0.0.1:5000". @default the environment's MLFLOW_TRACKING_URI */
    readonly uri?: string;
    /** @default "hpo" */
    readonly experiment?: string;
  };
}

export interface StudySpec {
  readonly $schema?: string;
  readonly name: string;
  readonly objective?: ModuleObjective | CommandObjective;
  readonly metric: Metric;
  readonly parameters: Parameters;
  /** @default the best for the space and budget */
  readonly strategy?: string | { readonly sampler: Component; readonly scheduler: Component };
  readonly budget?: BudgetSpec;
  readonly stop?: StopSpec;
  readonly workers?: WorkersSpec;
  readonly trial?: TrialSpec;
  readonly checkpoints?: CheckpointsSpec;
  readonly track?: TrackSpec;
  /** Configurations to try first, as given. */
  readonly enqueue?: readonly Params[];
  /** @default drawn once and recorded */
  readonly seed?: number | string;
  /** @default false */
  readonly reproducible?: boolean;
}

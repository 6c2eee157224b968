import type { Params } from "../space/parameter.ts";
import type { StopSettings, StudySettings } from "./settings.ts";

/**
 * The journal's events. Inputs come from the world (objective, user, timers); answers are computed from the history and
 * carry `seen`, the sequence number of the last event that the computation saw.
 */

/** Version of the journal's format, in its first line. */
export const JOURNAL_VERSION = 1;

/** Named numbers; always finite. */
export type Metrics = Readonly<Record<string, number>>;

export const CAUSES = [
  "error",
  "exit",
  "signal",
  "timeout",
  "idle",
  "memory",
  "non-finite",
  "no-result",
  "bad-report",
  "checkpoint",
  "host-memory",
  "device-memory",
  "device-lost",
  "preempted",
  "disk",
  "launch",
] as const;

/**
 * The class of a failure. The run threw (`error`), exited with a code (`exit`) or was ended by a signal (`signal`); it exceeded a
 * limit (`timeout`, `idle`, `memory`); the machine or a GPU ran out of memory (`host-memory`, `device-memory`); it gave no number
 * for the metric (`non-finite`), no metric (`no-result`), or a report without a step (`bad-report`); its checkpoint was gone as it
 * started (`checkpoint`), or it could not be started (`launch`). What is no fault of the trial: the disk is full (`disk`), the GPU is
 * gone (`device-lost`), somebody else sent a signal to go (`preempted`).
 */
export type CauseKind = (typeof CAUSES)[number];

export interface Cause {
  readonly kind: CauseKind;
  /** One line in words. */
  readonly message: string;
  /** A stack or the end of stderr, where there is one. */
  readonly detail?: string;
}

/** Where a run stands in a scheduler that has brackets of rungs; both from 0. */
export interface Placement {
  readonly bracket: number;
  readonly rung: number;
}

export type RunOutcome =
  | { readonly kind: "completed"; readonly metrics: Metrics; readonly omitted?: readonly string[] }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly cause: Cause }
  /**
   * Ended through no fault of the trial: it starts again from its last checkpoint, and no retry is counted. Its slot could not serve
   * it, or something else that `cause` tells.
   */
  | { readonly kind: "lost"; readonly reason: string; readonly cause?: Cause };

interface Answer {
  readonly seen: number;
  /** In words, for people. */
  readonly reason: string;
}

export interface StudyCreated {
  readonly type: "study-created";
  readonly version: number;
  readonly engine: string;
  readonly settings: StudySettings;
  /** Another tool recorded everything up to the end of the first session; `from` names the tool and its study. */
  readonly imported?: { readonly from: string };
}

export interface SessionSlot {
  readonly name: string;
  readonly gpus: readonly string[];
}

/** What git says of a folder. */
export interface CodeVersion {
  /** Hexadecimal digits. */
  readonly commit: string;
  /** Files that git knows differ from the commit. */
  readonly dirty: boolean;
}

/** A coordinator opened the study. Runs that are open in the history died with the one before. */
export interface SessionStarted {
  readonly type: "session-started";
  readonly engine: string;
  readonly node: string;
  readonly pid: number;
  /** Changed stop rules, as `--trials` gives them. */
  readonly stop?: Partial<StopSettings>;
  /** Where its runs may be, each with the UUIDs of its GPUs. */
  readonly slots?: readonly SessionSlot[];
  /** Of the objective's folder, where that is a checkout. */
  readonly code?: CodeVersion;
}

/** The coordinator left in good order; what was open stays open for the next session. */
export interface SessionEnded {
  readonly type: "session-ended";
  readonly reason: string;
}

export interface Enqueued {
  readonly type: "enqueued";
  readonly params: Params;
}

/** A user's remark, on the study or on one of its trials. */
export interface Noted {
  readonly type: "noted";
  /** Trimmed; 1 to 2,000 characters. */
  readonly text: string;
  /** Null where it is about the study. */
  readonly trial: number | null;
}

/** A user wants a trial to end. What runs is answered by `run-stopped`, what rests or waits by `trial-dropped`. */
export interface TrialStopRequested {
  readonly type: "trial-stop-requested";
  readonly trial: number;
}

/** The study's running time is over. */
export interface TimeElapsed {
  readonly type: "time-elapsed";
}

/** Somebody looked whether the disk that was full has room again. */
export interface DiskChecked {
  readonly type: "disk-checked";
  /** It has none, and nobody waits any longer. */
  readonly full: boolean;
  /** What was found, in words. */
  readonly message: string;
}

/** How far the Gaussian process is believed, and how far chance; in all 1. */
export interface ModelShares {
  readonly process: number;
  /** What says the same of every configuration. */
  readonly chance: number;
}

/** The hyperparameters of a model, from which the next fit of the same study starts. */
export interface ModelFit {
  /** How many trials were known, at which budget. */
  readonly observations: number;
  readonly budget: number;
  /** In the model's own order and units; finite. */
  readonly values: readonly number[];
  /** Where the model was compared with chance: the share of each, 0 … 1. @default the model has all */
  readonly shares?: ModelShares;
}

/** What a model foretells of a trial: the metric, in its own units. */
export interface Prediction {
  readonly mean: number;
  /** One standard deviation, at least 0. */
  readonly deviation: number;
}

export interface TrialCreated extends Answer {
  readonly type: "trial-created";
  readonly trial: number;
  readonly params: Params;
  /** Who chose the parameters: a sampler's name, "enqueued" or "imported". */
  readonly source: string;
  readonly predicted?: Prediction;
  /** A fit that was made for this suggestion; later ones may start from it or go on with it. */
  readonly fit?: ModelFit;
  /** Why the sampler could not do what it is for and did something simpler, in words. */
  readonly fallback?: string;
  /** Input, not answer: what the machine lacked, in words, so that something slower computed it. */
  readonly substitute?: string;
}

export interface RunStarted extends Answer {
  readonly type: "run-started";
  /** Numbered 0, 1, 2, … over the study. */
  readonly run: number;
  readonly trial: number;
  /** Numbered 1, 2, … over the trial. */
  readonly attempt: number;
  readonly budget: number;
  /** First step of this run: 1, or the one after the checkpoint that it starts from. */
  readonly startStep: number;
  readonly placement?: Placement;
  /** Input, not answer: where it runs. */
  readonly slot: string;
  /** Input, not answer: a hash of the objective's entry file, or null where it has none. */
  readonly objective: string | null;
}

/** A slot takes no run for now, such as one whose processes cannot be started. */
export interface SlotWaits {
  readonly type: "slot-waits";
  readonly slot: string;
  /** In words, for people. */
  readonly reason: string;
}

/** A slot that waited takes runs again. */
export interface SlotReady {
  readonly type: "slot-ready";
  readonly slot: string;
}

/** What a run said. Folded only while the run is open and not stopped. */
export interface Reported {
  readonly type: "reported";
  readonly run: number;
  readonly step: number;
  readonly metrics: Metrics;
  /** Side metrics that were NaN or infinite, which JSON cannot hold. */
  readonly omitted?: readonly string[];
}

export interface CheckpointSaved {
  readonly type: "checkpoint-saved";
  readonly run: number;
  readonly step: number;
  /** What it takes on disk; left out where nobody measured it. */
  readonly bytes?: number;
  /** What it consists of, by which a damaged one is known; left out where nobody looked. */
  readonly content?: CheckpointContent;
}

/** What a checkpoint's folder holds, all the way down. */
export interface CheckpointContent {
  readonly files: number;
  /** Their lengths together, in bytes. */
  readonly length: number;
}

/** The checkpoint that a trial's next run was to start from is gone, or damaged: the trial starts again at step 1. */
export interface CheckpointLost {
  readonly type: "checkpoint-lost";
  readonly trial: number;
  readonly step: number;
  /** What was found, in words. */
  readonly message: string;
}

/** The checkpoints of a trial are given up, to keep within the study's limit. They are removed once this is durable. */
export interface CheckpointEvicted extends Answer {
  readonly type: "checkpoint-evicted";
  readonly trial: number;
  /** The one that a run would have started from; left out where none was good for that. */
  readonly step?: number;
  /** What they took on disk. */
  readonly bytes: number;
}

/** What may not be removed is above the limit. Said once in a study. */
export interface CheckpointsExceeded extends Answer {
  readonly type: "checkpoints-exceeded";
}

/** What the history does not need any more of a trial's checkpoints could not be removed from disk. */
export interface CheckpointLeft {
  readonly type: "checkpoint-left";
  readonly trial: number;
  readonly message: string;
}

export interface RunStopped extends Answer {
  readonly type: "run-stopped";
  readonly run: number;
  /** The step that the scheduler judged; left out where the study ended, the budget was used or a user asked for it. */
  readonly step?: number;
  /** The chance (0 … 1) that the scheduler foretold of the trial to end as the best. */
  readonly chance?: number;
}

/** A stop that is not carried out: the run goes on to its budget, to see whether the stop would have been right. */
export interface RunShadowed extends Answer {
  readonly type: "run-shadowed";
  readonly run: number;
  /** The step that the scheduler judged. */
  readonly step: number;
  /** The best result of a whole training that was known then: a better one shows that the stop would have been wrong. */
  readonly toBeat: number;
  /** As in `run-stopped`. */
  readonly chance?: number;
}

export interface RunEnded {
  readonly type: "run-ended";
  readonly run: number;
  readonly outcome: RunOutcome;
}

/** A paused trial that will not be promoted, or one that a user gave up while it was paused or waited. */
export interface TrialDropped extends Answer {
  readonly type: "trial-dropped";
  readonly trial: number;
  /** As in `run-stopped`. */
  readonly chance?: number;
}

export interface StudyFinished extends Answer {
  readonly type: "study-finished";
  /** The study ended because its trials fail or its disk is full, not because a rule was met. */
  readonly failed: boolean;
  /** Trials that failed in one wave: at the next resume their configurations are tried again, and they are not counted. */
  readonly again?: readonly number[];
}

export type StudyEvent =
  | StudyCreated
  | SessionStarted
  | SessionEnded
  | Enqueued
  | Noted
  | TrialStopRequested
  | TimeElapsed
  | DiskChecked
  | TrialCreated
  | RunStarted
  | SlotWaits
  | SlotReady
  | Reported
  | CheckpointSaved
  | CheckpointLost
  | CheckpointEvicted
  | CheckpointsExceeded
  | CheckpointLeft
  | RunStopped
  | RunShadowed
  | RunEnded
  | TrialDropped
  | StudyFinished;

/** An event as it stands in the journal: numbered from 0 without gaps, with its time in milliseconds since 1970. */
export type Recorded<E extends StudyEvent = StudyEvent> = E & { readonly seq: number; readonly at: number };

/** The recorded event of one type. */
export type EventOf<T extends StudyEvent["type"]> = Recorded<Extract<StudyEvent, { readonly type: T }>>;

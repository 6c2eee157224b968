import type { Params } from "../space/parameter.ts";
import type { Cause, CodeVersion, Metrics, ModelFit, Placement, Prediction } from "./events.ts";
import type { WaveView } from "./failure-wave.ts";
import type { StopSettings, StudySettings } from "./settings.ts";

/** What has happened, read-only: the state folded from the journal's events. */

export const TRIAL_STATES = ["waiting", "running", "paused", "complete", "pruned", "failed"] as const;
/** `waiting` for a slot, `running`, `paused` (rests on a rung, may be promoted), `complete`, `pruned` (stopped or dropped), `failed`. */
export type TrialState = (typeof TRIAL_STATES)[number];

/** `stopping` was told to stop and has not ended yet; `lost` died with its coordinator, was not served by its slot, or ended of its `cause` through no fault of its trial. */
export type RunState = "open" | "stopping" | "lost" | "completed" | "stopped" | "failed";

export interface ReportView {
  readonly step: number;
  readonly metrics: Metrics;
}

/** Checkpoints that were given up to keep within the study's limit. */
export interface EvictedView {
  /** The step that a run would have gone on from; 0 when none. */
  readonly step: number;
  readonly bytes: number;
  readonly reason: string;
}

/** The checkpoint that was gone when a run was to start from it. */
export interface LostView {
  readonly step: number;
  readonly message: string;
}

/** The checkpoints of all trials. */
export interface CheckpointsView {
  /** What those that are kept take on disk. */
  readonly bytes: number;
  /** Trials whose checkpoints were given up to keep within the limit, each as often as it happened. */
  readonly evicted: number;
  /** Runs that started at step 1 because of it. */
  readonly reruns: number;
  /** Trials whose checkpoint was gone or damaged, each as often as it happened. */
  readonly lost: number;
  /** What may not be given up was above the limit. */
  readonly exceeded: boolean;
  /** Folders that could not be removed, each as often as it was tried. */
  readonly left: number;
}

/** The scheduler's word that a trial deserves no whole training. */
export interface GivenUp {
  /** `stopped` at a report, `dropped` while it rested on a rung; `shadowed`: stopped in word only, the run goes on. */
  readonly kind: "stopped" | "dropped" | "shadowed";
  /** How far it had come. */
  readonly step: number;
  /** The chance (0 … 1) that the scheduler foretold of it to end as the best, where it does so. */
  readonly chance: number | undefined;
  /** Of a shadowed trial: the best result of a whole training that was known then. */
  readonly toBeat: number | undefined;
}

/** A user's remark. */
export interface NoteView {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
  /** Null where it is about the study. */
  readonly trial: number | null;
}

/** What users asked to be stopped. */
export interface StopRequestsView {
  /** The trials that have not ended yet. */
  readonly open: readonly TrialView[];
}

/** A slot that takes no run for now. */
export interface SlotWaitView {
  /** In words. */
  readonly reason: string;
  /** Since when: milliseconds since 1970. */
  readonly at: number;
}

export interface SlotWaitsView {
  /** The slots that wait now, by their name. */
  readonly open: ReadonlyMap<string, SlotWaitView>;
  /** How often a slot began to wait, over all sessions. */
  readonly count: number;
}

/** What the runs of a session have in common. */
export interface SessionFacts {
  /** The version of Node.js. */
  readonly node: string;
  /** Of the objective's folder; undefined where that is no checkout. */
  readonly code: CodeVersion | undefined;
}

/** One execution of a trial. Times are milliseconds since 1970. */
export interface RunView {
  readonly run: number;
  readonly trial: number;
  readonly attempt: number;
  readonly budget: number;
  readonly startStep: number;
  readonly placement: Placement | undefined;
  readonly slot: string;
  /** A hash of the objective's code, or null. */
  readonly objective: string | null;
  readonly session: SessionFacts;
  readonly startedAt: number;
  readonly reason: string;
  readonly state: RunState;
  readonly endedAt: number | undefined;
  /** The furthest step that it told. */
  readonly lastReport: ReportView | undefined;
  /** Sequence number of the report that came last; −1 before the first. */
  readonly lastReportSeq: number;
  /** The least step that it told, and at most its `startStep`: from here on its trial's curve is its own. */
  readonly firstStep: number;
  /** Why it was told to stop. */
  readonly stopReason: string | undefined;
  /** The study's metric at the end of a run that used its whole budget. */
  readonly value: number | undefined;
  readonly cause: Cause | undefined;
  /** Why its slot did not serve it; undefined for a run that was lost with its coordinator. */
  readonly lostReason: string | undefined;
}

export interface TrialView {
  readonly number: number;
  readonly params: Params;
  /** A sampler's name, "enqueued" or "imported". */
  readonly source: string;
  readonly state: TrialState;
  readonly createdAt: number;
  /** How many outcomes there were then. */
  readonly outcomesBefore: number;
  /** What the sampler's model foretold of its metric, where it did. */
  readonly predicted: Prediction | undefined;
  /** Why its configuration came from something simpler than the sampler's model, where it did. */
  readonly fallback: string | undefined;
  readonly runs: readonly RunView[];
  /** The curve as it stands: what a later attempt does again is superseded. Ascending steps. */
  readonly reports: readonly ReportView[];
  /** Of the last of these reports; 0 before the first. */
  readonly lastStep: number;
  /** Step of the last checkpoint; 0 when there is none. */
  readonly checkpoint: number;
  /** What its checkpoints that are kept take on disk; 0 where nobody measured them. */
  readonly checkpointBytes: number;
  /** What was given up of it, until it saves another checkpoint. */
  readonly evicted: EvictedView | undefined;
  /** The one that was lost, until it saves another. */
  readonly lost: LostView | undefined;
  /** The largest budget that it completed; 0 when none. */
  readonly completedBudget: number;
  /** The metric at that budget; for a pruned trial that completed none, at the step that decided. */
  readonly value: number | undefined;
  /** Why the trial was suggested, and after that why it was promoted, stopped or dropped. */
  readonly reason: string;
  readonly cause: Cause | undefined;
  readonly givenUp: GivenUp | undefined;
  /** It failed in a wave, and its configuration is tried again in another trial. */
  readonly excused: boolean;
  /** A user asked for its end. */
  readonly stopRequested: boolean;
}

/** A trial's standing in a rung. `open` until its run in this rung has ended for good. */
export interface RungEntry {
  readonly trial: number;
  readonly state: "open" | "completed" | "stopped" | "failed";
  /** Defined when completed. */
  readonly value: number | undefined;
}

/** The end of a run for good, with the trial as it was then. What samplers and schedulers learn from. */
export interface Outcome {
  readonly trial: number;
  readonly run: number;
  readonly params: Params;
  readonly budget: number;
  readonly kind: "completed" | "stopped" | "failed";
  /** The study's metric at that budget when completed; at the step that decided when stopped, where it was ever told. */
  readonly value: number | undefined;
  /** The trial's reports up to this end, ascending steps. Made anew for whoever asks. */
  readonly curve: readonly ReportView[];
  /** The run saved a checkpoint, or started from one. */
  readonly saved: boolean;
  /** Of a shadowed trial that completed: whether its stop would have been wrong. */
  readonly wrongStop?: boolean | undefined;
}

/** What of a finite space has been tried. */
export interface TriedView {
  /** Configurations of the space; Infinity when it has a continuous parameter. */
  readonly cardinality: number;
  /** A key (`configurationKey`) for each that was tried; empty in an infinite space. */
  readonly keys: ReadonlySet<string>;
  /** Every configuration has been tried. */
  readonly exhausted: boolean;
}

export interface Best {
  readonly number: number;
  readonly params: Params;
  readonly value: number;
  /** The budget at which `value` was seen. */
  readonly budget: number;
}

/** How a study finished. */
export interface FinishView {
  readonly reason: string;
  readonly failed: boolean;
  /** Trials to be tried again when the study is resumed. */
  readonly again?: readonly number[];
}

/** Whether runs were interrupted since the disk was full. */
export interface DiskView {
  /** It is full, as far as is known: nothing starts. */
  readonly isFull: boolean;
  /** How often it was full while no run completed, in this session. */
  readonly times: number;
  /** Why nobody waits for it any longer. */
  readonly gaveUp: string | undefined;
}

export interface HistoryView {
  readonly settings: StudySettings;
  /** Stop rules in force; a resume may have changed them. */
  readonly stop: StopSettings;
  readonly trials: readonly TrialView[];
  readonly runs: readonly RunView[];
  /** Runs that are open or stopping, by the time they started. */
  readonly openRuns: readonly RunView[];
  /** Trials that wait for a slot: those whose run was lost first, then retries and new ones. */
  readonly waiting: readonly TrialView[];
  /** Enqueued configurations that are no trials yet. */
  readonly queue: readonly Params[];
  /** Ends of runs in their order; only ever added to. */
  readonly outcomes: readonly Outcome[];
  readonly tried: TriedView;
  /** The last fit of the sampler's model. */
  readonly lastFit: ModelFit | undefined;
  /** Suggestions for which the sampler fell back to something simpler. */
  readonly fallbacks: number;
  /** Suggestions that something slower computed, since the machine lacked what is faster. */
  readonly substitutes: number;
  /** The whole training; 1 in a study without a budget. */
  readonly maxBudget: number;
  /** Rungs of a bracket, each with its trials in the order in which they started there. Empty for an unknown bracket. */
  rungs(bracket: number): readonly (readonly RungEntry[])[];
  /** How many brackets have begun. */
  readonly brackets: number;
  readonly checkpoints: CheckpointsView;
  /** In their order. */
  readonly notes: readonly NoteView[];
  readonly stopRequests: StopRequestsView;
  readonly slotWaits: SlotWaitsView;
  /** The best trial among those at the largest completed budget. */
  readonly best: Best | undefined;
  /** Trials that ended (complete, pruned or failed) since `best` last changed. */
  readonly endedSinceBest: number;
  /** Trials that failed alike in a row just now, where they are too many for chance. */
  readonly wave: WaveView | undefined;
  /** Trials that failed in a wave before the study was resumed: they are not counted. */
  readonly excused: number;
  readonly disk: DiskView;
  /** The running time is over. */
  readonly timeElapsed: boolean;
  /** Milliseconds of running time in the sessions before this one. */
  readonly earlierTime: number;
  /** When the current session began, milliseconds since 1970. */
  readonly sessionAt: number;
  /** Why the study finished; undefined while it has not. */
  readonly finished: FinishView | undefined;
  /** Sequence number of the last folded event; −1 before the first. */
  readonly seq: number;
  /** Below 0 when `a` is the better value of the study's metric, above 0 when `b` is; both are finite. */
  compare(a: number, b: number): number;
  /** A budget with its unit, such as "9 epochs". */
  words(budget: number): string;
}

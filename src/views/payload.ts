import type { Cause, Placement, Prediction } from "../history/events.ts";
import type { BudgetSettings, StopSettings } from "../history/settings.ts";
import type { SafetyRecord } from "../history/safety.ts";
import type { Best, GivenUp, RunState, TrialState } from "../history/view.ts";
import type { Parameters, Params } from "../space/parameter.ts";
import type { Metric } from "../space/spec.ts";

/**
 * A study as the pages show it: plain JSON, made from the fold of its journal and from nothing else. The dashboard sends it
 * piece by piece, a report holds it whole; what draws cannot tell which. Absent values are null; times are milliseconds since 1970.
 */

/** `running` in some process, `finished` by a stop rule, `failed` because its trials fail, else `interrupted`: resumable. */
export type StudyState = "running" | "finished" | "failed" | "interrupted";

/** A line of the list of studies. */
export interface StudySummary {
  readonly name: string;
  readonly state: StudyState;
  readonly metric: Metric;
  /** In the user's words, such as "hyperband". */
  readonly strategy: string;
  readonly best: Best | null;
  /** How many trials are in each state; states without any are left out. */
  readonly trials: Readonly<Partial<Record<TrialState, number>>>;
  readonly createdAt: number;
  /** Of the last event. */
  readonly updatedAt: number;
  /** Why it ended, in words; null while it has not. */
  readonly finished: string | null;
}

/** A study whose journal cannot be read. */
export interface UnreadableStudy {
  readonly name: string;
  readonly problem: string;
}

/** One session of a coordinator: when it ran, and on which slots. */
export interface SessionRow {
  readonly startedAt: number;
  /** The time of its last event; null while it runs. */
  readonly endedAt: number | null;
  readonly slots: readonly string[];
}

/** All of a study but its trials. */
export interface StudyHead extends StudySummary {
  readonly folder: string;
  readonly parameters: Parameters;
  readonly budget: BudgetSettings | null;
  /** The rules that end it, and the same in words. */
  readonly stop: StopSettings;
  readonly stopInWords: string;
  readonly seed: number | string;
  /** Rung levels of its scheduler, ascending, in the budget's unit; empty where it has none. */
  readonly rungs: readonly number[];
  readonly sessions: readonly SessionRow[];
  /** Configurations that will be tried next. */
  readonly queue: readonly Params[];
  readonly notes: readonly NoteRow[];
  readonly safety: SafetyRecord | null;
  /** Steps done, and steps that whole trainings of all its trials would have taken; null in a study without a budget. */
  readonly steps: { readonly done: number; readonly whole: number } | null;
  /** Suggestions for which the sampler fell back to something simpler. */
  readonly fallbacks: number;
}

/** A remark of a user. */
export interface NoteRow {
  readonly at: number;
  readonly text: string;
  /** The trial that it is about; null for the study. */
  readonly trial: number | null;
}

export interface RunRow {
  readonly run: number;
  readonly attempt: number;
  readonly budget: number;
  readonly startStep: number;
  readonly placement: Placement | null;
  readonly slot: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly state: RunState;
  /** Why it was started. */
  readonly reason: string;
  /** Why it was told to stop. */
  readonly stopReason: string | null;
}

export interface TrialRow {
  readonly number: number;
  readonly state: TrialState;
  readonly params: Params;
  /** A sampler's name, or "enqueued". */
  readonly source: string;
  readonly createdAt: number;
  /** The end of its last run; null while one is open, or before the first. */
  readonly endedAt: number | null;
  readonly value: number | null;
  /** The budget that the value belongs to; null where there is none. */
  readonly budget: number | null;
  /** Why it was suggested. */
  readonly suggested: string;
  /** The last reason: why it was suggested, promoted, stopped or dropped. */
  readonly reason: string;
  readonly cause: Cause | null;
  readonly givenUp: GivenUp | null;
  readonly predicted: Prediction | null;
  readonly fallback: string | null;
  /** The study's metric as it was told: step, value, step, value, …; ascending steps. */
  readonly curve: readonly number[];
  readonly runs: readonly RunRow[];
}

/** What has changed since an event: with the first one (−1), everything. */
export interface StudyChanges {
  /** Sequence number of the last event that is in it. */
  readonly seq: number;
  readonly head: StudyHead;
  /** The trials that changed, whole, ascending numbers. */
  readonly trials: readonly TrialRow[];
  /** These are all trials: what was known before is void. */
  readonly whole?: true;
}

/** What one trial's page shows besides its row. */
export interface TrialDetail {
  readonly number: number;
  /** Every metric by its name: step, value, step, value, …. */
  readonly curves: Readonly<Record<string, readonly number[]>>;
  /** What happened to it, oldest first, each in a line of words. */
  readonly story: readonly { readonly at: number; readonly text: string }[];
  readonly logs: readonly LogTail[];
  /** The line for a terminal that runs it again alone. */
  readonly again: string;
}

/** The end of one of a trial's logs. */
export interface LogTail {
  /** "stdout.log" or "stderr.log". */
  readonly file: string;
  readonly lines: readonly string[];
}

/** How much of the metric's variance each parameter explains. */
export interface Importance {
  /** By name, largest first; shares that add up to 1. */
  readonly shares: readonly { readonly parameter: string; readonly share: number }[];
  /** How many trials it was computed from. */
  readonly trials: number;
  /** The budget at which their values were seen. */
  readonly budget: number;
  /** Why there is nothing, in words; null where there is something. */
  readonly problem: string | null;
  /** What else to know of it, in words. */
  readonly note: string | null;
}

/** What a user may do to a study that runs on this machine; each becomes an event of its journal. */
export type Action =
  | { readonly kind: "stop" }
  | { readonly kind: "stop-trial"; readonly trial: number }
  | { readonly kind: "enqueue"; readonly params: Params }
  | { readonly kind: "note"; readonly text: string; readonly trial: number | null };

/** A report: everything that its pages show, without a server. */
export interface ReportData {
  readonly madeAt: number;
  readonly engine: string;
  readonly study: StudyChanges;
  readonly importance: Importance;
  /** How many points a curve has at most, where there are too many for a file; null where curves have all that was told. */
  readonly curvePoints: number | null;
}

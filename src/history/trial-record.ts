import type {
  Cause,
  CheckpointContent,
  CheckpointLost,
  CheckpointSaved,
  Prediction,
  Recorded,
  Reported,
  RunShadowed,
  RunStarted,
  RunStopped,
  TrialCreated,
  TrialDropped,
} from "./events.ts";
import type {
  EvictedView,
  GivenUp,
  LostView,
  Outcome,
  ReportView,
  RunState,
  RunView,
  SessionFacts,
  RungEntry,
  TrialState,
  TrialView,
} from "./view.ts";
import { type PackedReports, ReportLog } from "./report-log.ts";
import type { Params } from "../space/parameter.ts";

/** The fold's own mutable records behind the read-only views. */

export interface RunRecord extends RunView {
  state: RunState;
  endedAt: number | undefined;
  lastReport: ReportView | undefined;
  lastReportSeq: number;
  firstStep: number;
  stopReason: string | undefined;
  value: number | undefined;
  cause: Cause | undefined;
  lostReason: string | undefined;
  /** It saved a checkpoint. */
  saved: boolean;
  /** The trial's standing in the rung where this run takes place. */
  readonly entry: RungRecord | undefined;
}

export interface RungRecord extends RungEntry {
  state: RungEntry["state"];
  value: number | undefined;
}

/** A checkpoint on disk. */
export interface SavedCheckpoint {
  readonly step: number;
  /** On disk; 0 where nobody measured it. */
  readonly bytes: number;
  /** Undefined where nobody looked. */
  readonly content: CheckpointContent | undefined;
}

export class TrialRecord implements TrialView {
  readonly number: number;
  readonly params: Params;
  readonly source: string;
  readonly createdAt: number;
  readonly outcomesBefore: number;
  readonly predicted: Prediction | undefined;
  readonly fallback: string | undefined;
  readonly runs: RunRecord[] = [];
  state: TrialState = "waiting";
  /** Behind `reports`. */
  readonly log: ReportLog = new ReportLog();
  checkpoint = 0;
  checkpointBytes = 0;
  evicted: EvictedView | undefined;
  lost: LostView | undefined;
  completedBudget = 0;
  value: number | undefined;
  reason: string;
  cause: Cause | undefined;
  givenUp: GivenUp | undefined;
  excused = false;
  stopRequested = false;
  /** Failed runs that count against `retries`. */
  failures = 0;
  /** The checkpoints on disk that may still be needed, ascending steps; `checkpoint` is one of them, or 0. */
  saved: readonly SavedCheckpoint[] = NONE;

  /**
   * @param next how many trials there are
   * @param outcomesBefore how many outcomes there are
   */
  constructor(event: Recorded<TrialCreated>, next: number, outcomesBefore: number) {
    assertNext("trial", event.trial, next);
    this.number = event.trial;
    // Objectives and programs get copies; nobody changes what was tried.
    this.params = Object.freeze({ ...event.params });
    this.source = event.source;
    this.createdAt = event.at;
    this.outcomesBefore = outcomesBefore;
    this.predicted = event.predicted;
    this.fallback = event.fallback;
    this.evicted = undefined;
    this.value = undefined;
    this.reason = event.reason;
    this.cause = undefined;
    this.givenUp = undefined;
  }

  get reports(): readonly ReportView[] {
    return this.log.all;
  }

  get lastStep(): number {
    return this.log.lastStep;
  }
}

const NONE: readonly SavedCheckpoint[] = [];

/** Trials and runs are numbered without gaps: their numbers are their places. */
function assertNext(what: string, number: number, next: number): void {
  if (number !== next) throw new TypeError(`it starts ${what} ${number}, where ${what} ${next} is the next`);
}

/** @param next how many runs there are */
export function createRun(
  event: Recorded<RunStarted>,
  next: number,
  entry: RungRecord | undefined,
  session: SessionFacts,
): RunRecord {
  assertNext("run", event.run, next);
  return {
    run: event.run,
    trial: event.trial,
    attempt: event.attempt,
    budget: event.budget,
    startStep: event.startStep,
    placement: event.placement,
    slot: event.slot,
    objective: event.objective,
    session,
    startedAt: event.at,
    reason: event.reason,
    state: "open",
    endedAt: undefined,
    lastReport: undefined,
    lastReportSeq: -1,
    firstStep: event.startStep,
    stopReason: undefined,
    value: undefined,
    cause: undefined,
    lostReason: undefined,
    saved: false,
    entry,
  };
}

/** What the end of a run before its budget, or a trial's, says of the trial. */
export function giveUp(trial: TrialRecord, event: RunStopped | RunShadowed | TrialDropped): void {
  const { reason, chance } = event;
  trial.reason = reason;
  // What a user asked for is no word of the scheduler's: such stops have no step.
  if (event.type === "trial-dropped") {
    if (!trial.stopRequested)
      trial.givenUp = { kind: "dropped", step: trial.completedBudget, chance, toBeat: undefined };
  } else if (event.type === "run-shadowed")
    trial.givenUp = { kind: "shadowed", step: event.step, chance, toBeat: event.toBeat };
  // A shadowed run that the study's end stops was given up before.
  else if (event.step !== undefined) trial.givenUp = { kind: "stopped", step: event.step, chance, toBeat: undefined };
}

/** The run has told a step. */
export function addReport(
  trial: TrialRecord,
  run: RunRecord,
  { step, metrics, seq }: Recorded<Reported>,
  below: number,
): void {
  const report = trial.log.add(step, metrics);
  settleCheckpoints(trial, step, below);
  if (step >= (run.lastReport?.step ?? 0)) run.lastReport = report;
  run.lastReportSeq = seq;
  run.firstStep = Math.min(run.firstStep, step);
}

/**
 * A checkpoint counts once its step was reported: from one that was saved before its report, a new attempt would go on
 * behind a report that nobody heard. A trial that saves a second time without any report never reports: all of its count.
 */
export function addCheckpoint(
  trial: TrialRecord,
  run: RunRecord,
  { step, bytes = 0, content }: CheckpointSaved,
  below: number,
): void {
  if (run.state !== "open") return;
  run.saved = true;
  const silent = trial.log.length === 0 && trial.saved.length > 0;
  trial.saved = [...trial.saved.filter((each) => each.step < step), { step, bytes, content }];
  trial.evicted = undefined;
  trial.lost = undefined;
  settleCheckpoints(trial, silent ? Infinity : trial.lastStep, below);
}

/** None of a trial's checkpoints is there any more. */
export function loseCheckpoint(trial: TrialRecord, { step, message }: CheckpointLost): void {
  trial.checkpoint = 0;
  trial.saved = [];
  trial.lost = { step, message };
}

/**
 * The last checkpoint up to `step` counts, and those before it are not needed any more. While a run is open, only one
 * `below` its budget does: from the last step's, a new attempt would have nothing left to do, and nothing to say.
 */
export function settleCheckpoints(trial: TrialRecord, step: number, below: number): void {
  const counted = trial.saved.findLast((each) => each.step <= step && each.step < below);
  if (counted === undefined) return;
  trial.checkpoint = counted.step;
  trial.saved = trial.saved.filter((each) => each.step >= counted.step);
}

/** Forgets what a new attempt from the checkpoint does again. */
export function supersede(trial: TrialRecord): void {
  trial.saved = trial.saved.filter((each) => each.step <= trial.checkpoint);
  supersedeFrom(trial, trial.checkpoint + 1);
}

/** Forgets what a new run does again; from step 1 on it does all of it, an evaluation before the first step too. */
export function supersedeFrom(trial: TrialRecord, startStep: number): void {
  trial.log.cut(startStep <= 1 ? -Infinity : startStep);
}

/** The run has used its budget. */
export function completeRun(trial: TrialRecord, run: RunRecord, value: number): void {
  run.state = "completed";
  run.value = value;
  leaveRung(run, "completed");
  trial.value = value;
  trial.completedBudget = run.budget;
  settleCheckpoints(trial, Infinity, Infinity);
  trial.cause = undefined;
}

/** Kinds of failure that another attempt may cure. */
const RETRIED = new Set<Cause["kind"]>([
  "error",
  "exit",
  "signal",
  "host-memory",
  "device-memory",
  "device-lost",
  "preempted",
]);

/** @returns whether another attempt is to be made */
export function failRun(trial: TrialRecord, run: RunRecord, cause: Cause, retries: number): boolean {
  run.state = "failed";
  run.cause = cause;
  trial.cause = cause;
  trial.failures++;
  return RETRIED.has(cause.kind) && trial.failures <= retries;
}

/** The end of a run in its rung, where it has one. */
export function leaveRung(run: RunRecord, state: RungRecord["state"]): void {
  if (run.entry === undefined) return;
  run.entry.state = state;
  run.entry.value = run.value;
}

/** The end of a run, with its trial as it is now. */
export class OutcomeRecord implements Outcome {
  readonly trial: number;
  readonly run: number;
  readonly params: Params;
  readonly budget: number;
  readonly kind: Outcome["kind"];
  readonly value: number | undefined;
  readonly saved: boolean;
  readonly wrongStop: boolean | undefined;
  readonly #reports: PackedReports;

  constructor(
    trial: TrialRecord,
    { run, budget, saved, startStep }: RunRecord,
    kind: Outcome["kind"],
    value: number | undefined,
    wrongStop: boolean | undefined,
  ) {
    this.trial = trial.number;
    this.run = run;
    this.params = trial.params;
    this.budget = budget;
    this.kind = kind;
    this.value = value;
    this.saved = saved || startStep > 1;
    this.wrongStop = wrongStop;
    this.#reports = trial.log.pack();
  }

  get curve(): readonly ReportView[] {
    return this.#reports.reports;
  }
}

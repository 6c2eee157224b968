/* oxlint-disable max-lines -- one fold over all events: parts of it that have a state of their own are in files of their own */
import type { Params } from "../space/parameter.ts";
import type { Cause, EventOf, ModelFit, Recorded, RunOutcome } from "./events.ts";
import { modernSettings, type StopSettings, type StudySettings } from "./settings.ts";
import { budgetInWords } from "./budget-in-words.ts";
import { CheckpointLedger } from "./checkpoint-ledger.ts";
import { lastValue, resultOf, valueAt } from "./curve.ts";
import { Incumbent } from "./incumbent.ts";
import { RungIndex } from "./rung-index.ts";
import { isWrongStop } from "./safety.ts";
import { SlotWaits } from "./slot-waits.ts";
import { StopRequests } from "./stop-requests.ts";
import { Tried } from "./tried.ts";
import { WaitingTrials } from "./waiting-trials.ts";
import {
  addCheckpoint,
  addReport,
  completeRun,
  createRun,
  failRun,
  giveUp,
  leaveRung,
  loseCheckpoint,
  OutcomeRecord,
  supersede,
  supersedeFrom,
  type RunRecord,
  type RungRecord,
  TrialRecord,
} from "./trial-record.ts";
import { FailureWave, type WaveView } from "./failure-wave.ts";
import type { Best, DiskView, FinishView, HistoryView, NoteView, Outcome, SessionFacts } from "./view.ts";

/**
 * The fold: `History = fold(events)`. One pass, constant time for each event. It trusts its input, which the journal has
 * checked, and holds nothing that the events do not imply.
 */
export class History implements HistoryView {
  readonly trials: TrialRecord[] = [];
  readonly runs: RunRecord[] = [];
  readonly queue: Params[] = [];
  readonly outcomes: Outcome[] = [];
  readonly checkpoints: CheckpointLedger = new CheckpointLedger();
  readonly notes: NoteView[] = [];
  readonly stopRequests: StopRequests = new StopRequests();
  readonly slotWaits: SlotWaits = new SlotWaits();
  tried: Tried = new Tried({});
  lastFit: ModelFit | undefined;
  fallbacks = 0;
  substitutes = 0;
  excused = 0;
  readonly disk: { -readonly [K in keyof DiskView]: DiskView[K] } = { isFull: false, times: 0, gaveUp: undefined };
  timeElapsed = false;
  earlierTime = 0;
  sessionAt = 0;
  finished: FinishView | undefined;
  seq = -1;
  /** The session is over: no coordinator left it open. */
  sessionEnded = true;

  #settings: StudySettings | undefined;
  #stop: StopSettings = { trials: null, time: null, value: null, patience: null };
  /** Time of the last event of this session. */
  lastAt = 0;
  #sessions = 0;
  #session: SessionFacts = { node: "unknown", code: undefined };
  /** The end that the study had when this session began, while nothing has happened in it. */
  #finishedBefore: FinishView | undefined;
  readonly #open = new Map<number, RunRecord>();
  readonly #waiting = new WaitingTrials();
  readonly #rungs = new RungIndex();
  readonly #incumbent = new Incumbent();
  readonly #wave = new FailureWave();

  get settings(): StudySettings {
    if (this.#settings === undefined) throw new TypeError("the history has no study-created event yet");
    return this.#settings;
  }
  get stop(): StopSettings {
    return this.#stop;
  }
  get openRuns(): readonly RunRecord[] {
    return [...this.#open.values()];
  }
  get waiting(): readonly TrialRecord[] {
    return this.#waiting.all;
  }
  get brackets(): number {
    return this.#rungs.brackets;
  }
  get best(): Best | undefined {
    return this.#incumbent.best;
  }
  get wave(): WaveView | undefined {
    return this.#wave.current;
  }
  get endedSinceBest(): number {
    return this.#incumbent.endedSince;
  }
  get maxBudget(): number {
    return this.settings.budget?.max ?? 1;
  }

  rungs(bracket: number): readonly (readonly RungRecord[])[] {
    return this.#rungs.rungs(bracket);
  }

  compare(a: number, b: number): number {
    const sign = this.settings.metric.goal === "maximize" ? -1 : 1;
    return Math.sign(sign * a - sign * b);
  }

  words(budget: number): string {
    return budgetInWords(budget, this.settings.budget?.unit ?? "run");
  }

  /** Folds one event. Events come in order, without gaps. */
  apply(event: Recorded): void {
    if (event.type !== "session-ended" && event.type !== "noted") this.#finishedBefore = undefined;
    this.#fold(event);
    this.checkpoints.follow(event, this);
    this.stopRequests.follow(event, this);
    this.slotWaits.follow(event);
    this.seq = event.seq;
    this.lastAt = Math.max(this.lastAt, event.at);
  }

  #fold(event: Recorded): void {
    switch (event.type) {
      case "study-created":
        return this.#studyCreated(event);
      case "session-started":
        return this.#sessionStarted(event);
      case "session-ended":
        return this.#sessionEnded();
      case "enqueued":
        this.queue.push(event.params);
        return;
      case "noted":
        return void this.notes.push({ at: event.at, text: event.text, trial: event.trial });
      case "time-elapsed":
        this.timeElapsed = true;
        return;
      case "disk-checked":
        this.disk.isFull = event.full;
        this.disk.gaveUp = event.full ? event.message : undefined;
        return;
      case "trial-created":
        return this.#trialCreated(event);
      case "run-started":
        return this.#runStarted(event);
      case "reported":
        return this.#reported(event);
      case "checkpoint-saved":
        return this.#checkpointSaved(event);
      case "checkpoint-lost":
        return loseCheckpoint(this.#trial(event.trial), event);
      case "run-stopped":
        return this.#runStopped(event);
      case "run-shadowed":
        return giveUp(this.#trial(this.#run(event.run).trial), event);
      case "run-ended":
        return this.#runEnded(event);
      case "trial-dropped":
        return this.#trialDropped(event);
      case "study-finished":
        return this.#finish(event);
      default:
    }
  }

  #run(run: number): RunRecord {
    const record = this.runs[run];
    if (record === undefined) throw new TypeError(`an event names run ${run}, which was never started`);
    return record;
  }

  #trial(number: number): TrialRecord {
    const record = this.trials[number];
    if (record === undefined) throw new TypeError(`an event names trial ${number}, which was never created`);
    return record;
  }

  #studyCreated(event: EventOf<"study-created">): void {
    this.#settings = modernSettings(event.settings);
    this.#stop = event.settings.stop;
    this.tried = new Tried(event.settings.parameters);
    this.queue.push(...event.settings.enqueue);
  }

  #sessionStarted(event: EventOf<"session-started">): void {
    this.#session = { node: event.node, code: event.code };
    if (this.#sessions++ > 0) this.earlierTime += this.lastAt - this.sessionAt;
    this.sessionEnded = false;
    // Whoever resumes a study that ended because its trials failed has mended something.
    if (this.finished !== undefined) this.#wave.forget();
    for (const trial of this.finished?.again ?? []) this.#excuse(this.#trial(trial));
    Object.assign(this.disk, { isFull: false, times: 0, gaveUp: undefined });
    this.#stop = { ...this.#stop, ...event.stop };
    this.#finishedBefore = this.finished;
    this.finished = undefined;
    this.timeElapsed = this.#stop.time !== null && this.earlierTime >= this.#stop.time;
    this.loseOpenRuns();
    // Each session counts by its own clock: one that was set back in between takes nothing away.
    this.sessionAt = event.at;
    this.lastAt = event.at;
  }

  #finish({ reason, failed, again }: EventOf<"study-finished">): void {
    this.finished = { reason, failed, ...(again === undefined ? {} : { again }) };
  }

  /** A trial of a wave: its configuration waits for another, and it counts for nothing. */
  #excuse(trial: TrialRecord): void {
    if (trial.excused) return;
    trial.excused = true;
    this.excused++;
    this.#incumbent.endedSince = Math.max(0, this.#incumbent.endedSince - 1);
    this.queue.push(trial.params);
  }

  /** What was open stays to be done; a study that was only opened and closed is finished as before. */
  #sessionEnded(): void {
    this.sessionEnded = true;
    this.loseOpenRuns();
    this.finished ??= this.#finishedBefore;
  }

  /** What was open died with its coordinator. */
  protected loseOpenRuns(): void {
    const open = this.openRuns;
    this.#open.clear();
    const lost = open.filter(({ state }) => state !== "stopping");
    for (const run of open) {
      run.endedAt = this.lastAt;
      if (run.state === "stopping") this.#endStopped(run);
    }
    this.#waiting.addLost(
      lost.map((run) => [this.#trial(run.trial), run]),
      undefined,
    );
  }

  #trialCreated(event: EventOf<"trial-created">): void {
    const trial = new TrialRecord(event, this.trials.length, this.outcomes.length);
    this.trials.push(trial);
    this.#waiting.add(trial);
    if (event.source === "enqueued") this.queue.shift();
    this.tried.add(trial.params);
    if (event.fit !== undefined) this.lastFit = event.fit;
    if (event.fallback !== undefined) this.fallbacks++;
    if (event.substitute !== undefined) this.substitutes++;
  }

  #runStarted(event: EventOf<"run-started">): void {
    const trial = this.#trial(event.trial);
    const run = createRun(event, this.runs.length, this.#rungs.enter(trial, event), this.#session);
    supersedeFrom(trial, event.startStep);
    trial.state = "running";
    // Another attempt at the same changes nothing in why.
    if ((trial.runs.at(-1)?.budget ?? event.budget) !== event.budget) trial.reason = event.reason;
    trial.runs.push(run);
    this.runs.push(run);
    this.#open.set(run.run, run);
    this.#waiting.remove(trial);
  }

  #reported(event: EventOf<"reported">): void {
    const run = this.#run(event.run);
    if (run.state !== "open") return;
    addReport(this.#trial(run.trial), run, event, this.#lastStep(run));
  }

  #checkpointSaved(event: EventOf<"checkpoint-saved">): void {
    const run = this.#run(event.run);
    addCheckpoint(this.#trial(run.trial), run, event, this.#lastStep(run));
  }

  /** The step whose checkpoint leaves nothing to do; without a budget nobody knows it. */
  #lastStep(run: RunRecord): number {
    return this.settings.budget === null ? Infinity : run.budget;
  }

  #runStopped(event: EventOf<"run-stopped">): void {
    const run = this.#run(event.run);
    run.state = "stopping";
    run.stopReason = event.reason;
    giveUp(this.#trial(run.trial), event);
  }

  #runEnded(event: EventOf<"run-ended">): void {
    const run = this.#run(event.run);
    run.endedAt = event.at;
    this.#open.delete(run.run);
    switch (event.outcome.kind) {
      case "completed":
        return this.#endCompleted(run, resultOf(event.outcome.metrics, this.settings.metric.name));
      case "stopped":
        return this.#endStopped(run);
      case "failed":
        return this.#endFailed(run, event.outcome.cause);
      case "lost":
        return this.#lose(run, event.outcome);
    }
  }

  #endCompleted(run: RunRecord, value: number): void {
    const trial = this.#trial(run.trial);
    completeRun(trial, run, value);
    this.#wave.add(trial.number, undefined, true);
    this.disk.times = 0;
    this.#addOutcome(trial, run, "completed", value);
    const improved = this.#incumbent.offer(trial, run.budget, value, (a, b) => this.compare(a, b));
    if (run.budget < this.maxBudget) trial.state = "paused";
    else this.#end(trial, "complete", improved);
  }

  /** A run that was stopped only after it had reported its whole budget has completed it. */
  #endStopped(run: RunRecord): void {
    const trial = this.#trial(run.trial);
    if (this.settings.budget !== null && (run.lastReport?.step ?? 0) >= run.budget) {
      const value = valueAt(trial.reports, this.settings.metric.name, run.budget);
      if (value !== undefined) return this.#endCompleted(run, value);
    }
    run.state = "stopped";
    this.#endPruned(trial, run);
  }

  #endPruned(trial: TrialRecord, run: RunRecord): void {
    this.#wave.add(trial.number, undefined, false);
    leaveRung(run, "stopped");
    trial.value = lastValue(trial.reports, this.settings.metric.name) ?? trial.value;
    this.#addOutcome(trial, run, "stopped", trial.value);
    this.#end(trial, "pruned", false);
  }

  #endFailed(run: RunRecord, cause: Cause): void {
    const trial = this.#trial(run.trial);
    if (failRun(trial, run, cause, this.settings.trial.retries)) {
      supersede(trial);
      this.#waiting.add(trial);
      return;
    }
    leaveRung(run, "failed");
    this.#addOutcome(trial, run, "failed", undefined);
    this.#wave.add(trial.number, cause, false);
    this.#end(trial, "failed", false);
  }

  /** Through no fault of its trial. */
  #lose(run: RunRecord, { reason, cause }: RunOutcome & { readonly kind: "lost" }): void {
    this.#waiting.addLost([[this.#trial(run.trial), run]], reason);
    run.cause = cause;
    if (cause?.kind !== "disk" || this.disk.isFull) return;
    this.disk.isFull = true;
    this.disk.times++;
  }

  #addOutcome(trial: TrialRecord, record: RunRecord, kind: Outcome["kind"], value: number | undefined): void {
    const wrong = kind === "completed" ? isWrongStop(this, trial.givenUp, value as number) : undefined;
    this.outcomes.push(new OutcomeRecord(trial, record, kind, value, wrong));
  }

  #trialDropped(event: EventOf<"trial-dropped">): void {
    const trial = this.#trial(event.trial);
    giveUp(trial, event);
    const last = trial.runs.at(-1);
    // The run that was to be made good for has ended for good. A completed one had its end before.
    if (this.#waiting.remove(trial) && last !== undefined) this.#endPruned(trial, last);
    else this.#end(trial, "pruned", false);
  }

  #end(trial: TrialRecord, state: "complete" | "pruned" | "failed", improved: boolean): void {
    trial.state = state;
    if (!improved) this.#incumbent.endedSince++;
  }
}

/** Folds a whole journal. */
export function fold(events: Iterable<Recorded>): History {
  const history = new History();
  for (const event of events) history.apply(event);
  return history;
}

import { HpoError } from "../errors.ts";
import type {
  CheckpointContent,
  CodeVersion,
  Recorded,
  RunOutcome,
  SessionSlot,
  StudyEvent,
} from "../history/events.ts";
import { lastTold } from "../history/curve.ts";
import type { History } from "../history/history.ts";
import type { StopSettings } from "../history/settings.ts";
import type { SavedCheckpoint } from "../history/trial-record.ts";
import type { ReportView, RunView, TrialView } from "../history/view.ts";
import type { Journal } from "../journal/journal.ts";
import type { Sampler } from "../samplers/sampler.ts";
import type { Params } from "../space/parameter.ts";
import type { Decision } from "../workers/dispatcher.ts";
import type { Told, ToldMetrics, ToldOutcome } from "../workers/told.ts";
import { checkOutcome, checkReport } from "./boundary.ts";
import type { Decider } from "./decider.ts";
import { ENGINE } from "./engine.ts";
import type { StartStep, Step } from "./next-step.ts";
import { withoutSecrets } from "./secrets.ts";
import { sessionClock } from "./session-clock.ts";
import { excuse } from "./interruption.ts";
import { PendingSuggestion } from "./pending-suggestion.ts";
import { type Suggester, suggestInPlace } from "./suggester.ts";
import { noteProblem, stopProblem } from "./user-requests.ts";

/** How long an event that nobody waits for may stay in memory, in milliseconds. */
const COMMIT_DELAY = 200;

const CONTINUE: Decision = { action: "continue" };

/** Where a run is started, as the journal records it. */
export interface Place {
  readonly slot: string;
  /** A hash of the objective's code, or null. */
  readonly objective: string | null;
}

/**
 * Joins history, journal and strategy: takes inputs, computes the answers that they call for, and writes both down.
 * Everything is synchronous but `commit` and a suggestion that takes long (`pending-suggestion.ts`); whoever acts on an answer
 * or tells a result commits first.
 */
export class Coordinator {
  readonly history: History;
  /** Called when a suggestion has come that `next` waits for. */
  onSuggestion: () => void = () => undefined;
  /** Called when a stop rule of the study, or a user, ends a run that is open. */
  onStop: (run: number, reason: string) => void = () => undefined;
  /** Asked before a run starts from a checkpoint: why it cannot, in words. */
  checkpointProblem: (trial: number, saved: SavedCheckpoint) => string | undefined = () => undefined;
  /** Called when the journal cannot be written, or a suggestion not be computed, while nobody waits for it. */
  onFailure: (error: unknown) => void = () => undefined;
  readonly #journal: Journal;
  readonly #decider: Decider;
  readonly #pending: PendingSuggestion;
  readonly #now: () => number;
  readonly #listeners = new Set<(event: Recorded) => void>();
  #untold: Recorded[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Runs that gave a value which cannot be recorded, with their failure; they end as failed. */
  readonly #refused = new Map<number, RunOutcome>();

  /** @param options.suggester where suggestions are computed; in place when left out */
  constructor(
    decider: Decider,
    journal: Journal,
    options: { readonly now?: () => number; readonly suggester?: (sampler: Sampler) => Suggester } = {},
  ) {
    this.history = decider.history;
    this.#decider = decider;
    this.#journal = journal;
    this.#now = options.now ?? sessionClock();
    this.#pending = new PendingSuggestion(decider, options.suggester ?? suggestInPlace, {
      come: () => this.onSuggestion(),
      failed: (error) => this.onFailure(error),
    });
  }

  get commits(): number {
    return this.#journal.commits;
  }

  /** Hears every event once it is durable, in order. */
  subscribe(listener: (event: Recorded) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Notes an event, and what it calls for at once: checkpoints that are given up, and stops that a user asked for.
   *
   * @param at milliseconds since 1970
   */
  record(event: StudyEvent, at: number = this.#now()): void {
    this.#append(event, at);
    this.#answerOwed(at);
  }

  #answerOwed(at: number): void {
    for (let next = this.#decider.owed(); next !== undefined; next = this.#decider.owed()) {
      this.#append({ ...next, seen: this.history.seq }, at);
      if (next.type === "run-stopped") this.onStop(next.run, next.reason);
    }
  }

  #append(event: StudyEvent, at: number): void {
    const recorded = { seq: this.history.seq + 1, at, ...event } as Recorded;
    this.#journal.append(recorded);
    this.#decider.apply(recorded);
    this.#untold.push(recorded);
    this.#timer ??= setTimeout(() => void this.commit().catch((error: unknown) => this.onFailure(error)), COMMIT_DELAY);
  }

  /** Makes everything recorded so far durable, then tells the listeners. */
  async commit(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const last = this.history.seq;
    await this.#journal.commit();
    const durable = this.#untold.findIndex((event) => event.seq > last);
    const told = this.#untold.splice(0, durable === -1 ? this.#untold.length : durable);
    for (const event of told) for (const listener of this.#listeners) listener(event);
  }

  /** Opens a session: answers that the last coordinator owed come first, then its open runs count as lost. */
  startSession(stop: Partial<StopSettings>, slots: readonly SessionSlot[] = [], code?: CodeVersion): void {
    const { openRuns, seq, lastAt } = this.history;
    // They belong to the session that they end: the time in between is nobody's running time.
    for (const run of openRuns) if (run.lastReportSeq === seq) this.#decide(run.run, lastAt);
    this.#answerOwed(lastAt);
    const told = {
      ...(Object.keys(stop).length === 0 ? {} : { stop }),
      ...(slots.length === 0 ? {} : { slots }),
      ...(code === undefined ? {} : { code }),
    };
    this.record({ type: "session-started", engine: ENGINE, node: process.version, pid: process.pid, ...told });
    this.#journal.write();
  }

  /** Writes the session's last event and lets go of the journal. That event alone need not survive a loss of power. */
  async close(reason: string): Promise<void> {
    try {
      if (this.#untold.length > 0) await this.commit();
      if (!this.history.sessionEnded) this.record({ type: "session-ended", reason });
    } finally {
      clearTimeout(this.#timer);
      this.#journal.close();
      await this.#pending.close();
    }
  }

  /** Notes that the study's running time is over, when it is. */
  checkTime(): void {
    const { finished, timeElapsed } = this.history;
    if (finished === undefined && !timeElapsed && this.timeLeft() <= 0) this.record({ type: "time-elapsed" });
  }

  /** Milliseconds until the study's running time is over; Infinity without such a rule. */
  timeLeft(): number {
    const { stop, earlierTime, sessionAt } = this.history;
    return stop.time === null ? Infinity : stop.time - earlierTime - (this.#now() - sessionAt);
  }

  enqueue(params: Params): void {
    // As the journal gives it back: without −0.
    this.record({ type: "enqueued", params: JSON.parse(JSON.stringify(params)) as Params });
  }

  /** @param text as it is to be kept */
  note(text: string, trial: number | null): void {
    refuse(noteProblem(this.history, text, trial));
    this.record({ type: "noted", text, trial });
  }

  /** Notes that a slot takes no run for now, with the reason, or that it does again (undefined). */
  slotWaits(slot: string, reason: string | undefined): void {
    const { finished, sessionEnded, slotWaits } = this.history;
    const said = slotWaits.open.get(slot)?.reason;
    if (finished !== undefined || sessionEnded || said === reason) return;
    this.record(reason === undefined ? { type: "slot-ready", slot } : { type: "slot-waits", slot, reason });
  }

  /** Ends a trial as a user wants it: its run is told to stop, or it is given up where it rests or waits. */
  stopTrial(trial: number): void {
    refuse(stopProblem(this.history, trial));
    this.record({ type: "trial-stop-requested", trial });
  }

  /** Tells open runs to stop when a stop rule of the study holds, without asking for work. */
  endRunsWhenOver(): void {
    this.checkTime();
    if (this.history.finished === undefined && this.#decider.endsRuns) this.next({ slot: "", objective: null });
  }

  /**
   * Work for a free slot: a run that is now recorded as started, "wait" until a run ends, "suggesting" until `onSuggestion`,
   * or "over".
   *
   * @param place undefined where there is no slot to start on: "wait" then stands for anything that needs one
   */
  next(place: Place | undefined): RunView | "wait" | "suggesting" | "over" {
    this.checkTime();
    for (;;) {
      if (this.history.finished !== undefined) return "over";
      const seen = this.history.seq;
      const step = this.#decider.next();
      if (place === undefined && (step.kind === "create" || step.kind === "suggest" || step.kind === "start"))
        return "wait";
      switch (step.kind) {
        case "create":
          this.#create(step, seen);
          break;
        case "suggest": {
          const taken = this.#pending.take(step.trial);
          if (taken === undefined) return "suggesting";
          const { samplerName: source } = this.#decider.strategy;
          this.#create({ kind: "create", trial: step.trial, source, ...taken.suggestion }, taken.seen);
          break;
        }
        case "start":
          if (this.#losesCheckpoint(step)) break;
          return this.#start(step, place as Place, seen);
        case "drop": {
          const { kind: _, ...dropped } = step;
          this.record({ type: "trial-dropped", ...dropped, seen });
          break;
        }
        case "stop":
          this.record({ type: "run-stopped", run: step.run, reason: step.reason, seen });
          this.onStop(step.run, step.reason);
          break;
        case "finish":
          this.#finish(step, seen);
          break;
        case "wait":
          return "wait";
      }
    }
  }

  /** As `next`, but waits for the suggestions that it needs. */
  async nextSuggested(place: Place): Promise<RunView | "wait" | "over"> {
    for (;;) {
      const next = this.next(place);
      if (next !== "suggesting") return next;
      await this.#pending.come();
    }
  }

  #finish(step: Step & { readonly kind: "finish" }, seen: number): void {
    const { kind: _, ...finished } = step;
    this.record({ type: "study-finished", ...finished, seen });
  }

  /** Notes that the checkpoint that a run is to start from is not there, which changes what is next. */
  #losesCheckpoint({ trial, startStep }: StartStep): boolean {
    const saved = this.history.trials[trial]?.saved.find(({ step }) => step === startStep - 1);
    const message = saved === undefined ? undefined : this.checkpointProblem(trial, saved);
    if (message === undefined) return false;
    this.record({ type: "checkpoint-lost", trial, step: startStep - 1, message });
    return true;
  }

  #create(step: Step & { readonly kind: "create" }, seen: number): void {
    const { kind: _, ...created } = step;
    this.record({ type: "trial-created", ...created, seen });
  }

  #start(step: StartStep, { slot, objective }: Place, seen: number): RunView {
    const { run, trial, attempt, budget, startStep, placement, reason } = step;
    const where = placement === undefined ? {} : { placement };
    this.record({
      type: "run-started",
      run,
      trial,
      attempt,
      budget,
      startStep,
      ...where,
      slot,
      objective,
      reason,
      seen,
    });
    return this.history.runs[run] as RunView;
  }

  /**
   * Takes a report and answers it. A report of a run that was stopped is logged, not folded.
   *
   * @throws HpoError "run-closed" when the run has ended
   */
  report(run: number, step: Told, metrics: ToldMetrics): Decision {
    const view = this.#openRun(run);
    const refused = this.#refused.get(run);
    if (refused !== undefined) return { action: "stop", reason: refusal(refused) };
    const checked = checkReport(this.history.settings.metric.name, step, metrics);
    if ("kind" in checked) {
      this.#refused.set(run, checked);
      return { action: "stop", reason: refusal(checked) };
    }
    this.record({ type: "reported", run, ...checked });
    if (view.state === "open") this.#decide(run);
    return view.stopReason === undefined ? CONTINUE : { action: "stop", reason: view.stopReason };
  }

  #decide(run: number, at?: number): void {
    const seen = this.history.seq;
    const answer = this.#decider.decide(run);
    if (answer !== undefined) this.record({ ...answer, seen }, at);
  }

  /** Notes that a checkpoint is complete, and how much it takes on disk. Commit before an older one is removed. */
  checkpoint(run: number, step: number, bytes?: number, content?: CheckpointContent): void {
    this.#openRun(run);
    const size = { ...(bytes === undefined ? {} : { bytes }), ...(content === undefined ? {} : { content }) };
    this.record({ type: "checkpoint-saved", run, step, ...size });
  }

  /** The step of the oldest checkpoint of a run's trial that may still be needed; 0 when there is none. */
  oldestCheckpoint(run: number): number {
    const { trial } = this.history.runs[run] as RunView;
    return this.history.trials[trial]?.saved[0]?.step ?? 0;
  }

  /**
   * Ends a run. One that was told to stop ends as stopped whatever it says.
   *
   * @throws HpoError "run-closed" when the run has ended already
   */
  end(run: number, outcome: ToldOutcome): void {
    const view = this.#openRun(run);
    const refused = this.#refused.get(run);
    this.#refused.delete(run);
    if (view.state === "stopping") this.record({ type: "run-ended", run, outcome: { kind: "stopped" } });
    else {
      const checked = refused ?? this.#checkOutcome(view, outcome);
      const kept = checked.kind === "failed" ? { ...checked, cause: withoutSecrets(checked.cause) } : checked;
      this.record({ type: "run-ended", run, outcome: excuse(this.history.trials[view.trial] as TrialView, kept) });
    }
  }

  /** Whether a run that ends now has told the study's metric, in its reports or among `metrics`. */
  hasValue(run: number, metrics: ToldMetrics): boolean {
    const view = this.#openRun(run);
    const { name } = this.history.settings.metric;
    return (
      view.state === "stopping" ||
      Object.hasOwn(metrics, name) ||
      this.#refused.has(run) ||
      this.#last(view) !== undefined
    );
  }

  #checkOutcome(view: RunView, outcome: ToldOutcome): RunOutcome {
    const { metric, budget } = this.history.settings;
    // Started again behind the last step that there was, it had nothing left to do: its curve says the result.
    const silent = outcome.kind === "failed" && outcome.cause.kind === "no-result" && view.lastReport === undefined;
    const last = silent && view.startStep > 1 && budget === null ? this.#last(view, 0) : this.#last(view);
    const said: ToldOutcome = silent && last !== undefined ? { kind: "completed", metrics: {} } : outcome;
    return checkOutcome(metric.name, said, last);
  }

  /** The last step that a run told the study's metric at; with a `first` of 0, its trial. */
  #last({ trial, firstStep }: RunView, first = firstStep): ReportView | undefined {
    return lastTold(this.history.trials[trial]?.reports ?? [], this.history.settings.metric.name, first);
  }

  #openRun(run: number): RunView {
    const view = this.history.runs[run];
    if (view === undefined || (view.state !== "open" && view.state !== "stopping"))
      throw new HpoError(
        "run-closed",
        `run ${run} is not open: ${view === undefined ? "it was never started" : `it has ended as ${view.state}`}`,
      );
    return view;
  }
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new HpoError("invalid-argument", problem);
}

function refusal(outcome: RunOutcome): string {
  return outcome.kind === "failed" ? outcome.cause.message : "refused";
}

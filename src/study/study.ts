import { randomUUID } from "node:crypto";
import type { Device } from "../devices/gpu.ts";
import { HpoError, InvalidSpecError } from "../errors.ts";
import type { Metrics, Recorded } from "../history/events.ts";
import type { Best, HistoryView, TrialView } from "../history/view.ts";
import type { Request } from "../journal/request.ts";
import { checkParams } from "../space/check-params.ts";
import type { Parameters, Params, ParamsOf } from "../space/parameter.ts";
import { createSpace } from "../space/space.ts";
import type { Decision, Dispatcher } from "../workers/dispatcher.ts";
import { createFunctionDispatcher } from "../workers/function-dispatcher.ts";
import { createProcessDispatcher } from "../workers/process-dispatcher.ts";
import { readReport, toldMetrics, type ToldOutcome } from "../workers/told.ts";
import type { ObjectiveFunction } from "../workers/trial.ts";
import type { Coordinator } from "./coordinator.ts";
import { EventStream } from "./event-stream.ts";
import type { OpenSlots } from "./open-slots.ts";
import { objectiveCode } from "./objective-code.ts";
import { processObjective } from "./process-objective.ts";
import { order, runStudy } from "./run-study.ts";
import { trackerOf } from "./start-tracker.ts";
import { studyMarker } from "./study-folder.ts";

/** The best trial, with its parameters typed from the study's. */
export type BestTrial<P extends Parameters> = Omit<Best, "params"> & { readonly params: ParamsOf<P> };

export interface StudyResult<P extends Parameters> {
  readonly best: BestTrial<P> | undefined;
  /** Whether it finished or was interrupted; an interrupted study can be resumed. */
  readonly state: "finished" | "interrupted";
  /** Why it ended, in words. */
  readonly reason: string;
  /** It ended because its trials fail. */
  readonly failed: boolean;
  readonly trials: readonly TrialView[];
}

/** A run of the study: a promise of its result, and an async iterable of its events, each once it is durable. */
export type StudyRun<P extends Parameters> = Promise<StudyResult<P>> & AsyncIterable<Recorded>;

/** A run that `ask` handed out. */
export interface AskedTrial<P extends Parameters> {
  readonly number: number;
  /** Numbered over the study: a promotion or a retry is a new run of the same trial. */
  readonly run: number;
  readonly attempt: number;
  readonly params: ParamsOf<P>;
  readonly budget: number;
  readonly startStep: number;
  /** An unsigned 32-bit integer, the same in every attempt. */
  readonly seed: number;
}

/** How a run ended: its metrics, or that it was stopped, or that it failed. */
export type TellResult =
  number | Metrics | { readonly state: "pruned" } | { readonly state: "failed"; readonly cause?: string };

interface StudyParts {
  readonly coordinator: Coordinator;
  readonly slots: OpenSlots;
  readonly folder: string | null;
  /** What there is to say of the folder, a line each. */
  readonly notes: readonly string[];
  /** Lets others write the study. */
  readonly release: () => Promise<void>;
  readonly objective: ObjectiveFunction | undefined;
}

/** One optimisation: run its objective to the end, or drive it with ask, report and tell. Close it when done. */
export class Study<P extends Parameters = Parameters> {
  readonly #coordinator: Coordinator;
  readonly #folder: string | null;
  readonly #notes: readonly string[];
  readonly #release: () => Promise<void>;
  readonly #slots: OpenSlots;
  /** Not for a study that is only opened to note something. */
  readonly #startTracker: () => void;
  readonly #objective: ObjectiveFunction | undefined;
  /** Ends the open run when another terminal asks for it. */
  readonly #stopping = new AbortController();
  #running: Promise<unknown> | undefined;
  #closed: Promise<void> | undefined;
  /** A program asks, reports and tells. */
  #driven = false;

  /** @internal Made by createStudy and resumeStudy. */
  constructor({ coordinator, slots, folder, notes, release, objective }: StudyParts) {
    this.#coordinator = coordinator;
    this.#slots = slots;
    this.#folder = folder;
    this.#startTracker = trackerOf(this.history.settings, folder);
    this.#notes = [...slots.notes, ...notes];
    this.#release = release;
    this.#objective = objective;
  }

  get name(): string {
    return this.history.settings.name;
  }

  /** Everything that has happened, live. */
  get history(): HistoryView {
    return this.#coordinator.history;
  }

  /** Only values at the largest completed budget compare. */
  get best(): BestTrial<P> | undefined {
    return this.history.best as BestTrial<P> | undefined;
  }

  /** The study's folder; null for one in memory. */
  get folder(): string | null {
    return this.#folder;
  }

  /** Where its runs may be, in this session: GPUs of this machine that it holds until it is closed, or CPU slots. */
  get slots(): readonly Device[] {
    return this.#slots.slots.map(({ device }) => device);
  }

  /** What to know of this session's slots, of its folder and of the objective's code, a line each. */
  get notes(): readonly string[] {
    const { problem } = objectiveCode(this.history.settings.objective, this.#folder);
    const unknown = problem === undefined ? [] : [`changes of the objective's code cannot be noticed: ${problem}`];
    return [...this.#notes, ...unknown];
  }

  /** How many times the journal was made durable. */
  get commits(): number {
    return this.#coordinator.commits;
  }

  /**
   * Runs the objective until a stop rule holds.
   *
   * @param options.signal aborted, nothing new starts and what runs is interrupted; resumable
   * @throws HpoError "invalid-argument" without an objective, or when it runs already
   */
  run(options: { readonly signal?: AbortSignal } = {}): StudyRun<P> {
    const result = this.#runObjective(options.signal).then((state) => this.#result(state));
    return Object.assign(result, { [Symbol.asyncIterator]: () => this.#eventsUntil(result) });
  }

  /** The events from here to the end of a run; they are kept only for whoever iterates. */
  #eventsUntil(result: Promise<unknown>): EventStream<Recorded> {
    const events = new EventStream<Recorded>();
    const unsubscribe = this.#coordinator.subscribe((event) => events.push(event));
    events.onReturn = unsubscribe;
    result
      .then(
        () => events.end(),
        (error: unknown) => events.end({ error }),
      )
      .finally(unsubscribe);
    return events;
  }

  async #runObjective(signal: AbortSignal | undefined): Promise<"finished" | "interrupted"> {
    this.#assertOpen();
    if (this.history.openRuns.length > 0 && this.#running === undefined)
      throw new HpoError(
        "invalid-argument",
        this.#driven
          ? `study "${this.name}" has runs that were asked for and not told: tell their results first, then run it`
          : `study "${this.name}" was interrupted: close it, then resume it`,
      );
    if (this.#running !== undefined)
      throw new HpoError("invalid-argument", `study "${this.name}" runs already: await its run first`);
    const { objective } = this.history.settings;
    const signals = signal === undefined ? [this.#stopping.signal] : [this.#stopping.signal, signal];
    const running = runStudy({
      coordinator: this.#coordinator,
      dispatcher: this.#createDispatcher(),
      folder: this.#folder,
      objective: () => objectiveCode(objective, this.#folder).hash,
      signal: AbortSignal.any(signals),
    });
    this.#running = running;
    this.#startTracker();
    try {
      return await running;
    } finally {
      this.#running = undefined;
    }
  }

  #createDispatcher(): Dispatcher {
    const { objective, metric, trial: limits } = this.history.settings;
    const { slots } = this.#slots;
    const shared = { metric: metric.name, slots, limits };
    switch (objective.kind) {
      case "module":
      case "command":
        return createProcessDispatcher({
          ...shared,
          studyId: this.#marker(),
          objective: processObjective(objective, this.history.settings, this.#folder),
        });
      case "function":
        return createFunctionDispatcher({
          ...shared,
          slots: slots.map(({ name }) => name),
          objective: this.#objective as ObjectiveFunction,
        });
      case "none":
        throw new HpoError(
          "invalid-argument",
          `study "${this.name}" has no objective: give one to createStudy, or drive the study with ask, report and tell`,
        );
    }
  }

  /** Marks the study's processes. */
  #marker(): string {
    return this.#folder === null ? randomUUID() : studyMarker(this.#folder);
  }

  #result(state: "finished" | "interrupted"): StudyResult<P> {
    const { finished, trials } = this.history;
    return {
      best: this.best,
      state,
      reason: finished?.reason ?? "interrupted",
      failed: finished?.failed ?? false,
      trials,
    };
  }

  /**
   * Tries a configuration next, as given.
   *
   * @throws InvalidSpecError with every problem of the configuration
   */
  async enqueue(params: ParamsOf<P>): Promise<void> {
    this.#assertOpen();
    const issues = checkParams(createSpace(this.history.settings.parameters), params, "");
    if (issues.length > 0) throw new InvalidSpecError("the enqueued configuration", issues);
    this.#coordinator.enqueue(params as Params);
    await this.#coordinator.commit();
  }

  /**
   * Adds a remark to the journal; also after the study's end.
   *
   * @param text 1 to 2,000 characters, those around it left out
   * @param options.trial the number of the trial that it is about
   * @throws HpoError "invalid-argument" for another length, or a trial that does not exist
   */
  async note(text: string, options: { readonly trial?: number | null } = {}): Promise<void> {
    this.#assertOpen();
    this.#coordinator.note(typeof text === "string" ? text.trim() : text, options.trial ?? null);
    await this.#coordinator.commit();
  }

  /**
   * Ends one trial as pruned, with the last value that it told: it is not tried again, and not promoted. Its run is told to stop, as
   * by a scheduler, and ended after the grace where it does not; in a driven study its next report answers "stop". A trial that
   * is paused or waits is given up at once. Resolves when the journal has it.
   *
   * @throws HpoError "invalid-argument" when it has ended, was told to stop already or does not exist, and in a reproducible study
   */
  async stopTrial(number: number): Promise<void> {
    this.#assertOpen();
    this.#coordinator.stopTrial(number);
    await this.#coordinator.commit();
  }

  /**
   * The next run to do; undefined when the study is over. A promotion gives the same number again, with a larger budget.
   *
   * @throws HpoError "would-wait" when only the tell of an open run can unblock it
   */
  async ask(): Promise<AskedTrial<P> | undefined> {
    this.#assertDriven("ask");
    this.#startTracker();
    const next = await this.#coordinator.nextSuggested({ slot: "ask", objective: null });
    await this.#coordinator.commit();
    if (next === "over") return undefined;
    if (next === "wait")
      throw new HpoError(
        "would-wait",
        this.history.settings.parallel === null
          ? "every trial that could go on waits for an open run: tell the result of one, then ask again"
          : "what is next waits for the run that was asked for first of those that are open, since the study is reproducible: tell its result, then ask again",
      );
    const { run, trial, attempt, params, budget, startStep, seed } = order(this.#coordinator, next, this.#folder);
    return { number: trial, run, attempt, params: params as ParamsOf<P>, budget, startStep, seed };
  }

  /**
   * Reports how far an asked run is. After a stop, one tell closes the run.
   *
   * @param report a step of at least 0 and metrics; a metric of the study that is not finite fails the run
   */
  async report(trial: { readonly run: number }, report: Metrics & { readonly step: number }): Promise<Decision> {
    this.#assertDriven("report");
    const { step, metrics } = readTold(() => readReport("report", report));
    return this.#coordinator.report(trial.run, step, metrics);
  }

  /**
   * Notes that the program has saved a checkpoint of an asked run, so that the next run of its trial starts behind it:
   * `startStep` is then the step after. It counts once its step was reported, and not after a stop: save it, note it, then
   * report. Keep the files of the one before until then. Resolves when the journal has it.
   *
   * @param step whole, at least the run's `startStep`, and larger than that of its last checkpoint
   * @throws HpoError "run-closed" when the run has ended
   */
  async checkpoint(trial: { readonly run: number }, step: number): Promise<void> {
    this.#assertDriven("checkpoint");
    const { runs, trials } = this.#coordinator.history;
    const run = runs[trial.run];
    const first = Math.max(run?.startStep ?? 1, 1 + (trials[run?.trial ?? -1]?.saved.at(-1)?.step ?? 0));
    if (!Number.isSafeInteger(step) || step < first)
      throw invalid("checkpoint", `a whole step of at least ${first}, the first one that is not saved yet`, step);
    this.#coordinator.checkpoint(trial.run, step);
    await this.#coordinator.commit();
  }

  /**
   * Ends an asked run. Resolves when the journal has it. A metric of the study that is no finite number fails the run; where the
   * result has none, the last step that was reported counts.
   *
   * @throws HpoError "invalid-argument" where neither tells the study's metric: the run stays open
   */
  async tell(trial: { readonly run: number }, result: TellResult): Promise<void> {
    this.#assertDriven("tell");
    const { name } = this.history.settings.metric;
    const outcome = toOutcome(result, name);
    if (outcome.kind === "completed" && !this.#coordinator.hasValue(trial.run, outcome.metrics))
      throw invalid("tell", `a value for ${name}, here or in a report`, result);
    this.#coordinator.end(trial.run, outcome);
    await this.#coordinator.commit();
  }

  /** Ends what runs, writes the last event and frees the study for others. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#stopping.abort();
    // Whoever called run hears of its failure.
    await this.#running?.catch(() => undefined);
    try {
      await this.#coordinator.close(this.history.finished === undefined ? "interrupted" : "finished");
    } finally {
      await this.#slots.release();
      await this.#release();
    }
  }

  /** @internal A request from another terminal. */
  async answer(request: Request): Promise<void> {
    switch (request.kind) {
      case "stop":
        // A study that is about to run hears of it when it does.
        if (this.#driven || this.history.settings.objective.kind === "none" || this.history.finished !== undefined)
          throw new Error(`nothing runs in study "${this.name}": process ${process.pid} holds it and drives it itself`);
        return this.#stopping.abort();
      case "enqueue":
        return this.enqueue(request.params as ParamsOf<P>);
      case "note":
        return this.note(request.text, { trial: request.trial });
      case "stop-trial":
        return this.stopTrial(request.trial);
    }
  }

  #assertDriven(call: string): void {
    this.#assertOpen();
    this.#driven ||= this.#running === undefined;
    if (this.#running !== undefined)
      throw new HpoError(
        "invalid-argument",
        `${call}: study "${this.name}" runs its own objective; drive another study, or await this run`,
      );
  }

  #assertOpen(): void {
    if (this.#closed !== undefined)
      throw new HpoError("invalid-argument", `study "${this.name}" is closed: resume it first`);
  }
}

function toOutcome(result: TellResult, metric: string): ToldOutcome {
  if (typeof result === "number") return { kind: "completed", metrics: { [metric]: result } };
  if (typeof result !== "object" || result === null)
    throw invalid("tell", 'metrics, { state: "pruned" } or { state: "failed", cause }', result);
  const { state, cause } = result as { readonly state?: unknown; readonly cause?: string };
  if (state === "pruned") return { kind: "stopped" };
  if (state === "failed")
    return { kind: "failed", cause: { kind: "error", message: cause ?? "it was told as failed" } };
  if (typeof state === "string") throw invalid("tell", 'a state of "pruned" or "failed"', state);
  return { kind: "completed", metrics: toldMetrics(result) };
}

/** What a program gave us wrong is an error of its call. */
function readTold<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new HpoError("invalid-argument", (error as Error).message, { cause: error });
  }
}

function invalid(call: string, expected: string, received: unknown): HpoError {
  return new HpoError(
    "invalid-argument",
    `${call}: expected ${expected}, received ${JSON.stringify(received) ?? String(received)}`,
  );
}

import { Coordinator } from "../../src/study/coordinator.ts";
import { resolveSpec } from "../../src/study/resolve.ts";
import { runStudy } from "../../src/study/run-study.ts";
import { Decider } from "../../src/study/decider.ts";
import type { Suggester } from "../../src/study/suggester.ts";
import type { Sampler } from "../../src/samplers/sampler.ts";
import { JOURNAL_VERSION, type Recorded, type RunOutcome } from "../../src/history/events.ts";
import type { History } from "../../src/history/history.ts";
import type { Journal } from "../../src/journal/journal.ts";
import { SimulatedClock } from "../../src/simulation/clock.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import type { Dispatcher, RunListener, RunOrder } from "../../src/workers/dispatcher.ts";
import { ENGINE } from "../../src/study/engine.ts";

/** Whole studies on a simulated clock: a thousand trials in milliseconds, at any number of slots. */

export interface VirtualObjective {
  /** The loss after `step` steps; NaN and infinities are allowed. */
  readonly loss: (order: RunOrder, step: number) => number;
  /** Simulated time of a step. @default 1 */
  readonly duration?: (order: RunOrder, step: number) => number;
  /** How the run fails before `step`, if it does. */
  readonly failure?: (order: RunOrder, step: number) => RunOutcome | undefined;
  /** Saves a checkpoint of each step, before or after it is reported. @default never */
  readonly checkpoints?: "before" | "after";
  /** What the checkpoint of a step takes on disk. @default nobody measures it */
  readonly bytes?: (order: RunOrder, step: number) => number;
  /** Goes on past the budget by this many steps. @default 0 */
  readonly overrun?: number;
  /** From one step to the next. @default 1 */
  readonly stride?: number;
  /** Whether a step is told; the last always is, as the result. @default always */
  readonly tells?: (order: RunOrder, step: number) => boolean;
  /** The step after which it is content and ends, before its budget. @default never */
  readonly contentAt?: (order: RunOrder) => number;
}

/** A run's time on its slot; `to` is Infinity while it is there. */
export interface Span {
  readonly slot: string;
  readonly from: number;
  to: number;
}

const NOTHING_SAID: RunOutcome = { kind: "failed", cause: { kind: "no-result", message: "it said nothing" } };

export class VirtualDispatcher implements Dispatcher {
  readonly slots: readonly string[];
  /** Time that slots spent on runs. */
  busy = 0;
  readonly started: RunOrder[] = [];
  /** Of each run that was started, in this order. */
  readonly spans: Span[] = [];
  /** Steps of a trial's checkpoints that were left on disk when it was last tidied. */
  readonly kept = new Map<number, readonly number[]>();
  readonly #clock = new SimulatedClock();
  readonly #open = new Map<number, { listener: RunListener; stopped: boolean; span: Span }>();
  readonly #objective: VirtualObjective;

  constructor(slots: number, objective: VirtualObjective) {
    this.slots = Array.from({ length: slots }, (_, index) => `cpu-${index}`);
    this.#objective = objective;
  }

  get time(): number {
    return this.#clock.time;
  }

  start(order: RunOrder, listener: RunListener): void {
    this.started.push(order);
    const span = { slot: order.slot, from: this.time, to: Infinity };
    this.spans.push(span);
    this.#open.set(order.run, { listener, stopped: false, span });
    // As a loop over the epochs does that has none left.
    if (order.startStep > order.budget + (this.#objective.overrun ?? 0))
      this.#clock.after(0, () => this.#end(order.run, NOTHING_SAID));
    else this.#step(order, order.startStep - 1 + (this.#objective.stride ?? 1));
  }

  checkpointProblem(): undefined {}

  tidy({ trial }: { readonly trial: number }, keep: readonly number[]): void {
    this.kept.set(trial, keep);
  }

  stop(run: number): void {
    const open = this.#open.get(run);
    if (open !== undefined) open.stopped = true;
  }

  async close(): Promise<void> {
    for (const [run, { listener }] of this.#open) {
      this.#open.delete(run);
      listener.ended({ kind: "stopped" });
    }
  }

  #step(order: RunOrder, step: number): void {
    const duration = this.#objective.duration?.(order, step) ?? 1;
    this.#clock.after(duration, () => {
      const run = this.#open.get(order.run);
      if (run === undefined) return;
      this.busy += duration;
      if (run.stopped) return this.#end(order.run, { kind: "stopped" });
      const failure = this.#objective.failure?.(order, step);
      if (failure !== undefined) return this.#end(order.run, failure);
      const loss = this.#objective.loss(order, step);
      // A journal that dies here shows at the loop's own commit.
      const bytes = this.#objective.bytes?.(order, step);
      const save = (): unknown => run.listener.checkpointed(step, bytes).catch(() => undefined);
      // Checkpoints are of whole steps: a run goes on at the step after one.
      const saves = Number.isInteger(step) ? this.#objective.checkpoints : undefined;
      if (saves === "before") save();
      if (this.#objective.tells?.(order, step) ?? true) {
        const decision = run.listener.reported(step, { loss });
        if (decision.action === "stop") return this.#end(order.run, { kind: "stopped" });
      }
      if (saves === "after") save();
      const last = Math.min(
        order.budget + (this.#objective.overrun ?? 0),
        this.#objective.contentAt?.(order) ?? Infinity,
      );
      if (step >= last) this.#end(order.run, { kind: "completed", metrics: { loss } });
      else this.#step(order, step + (this.#objective.stride ?? 1));
    });
  }

  #end(run: number, outcome: RunOutcome): void {
    const open = this.#open.get(run);
    this.#open.delete(run);
    if (open !== undefined) open.span.to = this.time;
    open?.listener.ended(outcome);
  }
}

/** A journal that keeps its events, and can die: after `limit` events everything is refused. */
export class RecordingJournal implements Journal {
  commits = 0;
  /** How many events would survive a loss of power. */
  durable = 0;
  readonly events: Recorded[];
  #limit: number;

  constructor(events: readonly Recorded[] = [], limit = Infinity) {
    this.events = [...events];
    this.#limit = limit;
  }

  append(event: Recorded): void {
    if (this.events.length < this.#limit) this.events.push(JSON.parse(JSON.stringify(event)) as Recorded);
  }

  write(): void {}

  async commit(): Promise<void> {
    if (this.events.length >= this.#limit) throw new Killed();
    const length = this.events.length;
    // Whoever does not wait for the disk is ahead of it.
    await Promise.resolve();
    this.durable = Math.max(this.durable, length);
    this.commits++;
  }

  close(): void {}
}

export class Killed extends Error {}

export interface VirtualStudy {
  readonly events: readonly Recorded[];
  readonly history: History;
  readonly dispatcher: VirtualDispatcher;
}

export interface VirtualRun {
  readonly spec: StudySpec;
  readonly objective: VirtualObjective;
  readonly slots?: number;
  /** Events of earlier sessions: the study is resumed. */
  readonly events?: readonly Recorded[];
  /** Stop rules that replace some of its own. */
  readonly stop?: { readonly trials?: number };
  /** The coordinator dies when the journal holds this many events. */
  readonly killAt?: number;
  /** Called when the session has begun. */
  readonly onStart?: (coordinator: Coordinator) => void;
  /** Called before each step's report, as a user who does something then. */
  readonly during?: (coordinator: Coordinator, order: RunOrder, step: number) => void;
  /** Where suggestions are computed. @default in place */
  readonly suggester?: (sampler: Sampler) => Suggester;
}

/** Runs a study to its end, or until it is killed. */
export async function runVirtual({
  spec,
  objective,
  slots = 1,
  events = [],
  stop = {},
  killAt,
  onStart,
  during,
  suggester,
}: VirtualRun): Promise<VirtualStudy> {
  const settings = resolveSpec(spec, {
    subject: "the test's spec",
    specFolder: "/",
    studyFolder: null,
    objective: "function",
  });
  const decider = new Decider();
  for (const event of events) decider.apply(event);
  const journal = new RecordingJournal(events, killAt);
  const dispatcher = new VirtualDispatcher(slots, {
    ...objective,
    loss: (order, step) => {
      during?.(coordinator, order, step);
      return objective.loss(order, step);
    },
  });
  const coordinator: Coordinator = new Coordinator(decider, journal, {
    now: () => dispatcher.time,
    ...(suggester && { suggester }),
  });
  if (events.length === 0)
    coordinator.record({ type: "study-created", version: JOURNAL_VERSION, engine: ENGINE, settings });
  coordinator.startSession(stop);
  onStart?.(coordinator);
  try {
    await runStudy({
      coordinator,
      dispatcher,
      folder: null,
      objective: () => null,
      signal: new AbortController().signal,
    });
    await coordinator.close("finished");
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
  return { events: journal.events, history: decider.history, dispatcher };
}

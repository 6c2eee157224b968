import { Coordinator } from "../../src/study/coordinator.ts";
import { resolveSpec } from "../../src/study/resolve.ts";
import { runStudy } from "../../src/study/run-study.ts";
import { Decider } from "../../src/study/decider.ts";
import type { Suggester } from "../../src/study/suggester.ts";
import type { Sampler } from "../../src/samplers/sampler.ts";
import { JOURNAL_VERSION, type Recorded, type RunOutcome } from "../../src/history/events.ts";
import type { History } from "../../src/history/history.ts";
import type { Journal } from "../../src/journal/journal.ts";
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
}

const NOTHING_SAID: RunOutcome = { kind: "failed", cause: { kind: "no-result", message: "it said nothing" } };

interface Due {
  readonly time: number;
  readonly order: number;
  readonly act: () => void;
}

export class VirtualDispatcher implements Dispatcher {
  readonly slots: readonly string[];
  time = 0;
  /** Time that slots spent on runs. */
  busy = 0;
  readonly started: RunOrder[] = [];
  /** Steps of a trial's checkpoints that were left on disk when it was last tidied. */
  readonly kept = new Map<number, readonly number[]>();
  #due: Due[] = [];
  #count = 0;
  #scheduled = false;
  readonly #open = new Map<number, { listener: RunListener; stopped: boolean }>();
  readonly #objective: VirtualObjective;

  constructor(slots: number, objective: VirtualObjective) {
    this.slots = Array.from({ length: slots }, (_, index) => `cpu-${index}`);
    this.#objective = objective;
  }

  start(order: RunOrder, listener: RunListener): void {
    this.started.push(order);
    this.#open.set(order.run, { listener, stopped: false });
    // As a loop over the epochs does that has none left.
    if (order.startStep > order.budget + (this.#objective.overrun ?? 0))
      this.#at(this.time, () => this.#end(order.run, NOTHING_SAID));
    else this.#step(order, order.startStep);
  }

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
    this.#at(this.time + duration, () => {
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
      if (this.#objective.checkpoints === "before") save();
      const decision = run.listener.reported(step, { loss });
      if (decision.action === "stop") return this.#end(order.run, { kind: "stopped" });
      if (this.#objective.checkpoints === "after") save();
      if (step >= order.budget + (this.#objective.overrun ?? 0))
        this.#end(order.run, { kind: "completed", metrics: { loss } });
      else this.#step(order, step + 1);
    });
  }

  #end(run: number, outcome: RunOutcome): void {
    const open = this.#open.get(run);
    this.#open.delete(run);
    open?.listener.ended(outcome);
  }

  #at(time: number, act: () => void): void {
    this.#due.push({ time, order: this.#count++, act });
    this.#schedule();
  }

  /** The next thing happens when the coordinator has nothing left to do. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const next = this.#due.reduce((a, b) => (b.time < a.time || (b.time === a.time && b.order < a.order) ? b : a));
      this.#due = this.#due.filter((each) => each !== next);
      this.time = next.time;
      next.act();
      if (this.#due.length > 0) this.#schedule();
    });
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
  /** The coordinator dies when the journal holds this many events. */
  readonly killAt?: number;
  /** Where suggestions are computed. @default in place */
  readonly suggester?: (sampler: Sampler) => Suggester;
}

/** Runs a study to its end, or until it is killed. */
export async function runVirtual({
  spec,
  objective,
  slots = 1,
  events = [],
  killAt,
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
  const dispatcher = new VirtualDispatcher(slots, objective);
  const coordinator = new Coordinator(decider, journal, {
    now: () => dispatcher.time,
    ...(suggester && { suggester }),
  });
  if (events.length === 0)
    coordinator.record({ type: "study-created", version: JOURNAL_VERSION, engine: ENGINE, settings });
  coordinator.startSession({});
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

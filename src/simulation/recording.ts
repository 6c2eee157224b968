import { median } from "simple-statistics";
import type { Metrics, Recorded } from "../history/events.ts";
import { History } from "../history/history.ts";
import type { RunView, TrialView } from "../history/view.ts";
import type { RecordedFailure, RecordedTrial } from "./recorded-trial.ts";

/** A study as its journal knows it, for another scheduler to go through. */
export interface Recording {
  readonly history: History;
  readonly trials: readonly RecordedTrial[];
  /** Runs at a time: the most slots that a session had, or where none was told of any, the most runs that were open. */
  readonly slots: number;
  /** Milliseconds that its sessions took, what was between them left out. */
  readonly makespan: number;
}

/** What the history does not keep of a trial. */
interface Trace {
  readonly curve: Map<number, Metrics>;
  readonly saved: Set<number>;
  /** Time of a step, from one report of a run to its next, or from its start to its first. */
  readonly paces: number[];
  /** The last sign of its latest run. */
  last: { readonly step: number; readonly at: number };
}

/**
 * Folds a journal into a recording.
 *
 * A step of a trial lasts the median of the times between two successive reports of any of its runs, by the steps between
 * them; from its start for the first. So what came between two runs costs nothing, and a coordinator that was held up, a slow
 * start or one slow report do not count either, where there are three reports or more. Of a trial without reports it is the
 * time of its completed run by its budget.
 */
export class Recorder {
  readonly history: History = new History();
  readonly #traces: Trace[] = [];
  #slots = 0;
  #mostOpen = 1;

  apply(event: Recorded): void {
    this.history.apply(event);
    switch (event.type) {
      case "session-started":
        this.#slots = Math.max(this.#slots, event.slots?.length ?? 0);
        return;
      case "run-started":
        this.#mostOpen = Math.max(this.#mostOpen, this.history.openRuns.length);
        this.#traceOf(event.trial).last = { step: event.startStep - 1, at: event.at };
        return;
      case "reported":
        // What comes after a stop is no part of the curve.
        if (this.#run(event.run).lastReportSeq === event.seq) this.#reported(event);
        return;
      case "checkpoint-saved": {
        const { state, trial } = this.#run(event.run);
        if (state === "open") this.#traceOf(trial).saved.add(event.step);
        return;
      }
      default:
    }
  }

  #reported({ run, step, metrics, at }: Recorded & { readonly type: "reported" }): void {
    const trace = this.#traceOf(this.#run(run).trial);
    if (step > trace.last.step) trace.paces.push((at - trace.last.at) / (step - trace.last.step));
    trace.curve.set(step, { ...trace.curve.get(step), ...metrics });
    trace.last = { step, at };
  }

  #run(run: number): RunView {
    return this.history.runs[run] as RunView;
  }

  #traceOf(trial: number): Trace {
    return (this.#traces[trial] ??= { curve: new Map(), saved: new Set(), paces: [], last: { step: 0, at: 0 } });
  }

  finish(): Recording {
    const { history } = this;
    return {
      history,
      trials: history.trials.map((trial) => this.#recorded(trial)),
      slots: this.#slots > 0 ? this.#slots : this.#mostOpen,
      makespan: history.earlierTime + history.lastAt - history.sessionAt,
    };
  }

  #recorded(trial: TrialView): RecordedTrial {
    const { number, params, state, runs } = trial;
    const { curve, saved, paces, last } = this.#traceOf(number);
    const hasBudget = this.history.settings.budget !== null;
    const pace = Math.max(0, paces.length > 0 ? median(paces) : silentPace(runs, hasBudget));
    const failure = state === "failed" ? failureOf(runs.at(-1), last.at) : undefined;
    const steps = stepsOf(runs, hasBudget);
    return {
      number,
      params,
      state,
      curve: [...curve].map(([step, metrics]) => ({ step, metrics })).toSorted((a, b) => a.step - b.step),
      ends: new Map(runs.flatMap(({ budget, value }) => (value === undefined ? [] : [[budget, value] as const]))),
      failure,
      saved,
      pace,
      steps,
      time: steps * pace + (failure?.time ?? 0),
    };
  }
}

function silentPace(runs: readonly RunView[], hasBudget: boolean): number {
  const run = runs.findLast(({ state }) => state === "completed");
  if (run?.endedAt === undefined) return 0;
  return (run.endedAt - run.startedAt) / (hasBudget ? Math.max(run.budget - run.startStep + 1, 1) : 1);
}

function failureOf(run: RunView | undefined, lastAt: number): RecordedFailure | undefined {
  if (run?.cause === undefined || run.endedAt === undefined) return undefined;
  const { budget, cause } = run;
  return { after: reach(run, true), budget, time: Math.max(0, run.endedAt - lastAt), cause };
}

/** Steps trained, a lost or retried attempt together with the one that took its place. */
function stepsOf(runs: readonly RunView[], hasBudget: boolean): number {
  let steps = 0;
  let from: number | undefined;
  for (const [index, run] of runs.entries()) {
    from ??= run.startStep - 1;
    const isRepeated = index + 1 < runs.length && (run.state === "lost" || run.state === "failed");
    if (isRepeated) continue;
    steps += Math.max(0, reach(run, hasBudget) - from);
    from = undefined;
  }
  return steps;
}

/** The last step that a run came to. */
function reach({ state, budget, startStep, lastReport }: RunView, hasBudget: boolean): number {
  if (state !== "completed") return lastReport?.step ?? startStep - 1;
  return hasBudget ? budget : (lastReport?.step ?? Math.max(startStep - 1, 1));
}

export function record(events: Iterable<Recorded>): Recording {
  const recorder = new Recorder();
  for (const event of events) recorder.apply(event);
  return recorder.finish();
}

import type { ModelFit, Placement, Prediction } from "../history/events.ts";
import type { HistoryView, TrialView } from "../history/view.ts";
import type { Params } from "../space/parameter.ts";
import type { Next } from "../schedulers/scheduler.ts";
import { sizeInWords } from "../space/units.ts";
import { canSample, nothingLeft } from "./can-sample.ts";
import { studyStop } from "./stop-rules.ts";
import type { Strategy } from "./strategy.ts";

/** What the coordinator does next: a pure function of the history, so that `verify` can ask it again. */
export type Step =
  | {
      readonly kind: "create";
      readonly trial: number;
      readonly params: Params;
      readonly source: string;
      readonly reason: string;
      readonly predicted?: Prediction;
      readonly fit?: ModelFit;
      readonly fallback?: string;
      /** As in a suggestion: no part of the answer. */
      readonly substitute?: string;
    }
  /** The sampler is to suggest the configuration of a new trial. */
  | { readonly kind: "suggest"; readonly trial: number }
  | StartStep
  | { readonly kind: "drop"; readonly trial: number; readonly reason: string; readonly chance?: number }
  /** The study is over: this open run is told to stop. */
  | { readonly kind: "stop"; readonly run: number; readonly reason: string }
  | { readonly kind: "finish"; readonly reason: string; readonly failed: boolean; readonly again?: readonly number[] }
  | { readonly kind: "wait" };

export interface StartStep {
  readonly kind: "start";
  readonly run: number;
  readonly trial: number;
  readonly attempt: number;
  readonly budget: number;
  readonly startStep: number;
  readonly placement: Placement | undefined;
  readonly reason: string;
}

/** The next step of a study that has not finished. A new trial takes two steps: it is created, then started. */
export function nextStep(history: HistoryView, { sampler, scheduler }: Strategy): Step {
  const over = studyStop(history);
  // What is open then is no fault of its trials, which start again at a resume.
  if (over?.failed === true) return { kind: "finish", ...over };
  if (over !== undefined) {
    const open = history.openRuns.find((run) => run.state === "open");
    if (open !== undefined) return { kind: "stop", run: open.run, reason: `stopped: ${over.reason}` };
    return history.openRuns.length > 0 ? { kind: "wait" } : { kind: "finish", ...over };
  }
  if (history.disk.isFull) return { kind: "wait" };
  const again = history.waiting.find((trial) => trial.runs.length > 0);
  if (again !== undefined) return startAgain(history, again);
  const next = scheduler.next(history, canSample(history, sampler));
  switch (next.kind) {
    case "sample":
      return newTrial(history, next);
    case "promote":
      return promote(history, next);
    case "drop":
      return next;
    case "wait":
      return next;
    case "done":
      return { kind: "finish", failed: false, reason: doneReason(history, nothingLeft(history, sampler)) };
  }
}

/** A run that was lost with its coordinator, or crashed and has retries left. */
export function startAgain(history: HistoryView, trial: TrialView): StartStep {
  const last = trial.runs.at(-1);
  if (last === undefined) throw new TypeError("a trial that starts again has a run");
  const { state, cause, lostReason, slot } = last;
  const attempt = `attempt ${last.attempt}`;
  const served =
    lostReason === undefined ? `its coordinator ended during ${attempt}` : `${slot} did not serve ${attempt}`;
  const lost = cause === undefined ? served : `${attempt} was interrupted`;
  const words = state === "lost" ? lost : `it crashed in ${attempt}`;
  return start(history, trial, last.budget, last.placement, `started again: ${words}`);
}

function newTrial(history: HistoryView, next: Next & { readonly kind: "sample" }): Step {
  const [created] = history.waiting;
  if (created !== undefined) return start(history, created, next.budget, next.placement, next.reason);
  const trial = history.trials.length;
  const [enqueued] = history.queue;
  if (enqueued !== undefined)
    return { kind: "create", trial, params: enqueued, source: "enqueued", reason: "enqueued: tried as given" };
  return { kind: "suggest", trial };
}

function promote(history: HistoryView, next: Next & { readonly kind: "promote" }): StartStep {
  const trial = history.trials[next.trial];
  if (trial === undefined) throw new TypeError(`the scheduler promoted trial ${next.trial}, which does not exist`);
  return start(history, trial, next.budget, next.placement, next.reason);
}

function start(
  history: HistoryView,
  trial: TrialView,
  budget: number,
  placement: Placement | undefined,
  reason: string,
): StartStep {
  const startStep = trial.checkpoint + 1;
  const from =
    trial.checkpoint > 0
      ? `, from the checkpoint of step ${trial.checkpoint}`
      : trial.runs.length > 0
        ? `, from step 1, since ${noCheckpoint(history, trial)}`
        : "";
  return {
    kind: "start",
    run: history.runs.length,
    trial: trial.number,
    attempt: trial.runs.length + 1,
    budget,
    startStep,
    placement,
    reason: `${reason}${from}`,
  };
}

function noCheckpoint({ settings }: HistoryView, { evicted, lost }: TrialView): string {
  if (lost !== undefined) return `its checkpoint of step ${lost.step} is lost: ${lost.message}`;
  if (evicted === undefined || evicted.step === 0) return "no checkpoint was saved";
  return `its checkpoint was removed to keep within ${sizeInWords(settings.checkpoints?.disk ?? 0)}`;
}

function doneReason(history: HistoryView, nothing: string | undefined): string {
  const count = history.trials.length;
  if (nothing !== undefined && count !== history.stop.trials) return nothing;
  return count === 1 ? "the one trial asked for is done" : `all ${count} trials asked for are done`;
}

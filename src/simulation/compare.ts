import type { ComponentSettings } from "../history/settings.ts";
import type { HistoryView, TrialView } from "../history/view.ts";
import type { RecordedTrial } from "./recorded-trial.ts";
import type { Recording } from "./recording.ts";
import type { Work } from "./replay-dispatcher.ts";
import type { BestValue, Fate, RecordedTotals, SimulatedTrial, Simulation } from "./simulation.ts";

/** A simulated study that has ended. */
export interface SimulatedStudy {
  readonly scheduler: ComponentSettings;
  readonly history: HistoryView;
  /** By the trial's number. */
  readonly work: readonly Work[];
  /** The best value after the full budget when a trial was stopped or dropped, by its number. */
  readonly bestThen: ReadonlyMap<number, number | undefined>;
  readonly makespan: number;
}

/** What was recorded, in the same measure as a simulation: a step counts the trial's pace, and crashes cost nothing. */
export function recordedTotals({ history, trials, makespan }: Recording): RecordedTotals {
  const states = trials.map(({ state }) => state);
  return {
    scheduler: history.settings.scheduler,
    steps: sum(trials.map(({ steps }) => steps)),
    slotTime: sum(trials.map(({ time }) => time)),
    makespan,
    complete: countOf(states, "complete"),
    stopped: countOf(states, "pruned", "paused"),
    failed: countOf(states, "failed"),
    unfinished: countOf(states, "waiting", "running"),
    best: bestOf(history),
  };
}

export function compare(recording: Recording, study: SimulatedStudy): Simulation {
  const { scheduler, history, work, makespan } = study;
  const recorded = recordedTotals(recording);
  const trials = recording.trials.map((trial) => simulatedTrial(trial, recording, study));
  const fates = trials.map(({ fate }) => fate);
  const steps = sum(work.map((each) => each.steps));
  const slotTime = sum(work.map((each) => each.time));
  const ended = trials.filter(({ fate, recordedValue }) => isStopped(fate) && recordedValue !== undefined);
  return {
    scheduler,
    steps,
    slotTime,
    makespan,
    complete: countOf(fates, "complete"),
    stopped: countOf(fates, "stopped", "paused"),
    failed: countOf(fates, "failed"),
    best: bestOf(history),
    saved: {
      steps: saved(recorded.steps, steps),
      slotTime: saved(recorded.slotTime, slotTime),
      makespan: saved(recorded.makespan, makespan),
    },
    beyond: countOf(fates, "beyond"),
    untried: countOf(fates, "untried"),
    lostBest: lostBest(recorded.best, trials, history),
    stops: {
      known: ended.length,
      wrong: ended.filter(({ stoppedWrongly }) => stoppedWrongly).length,
      missed: ended.filter(({ missed }) => missed).length,
    },
    trials,
  };
}

/** The best value after the full budget. */
export function fullBest({ best, maxBudget }: HistoryView): number | undefined {
  return best?.budget === maxBudget ? best.value : undefined;
}

function simulatedTrial(recorded: RecordedTrial, recording: Recording, study: SimulatedStudy): SimulatedTrial {
  const { number } = recorded;
  const { history, bestThen } = study;
  const trial = history.trials[number];
  const work = study.work[number] as Work;
  const fate = fateOf(trial, work);
  const recordedValue = recorded.state === "complete" ? recording.history.trials[number]?.value : undefined;
  const bestAtEnd = fullBest(history);
  const then = bestThen.has(number) ? bestThen.get(number) : bestAtEnd;
  const isBetter = (than: number | undefined): boolean =>
    than !== undefined && recordedValue !== undefined && history.compare(recordedValue, than) < 0;
  return {
    number,
    fate,
    steps: work.steps,
    reached: work.reached,
    value: trial?.value,
    reason: reasonOf(trial, fate, work, recorded, history),
    recordedValue,
    // Better than nothing is no fault then: somebody has to be first to be stopped. At the end it is.
    stoppedWrongly: isStopped(fate) && isBetter(then),
    missed: isStopped(fate) && recordedValue !== undefined && (bestAtEnd === undefined || isBetter(bestAtEnd)),
  };
}

function fateOf(trial: TrialView | undefined, { beyond }: Work): Fate {
  if (beyond !== undefined) return "beyond";
  switch (trial?.state) {
    case "complete":
    case "paused":
    case "failed":
      return trial.state;
    case "pruned":
      return "stopped";
    case "waiting":
    case "running":
    case undefined:
      return "untried";
  }
}

function reasonOf(
  trial: TrialView | undefined,
  fate: Fate,
  { reached, beyond }: Work,
  { failure }: RecordedTrial,
  history: HistoryView,
): string {
  if (trial === undefined) return "the scheduler ended the study before it";
  if (fate === "failed" && failure !== undefined) return failure.cause.message;
  if (fate === "beyond") {
    const whole = history.settings.budget === null ? "to its end" : `up to ${history.words(beyond ?? 0)}`;
    return `was to go on ${whole}, and its record ends at step ${reached}`;
  }
  return isStopped(fate) ? trial.reason : (trial.runs.at(-1)?.reason ?? trial.reason);
}

function isStopped(fate: Fate): boolean {
  return fate === "stopped" || fate === "paused";
}

function lostBest(
  best: BestValue | undefined,
  trials: readonly SimulatedTrial[],
  history: HistoryView,
): SimulatedTrial | undefined {
  if (best === undefined || (history.trials[best.trial]?.completedBudget ?? 0) >= best.budget) return undefined;
  const trial = trials[best.trial];
  // Of one that was only paused, and is to go on at once, nobody knows what it would come to.
  return trial?.fate === "beyond" ? undefined : trial;
}

function bestOf({ best }: HistoryView): BestValue | undefined {
  return best && { trial: best.number, value: best.value, budget: best.budget };
}

function saved(recorded: number, simulated: number): number | undefined {
  return recorded > 0 ? 1 - simulated / recorded : undefined;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function countOf<T>(values: readonly T[], ...wanted: readonly T[]): number {
  return values.filter((value) => wanted.includes(value)).length;
}

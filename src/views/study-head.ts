import { safetyOf } from "../history/safety.ts";
import { TRIAL_STATES, type HistoryView, type TrialState } from "../history/view.ts";
import { SCHEDULERS } from "../schedulers/registry.ts";
import type { SessionRow, StudyHead, StudyState, StudySummary } from "./payload.ts";
import type { StudyFold } from "./study-fold.ts";
import { restingState } from "./study-state.ts";
import { endInWords, strategyInWords } from "./study-words.ts";

/** What a journal does not know about its study. */
export interface Place {
  readonly folder: string;
  /** A process holds its lock. */
  readonly running: boolean;
}

/** A study's line in a list. */
export function studySummary({ history, createdAt, updatedAt }: StudyFold, { running }: Place): StudySummary {
  const { settings, best, finished } = history;
  const state: StudyState = running ? "running" : restingState(history);
  return {
    name: settings.name,
    state,
    metric: settings.metric,
    strategy: strategyInWords(settings),
    best: best ?? null,
    trials: countStates(history),
    createdAt,
    updatedAt,
    finished: finished?.reason ?? null,
  };
}

/** All of a study but its trials. Takes time in proportion to the trials, as they are counted. */
export function studyHead(fold: StudyFold, place: Place): StudyHead {
  const { history } = fold;
  const { settings, stop } = history;
  return {
    ...studySummary(fold, place),
    folder: place.folder,
    parameters: settings.parameters,
    budget: settings.budget,
    stop,
    stopInWords: endInWords(settings, stop),
    seed: settings.seed,
    rungs: rungsOf(history),
    sessions: sessionRows(fold, place.running),
    // A fold goes on; what was given away stays as it was.
    queue: [...history.queue],
    notes: [...history.notes],
    safety: safetyOf(history) ?? null,
    steps: stepsOf(history),
    fallbacks: history.fallbacks,
  };
}

function countStates({ trials }: HistoryView): Partial<Record<TrialState, number>> {
  const counts: Partial<Record<TrialState, number>> = {};
  for (const { state } of trials) counts[state] = (counts[state] ?? 0) + 1;
  return Object.fromEntries(
    TRIAL_STATES.flatMap((state) => (counts[state] === undefined ? [] : [[state, counts[state]]])),
  );
}

function rungsOf({ settings: { scheduler, budget } }: HistoryView): readonly number[] {
  return budget === null ? [] : (SCHEDULERS[scheduler.name]?.rungs?.(budget) ?? []);
}

/** A session without an end died, unless it is the last and its process lives. */
function sessionRows({ sessions }: StudyFold, running: boolean): readonly SessionRow[] {
  return sessions.map(({ startedAt, lastAt, ended, slots }, index) => {
    const lives = running && !ended && index === sessions.length - 1;
    return { startedAt, endedAt: lives ? null : lastAt, slots };
  });
}

function stepsOf({ trials, settings, maxBudget }: HistoryView): StudyHead["steps"] {
  if (settings.budget === null) return null;
  let done = 0;
  for (const { completedBudget, lastStep } of trials) done += Math.min(maxBudget, Math.max(completedBudget, lastStep));
  return { done, whole: trials.length * maxBudget };
}

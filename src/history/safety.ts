import { wilson, type Share } from "../numerics/wilson.ts";
import type { GivenUp, HistoryView, TrialView } from "./view.ts";

/** Of fewer stops in the shadow nobody says how many are right or wrong. */
const LEAST_ENDED = 2;

/** How safe a study's early stopping was, by what has become of the runs that went on in spite of it. */
export interface SafetyRecord {
  /** Runs that the scheduler stopped. */
  readonly stopped: number;
  /** Trials that it dropped while they rested. */
  readonly dropped: number;
  /** In the budget's unit; undefined in a study without budgets. */
  readonly steps: Steps | undefined;
  readonly shadow: {
    /** Stops that were not carried out. */
    readonly stops: number;
    /** Those of them whose run has completed. */
    readonly ended: number;
    /** Those of these that ended better than every whole training that was known at the stop. */
    readonly wrong: number;
    /** The share of wrong stops, with its 95 % interval; undefined while fewer than two have ended: one case proves nothing. */
    readonly share: Share | undefined;
  };
  /** How many of the `stopped` were wrong, by that share. */
  readonly wrongStops: Share | undefined;
  /** What the scheduler foretold of those stops and drops that it foretold anything of; undefined where of none. */
  readonly foretold: { readonly of: number; readonly wrong: number } | undefined;
}

interface Steps {
  /** How far all trials came, added up. */
  readonly done: number;
  /** What the runs that were stopped had left. */
  readonly saved: number;
  /** What shadowed runs did after their stop. */
  readonly shadow: number;
}

/** @returns undefined for a study in which nothing was stopped, shadowed or dropped with a foretold chance */
export function safetyOf(history: HistoryView): SafetyRecord | undefined {
  const { trials, settings } = history;
  const of = (kind: GivenUp["kind"]): readonly TrialView[] => trials.filter(({ givenUp }) => givenUp?.kind === kind);
  const [stopped, dropped, shadowed] = [of("stopped"), of("dropped"), of("shadowed")];
  const chances = [...stopped, ...dropped].flatMap(({ givenUp }) => givenUp?.chance ?? []);
  if (stopped.length + shadowed.length + chances.length === 0) return undefined;
  const ended = shadowed.flatMap((trial) => wrongStopOf(history, trial) ?? []);
  const wrong = ended.filter(Boolean).length;
  const share = ended.length < LEAST_ENDED ? undefined : wilson(wrong, ended.length);
  return {
    stopped: stopped.length,
    dropped: dropped.length,
    steps: settings.budget === null ? undefined : stepsOf(history, stopped, shadowed),
    shadow: { stops: shadowed.length, ended: ended.length, wrong, share },
    wrongStops: share && times(share, stopped.length),
    foretold: chances.length === 0 ? undefined : { of: chances.length, wrong: sum(chances) },
  };
}

/** Whether the stop of a shadowed trial would have been wrong; undefined for any other, and as long as it has not completed. */
export function wrongStopOf(history: HistoryView, { state, value, givenUp }: TrialView): boolean | undefined {
  return state === "complete" && value !== undefined ? isWrongStop(history, givenUp, value) : undefined;
}

/** Whether a trial that was given up but went on in the shadow ended as the best of what was known at its stop. */
export function isWrongStop(
  history: Pick<HistoryView, "compare">,
  givenUp: GivenUp | undefined,
  value: number,
): boolean | undefined {
  return givenUp?.toBeat === undefined ? undefined : history.compare(value, givenUp.toBeat) < 0;
}

function stepsOf(
  { trials, maxBudget }: HistoryView,
  stopped: readonly TrialView[],
  shadowed: readonly TrialView[],
): Steps {
  const came = ({ completedBudget, lastStep }: TrialView): number =>
    Math.min(maxBudget, Math.max(completedBudget, lastStep));
  const after = (trial: TrialView): number => Math.max(0, came(trial) - (trial.givenUp?.step ?? 0));
  const left = ({ runs, givenUp }: TrialView): number => (runs.at(-1)?.budget ?? 0) - (givenUp?.step ?? 0);
  return { done: sum(trials.map(came)), saved: sum(stopped.map(left)), shadow: sum(shadowed.map(after)) };
}

function times({ rate, low, high }: Share, factor: number): Share {
  return { rate: rate * factor, low: low * factor, high: high * factor };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

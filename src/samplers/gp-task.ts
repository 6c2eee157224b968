import type { ModelFit } from "../history/events.ts";
import { curveEnds } from "../history/curve-ends.ts";
import { observe, type Observation, type Observations } from "../history/observations.ts";
import type { HistoryView } from "../history/view.ts";
import type { Params } from "../space/parameter.ts";
import type { Goal } from "../space/spec.ts";
import { type Remaining, remainingOf } from "./untried.ts";

/** Trials that one model is made of; of more, the best and the latest. */
const MOST_TRIALS = 1000;
const BEST_TRIALS = 400;
/** Of the trials that rest on lower rungs, the latest. */
const MOST_RESTING = 200;

export interface GpTaskOptions {
  /** @default 0 */
  readonly drawn?: number;
  /** Whether only whole trainings teach, and no foretold ends. @default false */
  readonly whole?: boolean;
}

/** What a suggestion depends on. */
export interface GpTask {
  readonly seed: string;
  readonly trial: number;
  readonly metric: string;
  readonly goal: Goal;
  /** What the model is made of. */
  readonly known: readonly Observation[];
  /** Some of their losses are foretold, not seen. */
  readonly foretold: boolean;
  /** How many trials are known in all. */
  readonly count: number;
  /** The whole training, of which the losses are. */
  readonly budget: number;
  /** What was tried and is not known: `running` of them run or wait for their start, and come first. */
  readonly pending: readonly Params[];
  readonly running: number;
  readonly lastFit: ModelFit | undefined;
  /** In a finite space: what is left. */
  readonly remaining: Remaining | undefined;
  /** Of so many configurations drawn at random, the one of greatest acquisition is taken; 0: of the whole space. */
  readonly drawn: number;
}

export function gpTask(history: HistoryView, trial: number, { drawn = 0, whole = false }: GpTaskOptions = {}): GpTask {
  const { settings, tried, lastFit, maxBudget: budget } = history;
  const seen = curveEnds(history, history.outcomes).whole;
  const { known, running, resting } = whole ? observeWhole(history) : observe(history);
  const { name: metric, goal } = settings.metric;
  const remaining = remainingOf(tried);
  const count = known.length;
  const foretold =
    settings.budget !== null && known.some(({ trial: each, loss }) => loss !== undefined && !seen.has(each));
  const pending = [...running, ...resting.slice(-MOST_RESTING)];
  const model = { known: select(known), count, budget, pending, running: running.length, lastFit };
  return { seed: settings.seed, trial, metric, goal, ...model, foretold, remaining, drawn };
}

/** What whole trainings alone teach; what else was tried only lowers the variance. */
function observeWhole(history: HistoryView): Observations {
  const { known, running, resting } = observe(history);
  const ends = curveEnds(history, history.outcomes).whole;
  const teaches = ({ trial, loss }: Observation): boolean => loss === undefined || ends.has(trial);
  const others = known.filter((each) => !teaches(each)).map(({ params }) => params);
  return { known: known.filter(teaches), running, resting: [...resting, ...others] };
}

/** The best and the latest of too many trials. */
function select(known: readonly Observation[]): readonly Observation[] {
  if (known.length <= MOST_TRIALS) return known;
  const best = known
    .filter(({ loss }) => loss !== undefined)
    .toSorted((a, b) => (a.loss as number) - (b.loss as number) || a.trial - b.trial)
    .slice(0, BEST_TRIALS);
  const chosen = new Set(best);
  for (const each of known.toReversed()) if (chosen.size < MOST_TRIALS) chosen.add(each);
  return known.filter((each) => chosen.has(each));
}

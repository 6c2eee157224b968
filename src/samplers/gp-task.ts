import type { ModelFit } from "../history/events.ts";
import { curveEnds, type CurveEnds } from "../history/curve-ends.ts";
import { observe, type Observation } from "../history/observations.ts";
import type { HistoryView } from "../history/view.ts";
import type { Params } from "../space/parameter.ts";
import type { Goal } from "../space/spec.ts";
import { type Remaining, remainingOf } from "./untried.ts";

/** Trials that one model is made of; of more, the best and the latest. */
export const MOST_TRIALS = 1000;
const MOST = { trials: MOST_TRIALS, best: 400 };
/** Where some are on their way, each trial teaches more than once. */
const MOST_ON_THE_WAY = { trials: 450, best: 300 };
const MOST_LESSONS = 600;
/** Of the trials without a word of their loss that rest or were stopped, and of those on their way, the latest. */
const MOST_UNSEEN = 200;

export interface GpTaskOptions {
  /** @default 0 */
  readonly drawn?: number;
  /** @default false */
  readonly compared?: boolean;
}

/** What one training teaches, or a part of it. */
export interface Lesson {
  readonly params: Params;
  /** Where it ends, seen or foretold from that part, to be minimised; undefined for one that failed. */
  readonly loss: number | undefined;
  /** How far that part goes, 0 … 1, in the logarithm of steps; 1 for a whole training, and for one that failed. */
  readonly progress: number;
}

/** What a suggestion depends on. */
export interface GpTask {
  readonly seed: string;
  readonly trial: number;
  readonly metric: string;
  readonly goal: Goal;
  /** What the model is made of: first the last word of each trial, `taught` of them, then what some had said before. */
  readonly lessons: readonly Lesson[];
  readonly taught: number;
  /** Some are of trainings on their way: how far they were is a feature. */
  readonly foretold: boolean;
  /** How many trials are known in all; those of them that did not fail; the best loss of these, Infinity without one. */
  readonly count: number;
  readonly completed: number;
  readonly best: number;
  /** The whole training, of which the losses are. */
  readonly budget: number;
  /**
   * What was tried and whose end is not seen yet, where nothing new is to be learned: `running` of them run or wait for their
   * start, and come first.
   */
  readonly pending: readonly Params[];
  readonly running: number;
  readonly lastFit: ModelFit | undefined;
  /** In a finite space: what is left. */
  readonly remaining: Remaining | undefined;
  /** Of so many configurations drawn at random, the one of greatest acquisition is taken; 0: of the whole space. */
  readonly drawn: number;
  /** Whether other models are compared with the process, and take part as far as they predict better. */
  readonly compared: boolean;
}

export function gpTask(
  history: HistoryView,
  trial: number,
  { drawn = 0, compared = false }: GpTaskOptions = {},
): GpTask {
  const { settings, tried, lastFit, maxBudget: budget } = history;
  const { known, running, resting } = observe(history);
  const { whole, stages } = curveEnds(history, history.outcomes);
  const isOnItsWay = ({ trial: each, loss }: Observation): boolean => loss !== undefined && !whole.has(each);
  const { name: metric, goal } = settings.metric;
  const losses = known.flatMap(({ loss }) => (loss === undefined ? [] : [loss]));
  const onTheWay = settings.budget === null ? [] : known.filter(isOnItsWay);
  const foretold = onTheWay.length > 0;
  const chosen = select(known, foretold ? MOST_ON_THE_WAY : MOST);
  return {
    seed: settings.seed,
    trial,
    metric,
    goal,
    lessons: foretold ? lessonsOnTheWay(chosen, stages) : chosen.map(lesson),
    taught: chosen.length,
    foretold,
    count: known.length,
    completed: losses.length,
    best: losses.reduce((a, b) => Math.min(a, b), Infinity),
    budget,
    pending: [...running, ...resting.slice(-MOST_UNSEEN), ...onTheWay.slice(-MOST_UNSEEN).map(({ params }) => params)],
    running: running.length,
    lastFit,
    remaining: remainingOf(tried),
    drawn,
    compared: compared && !foretold,
  };
}

function lesson({ params, loss }: Observation): Lesson {
  return { params, loss, progress: 1 };
}

/**
 * What each trial showed at its last step, and, as far as there is room, before it: how trainings go on is learned from those that
 * did, those that came furthest first and the latest.
 */
function lessonsOnTheWay(known: readonly Observation[], stages: CurveEnds["stages"]): readonly Lesson[] {
  const byTrial = known.map((each) =>
    each.loss === undefined
      ? [lesson(each)]
      : stages(each.trial).map(({ progress, end }) => ({ params: each.params, loss: end.mean, progress })),
  );
  const reached = (own: readonly Lesson[]): number => own[0]?.progress ?? 0;
  const earlier = [...byTrial.keys()]
    .map((index) => ({ index, own: byTrial[index] as readonly Lesson[] }))
    .sort((a, b) => reached(b.own) - reached(a.own) || b.index - a.index)
    .flatMap(({ own }) => own.slice(1));
  return [...byTrial.flatMap((own) => own.slice(0, 1)), ...earlier].slice(0, MOST_LESSONS);
}

/** The best and the latest of too many trials. */
function select(known: readonly Observation[], most: typeof MOST): readonly Observation[] {
  if (known.length <= most.trials) return known;
  const best = known
    .filter(({ loss }) => loss !== undefined)
    .toSorted((a, b) => (a.loss as number) - (b.loss as number) || a.trial - b.trial)
    .slice(0, most.best);
  const chosen = new Set(best);
  for (const each of known.toReversed()) if (chosen.size < most.trials) chosen.add(each);
  return known.filter((each) => chosen.has(each));
}

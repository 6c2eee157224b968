import type { ModelFit } from "../history/events.ts";
import { curveEnds, type CurveEnds } from "../history/curve-ends.ts";
import { observe, type Observation } from "../history/observations.ts";
import type { HistoryView } from "../history/view.ts";
import type { Params } from "../space/parameter.ts";
import type { Goal } from "../space/spec.ts";
import { type Remaining, remainingOf } from "./untried.ts";

/** Trials that one model is made of; of more, the best and the latest. */
const MOST_TRIALS = 1000;
const BEST_TRIALS = 400;
/** What it learns from trainings on their way as well; of more, those that came furthest and the latest. */
const MOST_LESSONS = 600;
/** Of the trials that rest on lower rungs, the latest. */
const MOST_RESTING = 200;

export interface GpTaskOptions {
  /** @default 0 */
  readonly drawn?: number;
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
  /** What the model is made of. */
  readonly lessons: readonly Lesson[];
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
}

export function gpTask(history: HistoryView, trial: number, { drawn = 0 }: GpTaskOptions = {}): GpTask {
  const { settings, tried, lastFit, maxBudget: budget } = history;
  const { known, running, resting } = observe(history);
  const { whole, stages } = curveEnds(history, history.outcomes);
  const isOnItsWay = ({ trial: each, loss }: Observation): boolean => loss !== undefined && !whole.has(each);
  const { name: metric, goal } = settings.metric;
  const losses = known.flatMap(({ loss }) => (loss === undefined ? [] : [loss]));
  const chosen = select(known);
  const foretold = settings.budget !== null && chosen.some(isOnItsWay);
  const unknown = foretold ? [...resting, ...chosen.filter(isOnItsWay).map(({ params }) => params)] : resting;
  return {
    seed: settings.seed,
    trial,
    metric,
    goal,
    lessons: foretold ? lessonsOnTheWay(chosen, stages) : chosen.map(lesson),
    foretold,
    count: known.length,
    completed: losses.length,
    best: losses.reduce((a, b) => Math.min(a, b), Infinity),
    budget,
    pending: [...running, ...unknown.slice(-MOST_RESTING)],
    running: running.length,
    lastFit,
    remaining: remainingOf(tried),
    drawn,
  };
}

function lesson({ params, loss }: Observation): Lesson {
  return { params, loss, progress: 1 };
}

/** What each trial showed at its last step and before it: how trainings go on is learned from those that did. */
function lessonsOnTheWay(known: readonly Observation[], stages: CurveEnds["stages"]): readonly Lesson[] {
  const lessons = known.flatMap((each) =>
    each.loss === undefined
      ? [lesson(each)]
      : stages(each.trial).map(({ progress, end }) => ({ params: each.params, loss: end.mean, progress })),
  );
  if (lessons.length <= MOST_LESSONS) return lessons;
  const order = [...lessons.keys()].sort(
    (a, b) => (lessons[b] as Lesson).progress - (lessons[a] as Lesson).progress || b - a,
  );
  return order
    .slice(0, MOST_LESSONS)
    .sort((a, b) => a - b)
    .map((index) => lessons[index] as Lesson);
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

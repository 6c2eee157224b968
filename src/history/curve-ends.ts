import { CurveModel, type CurveEnd, type Stage } from "../curves/curve-model.ts";
import { ladder } from "../curves/ladder.ts";
import { walk, type Curve, type Walk } from "../curves/walk.ts";
import type { HistoryView, Outcome, ReportView } from "./view.ts";

/** The study's own facts. */
type Study = Pick<HistoryView, "settings" | "maxBudget">;

/** What a study's curves say of where others will end. Losses are to be minimised: a maximised metric has its sign changed. */
export interface CurveEnds {
  /** Where the trials end whose runs have ended without a failure, by their number. */
  readonly ends: ReadonlyMap<number, CurveEnd>;
  /** The same for who gives one up, and so must not be sure of trials unlike those that went on. */
  readonly cautious: ReadonlyMap<number, CurveEnd>;
  /** Of those of them that completed the whole training, the loss. */
  readonly whole: ReadonlyMap<number, number>;
  /** The best of these; undefined where there is none. */
  readonly best: number | undefined;
  /** What was foretold of one of these trials on its way, its last step first; only in a study with a budget. */
  readonly stages: (trial: number) => readonly Stage[];
  /** Where a curve of another trial ends; undefined for one that has not told the study's metric. */
  readonly foretell: (curve: readonly ReportView[]) => CurveEnd | undefined;
}

const kept = new WeakMap<readonly Outcome[], { readonly count: number; readonly ends: CurveEnds }>();

/**
 * What follows from the ends of runs. Made anew when there is another one.
 *
 * @param outcomes of the study, or the first ones of them; only ever added to
 */
export function curveEnds(study: Study, outcomes: readonly Outcome[]): CurveEnds {
  const last = kept.get(outcomes);
  if (last?.count === outcomes.length) return last.ends;
  const ends = predictEnds(study, outcomes);
  kept.set(outcomes, { count: outcomes.length, ends });
  return ends;
}

function predictEnds(study: Study, outcomes: readonly Outcome[]): CurveEnds {
  const steps = ladder(study.settings.budget?.min ?? study.maxBudget, study.maxBudget);
  const walks = new Map<number, Walk>();
  const whole = new Map<number, number>();
  const results = new Map<number, readonly Point[]>();
  for (const outcome of outcomes) {
    const { trial, kind, budget, value } = outcome;
    if (kind === "completed")
      results.set(trial, [...(results.get(trial) ?? []), { step: budget, value: value as number }]);
    const each = kind === "failed" ? undefined : walkOf(study, outcome, results.get(trial) ?? [], steps);
    if (each === undefined) walks.delete(trial);
    else walks.set(trial, each);
    if (kind === "completed" && budget === study.maxBudget && each !== undefined) whole.set(trial, each.last.loss);
  }
  let fitted: CurveModel | undefined;
  const model = (): CurveModel => (fitted ??= new CurveModel([...walks.values()], steps));
  const endsBy = (by: CurveModel): ReadonlyMap<number, CurveEnd> =>
    new Map([...walks].map(([trial, each]) => [trial, by.predict(each)]));
  let ends: ReadonlyMap<number, CurveEnd> | undefined;
  let cautious: ReadonlyMap<number, CurveEnd> | undefined;
  return {
    // Most who ask want to know of one trial, or only whether there is a best.
    get ends() {
      return (ends ??= endsBy(model()));
    },
    get cautious() {
      return (cautious ??= endsBy(new CurveModel([...walks.values()], steps, "cautious")));
    },
    stages: (trial) => {
      const each = walks.get(trial);
      return each === undefined ? [] : model().stages(each);
    },
    whole,
    best: whole.size === 0 ? undefined : [...whole.values()].reduce((a, b) => Math.min(a, b)),
    foretell: (reports) => {
      const curve = curveOf(study, reports, [], Infinity);
      return curve && model().predict(walk(curve, steps));
    },
  };
}

/** Walks that were made: an outcome never changes, nor do those before it. */
const walksOfOutcomes = new WeakMap<Outcome, Walk>();

function walkOf(study: Study, outcome: Outcome, results: readonly Point[], steps: readonly number[]): Walk | undefined {
  const before = walksOfOutcomes.get(outcome);
  if (before !== undefined) return before;
  const curve = curveOf(study, outcome.curve, results, outcome.kind === "completed" ? outcome.budget : Infinity);
  if (curve === undefined) return undefined;
  const each = walk(curve, steps);
  walksOfOutcomes.set(outcome, each);
  return each;
}

interface Point {
  readonly step: number;
  readonly value: number;
}

/**
 * Without a budget nobody knows how far along a step is: the last loss stands for the whole.
 *
 * @param results of completed runs, ascending steps: they stand for their budgets, whatever was reported there
 * @param end the budget of the run that completed, beyond which nothing counts; Infinity for another
 */
function curveOf(
  { settings, maxBudget }: Study,
  reports: readonly ReportView[],
  results: readonly Point[],
  end: number,
): Curve | undefined {
  const { name, goal } = settings.metric;
  const sign = goal === "maximize" ? -1 : 1;
  if (settings.budget === null) {
    const last = results.at(-1)?.value ?? reports.findLast(({ metrics }) => metrics[name] !== undefined)?.metrics[name];
    return last === undefined ? undefined : { steps: [maxBudget], losses: [sign * last] };
  }
  const steps: number[] = [];
  const losses: number[] = [];
  for (const { step, metrics } of reports) {
    const value = metrics[name];
    if (value === undefined || step <= 0 || step >= end) continue;
    steps.push(step);
    losses.push(sign * value);
  }
  for (const { step, value } of results) {
    const place = steps.findLastIndex((each) => each < step) + 1;
    const replaced = steps[place] === step ? 1 : 0;
    steps.splice(place, replaced, step);
    losses.splice(place, replaced, sign * value);
  }
  return steps.length === 0 ? undefined : { steps, losses };
}

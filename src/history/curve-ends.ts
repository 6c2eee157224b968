import { CalibratedModel } from "../curves/calibrated-model.ts";
import type { CurveEnd, Stage } from "../curves/curve-model.ts";
import { gridCurve, type Curve, type GridCurve } from "../curves/grid-curve.ts";
import { stepGrid } from "../curves/step-grid.ts";
import type { HistoryView, Outcome, ReportView } from "./view.ts";
import { lastValue, metricOf } from "./curve.ts";

/** The study's own facts. */
type Study = Pick<HistoryView, "settings" | "maxBudget">;

/** What a study's curves say of where others will end. Losses are to be minimised: a maximised metric has its sign changed. */
export interface CurveEnds {
  /** Where the trials end whose runs have ended without a failure, by their number. */
  readonly ends: ReadonlyMap<number, CurveEnd>;
  /** How many trials that are. */
  readonly count: number;
  /** Where one of these trials ends. */
  readonly endOf: (trial: number) => CurveEnd | undefined;
  /** The same for who drops a trial for good, and so must not be sure of trials unlike those that went on. */
  readonly cautiousEndOf: (trial: number) => CurveEnd | undefined;
  /** Of those of them that completed the whole training, the loss. */
  readonly whole: ReadonlyMap<number, number>;
  /** The best of these; undefined where there is none. */
  readonly best: number | undefined;
  /** What was predicted of one of these trials on its way, its last step first; only in a study with a budget. */
  readonly stages: (trial: number) => readonly Stage[];
}

const folds = new WeakMap<readonly Outcome[], CurveFold>();

/**
 * What follows from the ends of runs: a fold of the outcomes, so that another one costs the same in a study of any length. What
 * was given before is brought up to date.
 *
 * @param outcomes of the study, or the first ones of them; only ever added to
 */
export function curveEnds(study: Study, outcomes: readonly Outcome[]): CurveEnds {
  const fold = folds.get(outcomes) ?? new CurveFold(study);
  folds.set(outcomes, fold);
  fold.follow(outcomes);
  return fold;
}

/** The model is made anew when there are more outcomes by one in so many: at points that depend on their number alone. */
const REFIT_SHARE = 64;

/** The last point, at or before `count` outcomes, at which the model is made anew. */
export function fitPoint(count: number): number {
  const apart = 2 ** Math.max(0, Math.floor(Math.log2(count / REFIT_SHARE)));
  return count - (count % apart);
}

class CurveFold implements CurveEnds {
  readonly whole = new Map<number, number>();
  best: number | undefined;
  readonly #study: Study;
  readonly #grid: readonly number[];
  readonly #curves = new Map<number, GridCurve>();
  readonly #results = new Map<number, Point[]>();
  #followed = 0;
  #predictions: Predictions;
  /** Of all trials, until one has changed. */
  #ends: ReadonlyMap<number, CurveEnd> | undefined;

  constructor(study: Study) {
    this.#study = study;
    this.#grid = stepGrid(study.settings.budget?.min ?? study.maxBudget, study.maxBudget);
    this.#predictions = new Predictions([], this.#grid);
  }

  follow(outcomes: readonly Outcome[]): void {
    if (this.#followed === outcomes.length) return;
    this.#ends = undefined;
    const fitted = fitPoint(outcomes.length);
    if (fitted > this.#followed) {
      while (this.#followed < fitted) this.#take(outcomes[this.#followed++] as Outcome);
      this.#predictions = new Predictions([...this.#curves.values()], this.#grid);
    }
    while (this.#followed < outcomes.length) this.#take(outcomes[this.#followed++] as Outcome);
  }

  #take(outcome: Outcome): void {
    const { trial, kind, budget, value } = outcome;
    const results = this.#results.get(trial) ?? [];
    if (kind === "completed") this.#results.set(trial, [...results, { step: budget, value: value as number }]);
    const curve = kind === "failed" ? undefined : this.#curveOf(outcome);
    this.#predictions.forget(trial);
    if (curve === undefined) {
      this.#curves.delete(trial);
      return;
    }
    this.#curves.set(trial, curve);
    if (kind !== "completed" || budget !== this.#study.maxBudget) return;
    const { loss } = curve.last;
    this.whole.set(trial, loss);
    this.best = Math.min(this.best ?? Infinity, loss);
  }

  /** Undefined for one that has not come to the grid's first step: nothing can be predicted from there. */
  #curveOf({ trial, kind, budget, curve: reports }: Outcome): GridCurve | undefined {
    const end = kind === "completed" ? budget : Infinity;
    const curve = curveOf(this.#study, reports, this.#results.get(trial) ?? [], end);
    const read = curve && gridCurve(curve, this.#grid);
    return read === undefined || read.points.length === 0 ? undefined : read;
  }

  get count(): number {
    return this.#curves.size;
  }

  get ends(): ReadonlyMap<number, CurveEnd> {
    return (this.#ends ??= new Map(
      [...this.#curves].map(([trial, curve]) => [trial, this.#predictions.end(trial, curve)]),
    ));
  }

  endOf = (trial: number): CurveEnd | undefined => {
    const curve = this.#curves.get(trial);
    return curve && this.#predictions.end(trial, curve);
  };

  cautiousEndOf = (trial: number): CurveEnd | undefined => {
    const curve = this.#curves.get(trial);
    return curve && this.#predictions.cautiousEnd(curve);
  };

  stages = (trial: number): readonly Stage[] => {
    const curve = this.#curves.get(trial);
    return curve === undefined ? [] : this.#predictions.stages(curve);
  };
}

/** What the curves that were known at one point say. Models are made when they are first asked. */
class Predictions {
  readonly #known: readonly GridCurve[];
  readonly #grid: readonly number[];
  readonly #ends = new Map<number, CurveEnd>();
  #model: CalibratedModel | undefined;
  #cautious: CalibratedModel | undefined;

  constructor(known: readonly GridCurve[], grid: readonly number[]) {
    this.#known = known;
    this.#grid = grid;
  }

  /** A trial's curve has changed. */
  forget(trial: number): void {
    this.#ends.delete(trial);
  }

  end(trial: number, curve: GridCurve): CurveEnd {
    const end = this.#ends.get(trial) ?? this.#seen(curve) ?? this.#ordinary.predict(curve);
    this.#ends.set(trial, end);
    return end;
  }

  cautiousEnd(curve: GridCurve): CurveEnd {
    this.#cautious ??= new CalibratedModel(this.#known, this.#grid, "weak");
    return this.#seen(curve) ?? this.#cautious.predict(curve);
  }

  stages(curve: GridCurve): readonly Stage[] {
    return this.#ordinary.stages(curve);
  }

  get #ordinary(): CalibratedModel {
    return (this.#model ??= new CalibratedModel(this.#known, this.#grid));
  }

  /** It takes no model to know an end that was seen. */
  #seen({ points }: GridCurve): CurveEnd | undefined {
    const last = points[this.#grid.length - 1];
    return last && { mean: last.loss, deviation: 0 };
  }
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
    const last = results.at(-1)?.value ?? lastValue(reports, name);
    return last === undefined ? undefined : { steps: [maxBudget], losses: [sign * last] };
  }
  const steps: number[] = [];
  const losses: number[] = [];
  for (const { step, metrics } of reports) {
    const value = metricOf(metrics, name);
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

import { CurveModel, type CurveEnd, type Stage } from "./curve-model.ts";
import type { GridCurve } from "./grid-curve.ts";
import type { Prior } from "./transition.ts";

/** Fewer whole curves than this say too little about how sure a model may be. */
const LEAST_WHOLE = 5;
const FOLDS = 5;
/** The intervals whose coverage is checked, and how many deviations of Student's t with three degrees of freedom they reach. */
const COVERAGE = 0.8;
const REACH = 1.6377444;
/** Whole curves are mostly good ones: however well they were predicted, others keep this share of their deviation. */
const LEAST_WIDENING = 0.8;

/**
 * A curve model that is as sure as the study's own whole curves allow. Each of them is predicted on its way by a model that did not
 * see it. All deviations are multiplied so that the stated share of their ends lies within the intervals: cross-conformal
 * prediction (Vovk, "Cross-conformal predictors", Annals of Mathematics and Artificial Intelligence 74, 2015), with errors in units
 * of the deviation.
 */
export class CalibratedModel {
  readonly #model: CurveModel;
  /** By how much deviations are multiplied; 1 while too few curves are whole. */
  readonly widening: number;

  /**
   * @param grid ascending steps, the last one the whole training
   * @param prior of curves unlike those that went on. @default "informative"
   */
  constructor(curves: readonly GridCurve[], grid: readonly number[], prior: Prior = "informative") {
    this.#model = new CurveModel(curves, grid, prior);
    this.widening = wideningOf(curves, grid, prior);
  }

  /** @param curve that has reached the grid's first step */
  predict(curve: GridCurve): CurveEnd {
    return this.#widen(this.#model.predict(curve));
  }

  /** What is predicted of a curve from its last step, and from some before it, the last one first. */
  stages(curve: GridCurve): readonly Stage[] {
    return this.#model.stages(curve).map(({ progress, end }) => ({ progress, end: this.#widen(end) }));
  }

  #widen({ mean, deviation }: CurveEnd): CurveEnd {
    return { mean, deviation: deviation * this.widening };
  }
}

function wideningOf(curves: readonly GridCurve[], grid: readonly number[], prior: Prior): number {
  const whole = curves.filter(({ points }) => points.length === grid.length);
  if (whole.length < LEAST_WHOLE) return 1;
  const errors: number[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const tested = new Set(whole.filter((_, index) => index % FOLDS === fold));
    const others = curves.filter((curve) => !tested.has(curve));
    const model = new CurveModel(others, grid, prior);
    for (const curve of tested)
      for (const { end } of model.stages(curve).slice(1)) {
        const error = Math.abs(curve.last.loss - end.mean) / end.deviation;
        if (Number.isFinite(error)) errors.push(error);
      }
  }
  const rank = Math.ceil((errors.length + 1) * COVERAGE);
  const reached = Float64Array.from(errors).sort()[rank - 1] ?? 0;
  return Math.max(LEAST_WIDENING, reached / REACH);
}

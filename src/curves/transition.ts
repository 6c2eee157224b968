import type { CurvePoint } from "./grid-curve.ts";

/** A curve that was seen at both ends of a transition. */
export interface TransitionSample {
  readonly from: CurvePoint;
  /** The loss at the end. */
  readonly to: number;
}

/** What is predicted of a curve at the end of a transition. */
export interface PredictedLoss {
  readonly mean: number;
  /** One standard deviation. */
  readonly deviation: number;
  /** How the loss at the end changes with the loss at the start. */
  readonly gain: number;
}

/** Precision of the prior, counted in samples: how surely a curve keeps its loss, and goes on at its slope. */
const MEAN_PRECISION = 0.1;
const SLOPE_PRECISION = 4;
/**
 * And how surely bad curves move as good ones do. Mostly good ones were seen to go on, so that the prior decides for bad ones. A
 * search for the best of all can assume it; who drops a trial for good cannot.
 */
const LOSS_PRECISION = { informative: 4, weak: 0.1 } as const;
/** Whether bad curves are assumed to move as good ones do, or little is assumed of them. */
export type Prior = keyof typeof LOSS_PRECISION;
/** Before anything is known, a curve goes on at this share of its slope. */
const MOMENTUM = 0.5;
/** The prior of the variance counts as so many samples. */
const PRIOR_SAMPLES = 3;
/** Losses up to this far behind the best count in full, in units of the spread. */
const NEAR = 0.5;
/** Features beyond these limits are clipped to them. */
const WORST = 5;
const STEEPEST = 4;

/**
 * What happens to curves between two steps of the grid. The change of the loss is a Bayesian linear regression on how good the
 * loss is and how it changed lately, with the conjugate normal–scaled-inverse-χ² prior (Gelman et al., "Bayesian data analysis",
 * 3rd edition, sections 14.2 and 14.8; Bishop, "Pattern recognition and machine learning", 2006, section 3.3). Curves near the
 * best one count most: whether a good one stays good is the question.
 */
export class Transition {
  readonly #best: number;
  readonly #spread: number;
  /** Coefficients of [1, loss, slope], in units of the spread. */
  readonly #coefficients: Vector;
  readonly #covariance: Symmetric;
  readonly #variance: number;

  /**
   * @param samples curves that were seen at both ends
   * @param best the best loss at the start
   * @param spread about how far the better half of the losses reaches at the start; above 0
   * @param stretch the logarithm of the ratio of the two steps
   * @param whole the sum of all stretches
   * @param prior of curves unlike the samples. @default "informative"
   */
  constructor(
    samples: readonly TransitionSample[],
    best: number,
    spread: number,
    stretch: number,
    whole: number,
    prior: Prior = "informative",
  ) {
    this.#best = best;
    this.#spread = spread;
    const priorPrecision: Vector = [MEAN_PRECISION, LOSS_PRECISION[prior], SLOPE_PRECISION];
    const priorMean: Vector = [0, 0, MOMENTUM * stretch];
    const precision: Symmetric = [priorPrecision[0], 0, 0, priorPrecision[1], 0, priorPrecision[2]];
    const moment: Vector = [0, 0, priorPrecision[2] * priorMean[2]];
    let weights = 0;
    // For each sample its weight, loss, slope and change: numbers in a row, of which there may be thousands.
    const rows = new Float64Array(4 * samples.length);
    for (const [index, { from, to }] of samples.entries()) {
      const moved = (to - from.loss) / spread;
      if (!Number.isFinite(moved)) continue;
      const [loss, slope, change] = [this.#lossOf(from), this.#slopeOf(from), clamp(moved, WORST)];
      const weight = loss > NEAR ? (1 + (loss - NEAR)) ** -4 : 1;
      rows.set([weight, loss, slope, change], 4 * index);
      precision[0] += weight;
      precision[1] += weight * loss;
      precision[2] += weight * slope;
      precision[3] += weight * loss * loss;
      precision[4] += weight * loss * slope;
      precision[5] += weight * slope * slope;
      moment[0] += weight * change;
      moment[1] += weight * change * loss;
      moment[2] += weight * change * slope;
      weights += weight;
    }
    this.#covariance = invert(precision);
    this.#coefficients = multiply(this.#covariance, moment);
    const [mean, ofLoss, ofSlope] = this.#coefficients;
    let squares = 0;
    for (let row = 0; row < rows.length; row += 4) {
      const predicted = mean + ofLoss * (rows[row + 1] as number) + ofSlope * (rows[row + 2] as number);
      squares += (rows[row] as number) * ((rows[row + 3] as number) - predicted) ** 2;
    }
    // The data may pull the coefficients away from the prior: that is surprise as well.
    for (const [index, precisionOf] of priorPrecision.entries())
      squares += precisionOf * ((this.#coefficients[index] as number) - (priorMean[index] as number)) ** 2;
    this.#variance = (PRIOR_SAMPLES * (stretch / whole) + squares) / (PRIOR_SAMPLES + weights);
  }

  predict(from: CurvePoint): PredictedLoss {
    const [loss, slope] = [this.#lossOf(from), this.#slopeOf(from)];
    const coefficients = this.#coefficients;
    const change = coefficients[0] + coefficients[1] * loss + coefficients[2] * slope;
    const [a, b, c, d, e, f] = this.#covariance;
    const doubt =
      1 + (a + b * loss + c * slope) + loss * (b + d * loss + e * slope) + slope * (c + e * loss + f * slope);
    return {
      mean: from.loss + change * this.#spread,
      // Losses may be so large or small that their squares are no numbers.
      deviation: Math.sqrt(this.#variance * doubt) * this.#spread,
      gain: 1 + coefficients[1],
    };
  }

  #lossOf({ loss }: CurvePoint): number {
    return clamp((loss - this.#best) / this.#spread, WORST);
  }

  #slopeOf({ slope }: CurvePoint): number {
    return clamp(slope / this.#spread, STEEPEST);
  }
}

type Vector = [number, number, number];
/** The upper triangle of a symmetric matrix, by rows. */
type Symmetric = [number, number, number, number, number, number];

function clamp(value: number, limit: number): number {
  return Math.min(Math.max(value, -limit), limit);
}

function multiply([a, b, c, d, e, f]: Symmetric, [x, y, z]: Vector): Vector {
  return [a * x + b * y + c * z, b * x + d * y + e * z, c * x + e * y + f * z];
}

/** By cofactors; a positive definite matrix. */
function invert([a, b, c, d, e, f]: Symmetric): Symmetric {
  const [first, second, third] = [d * f - e * e, c * e - b * f, b * e - c * d];
  const determinant = a * first + b * second + c * third;
  return [
    first / determinant,
    second / determinant,
    third / determinant,
    (a * f - c * c) / determinant,
    (b * c - a * e) / determinant,
    (a * d - b * b) / determinant,
  ];
}

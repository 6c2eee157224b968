import type { GpCore } from "../numerics/gp-core.ts";
import { logEi, logEiSlope } from "../numerics/normal.ts";

/** Variances below this share of the amplitude are rounding. */
const LEAST_VARIANCE = 1e-12;

/**
 * The logarithm of the expected improvement of a minimum, ln E[max(0, threshold − f)]: ln h(z) + ln σ with
 * z = (threshold − μ)/σ, h(z) = φ(z) + zΦ(z). It has a slope where the improvement itself is 0 in floating point. Ament et al.,
 * "Unexpected improvements to expected improvement for Bayesian optimization", NeurIPS 2023, equation 9.
 */
export class LogExpectedImprovement {
  readonly #core: GpCore;
  readonly #threshold: number;
  readonly #least: number;
  readonly #posterior = new Float64Array(2);
  readonly #meanSlopes: Float64Array;
  readonly #varianceSlopes: Float64Array;

  /**
   * @param core conditioned
   * @param threshold the target to improve on
   * @param amplitude σ² of the process
   * @param numeric how many features are numeric
   */
  constructor(core: GpCore, threshold: number, amplitude: number, numeric: number) {
    this.#core = core;
    this.#threshold = threshold;
    this.#least = LEAST_VARIANCE * amplitude;
    this.#meanSlopes = new Float64Array(numeric);
    this.#varianceSlopes = new Float64Array(numeric);
  }

  /** The values at `count` points, row-major. */
  at(points: Float64Array, count: number): Float64Array {
    const mean = new Float64Array(count);
    const variance = new Float64Array(count);
    this.#core.posterior(points, count, mean, variance);
    return mean.map((each, index) => this.#value(each, variance[index] as number));
  }

  /** The value at one point. @param gradient receives its derivatives with respect to the numeric features */
  withGradient(point: Float64Array, gradient: Float64Array): number {
    this.#core.posteriorGradient(point, this.#posterior, this.#meanSlopes, this.#varianceSlopes);
    const [mean, variance] = this.#posterior as unknown as readonly [number, number];
    const deviation = Math.sqrt(Math.max(variance, this.#least));
    const z = (this.#threshold - mean) / deviation;
    const slope = logEiSlope(z);
    for (let index = 0; index < gradient.length; index++) {
      const deviationSlope = variance > this.#least ? (this.#varianceSlopes[index] as number) / (2 * deviation) : 0;
      const zSlope = -((this.#meanSlopes[index] as number) + z * deviationSlope) / deviation;
      gradient[index] = slope * zSlope + deviationSlope / deviation;
    }
    return logEi(z) + Math.log(deviation);
  }

  #value(mean: number, variance: number): number {
    const deviation = Math.sqrt(Math.max(variance, this.#least));
    return logEi((this.#threshold - mean) / deviation) + Math.log(deviation);
  }
}

/**
 * The linear algebra of a Gaussian process with a Matérn-5/2 kernel, over n points of F features:
 *
 *   K = amplitude · M(r) + diagonal · I,  M(r) = (1 + √5 r + 5r²/3) · exp(−√5 r),  r² = Σ_f weights[f] · δ_f².
 *
 * Of the features, the first are numeric (δ = a − b); the others hold small integers, of which only equality counts
 * (δ² = 1 if a ≠ b, else 0). A weight is one over the square of a length scale. Rasmussen and Williams, "Gaussian processes for
 * machine learning", 2006: equations 4.17 (kernel), 2.30 (likelihood), 5.9 (its gradient), 2.25 and 2.26 (posterior).
 *
 * Nothing is added to a diagonal or clamped silently. Points and weights of the order of one are expected: differences are
 * taken after scaling.
 *
 * Steps are taken in this order: `setPoints`, `factor`, `solve`, `invertFactor`, and each stays valid until an earlier one is
 * taken again. A call out of order is an Error, an argument out of range a RangeError. All arrays are copied.
 */
export interface GpCore {
  /**
   * @param points row-major count × (numeric + mismatch), finite
   * @param count 1 … {@link MAXIMUM_POINTS}
   * @param numeric how many of the features are numeric; `mismatch`: how many only match or do not; up to
   * {@link MAXIMUM_FEATURES} in all
   */
  setPoints(points: Float64Array, count: number, numeric: number, mismatch: number): void;

  /**
   * Builds K over the first `count` points and factors it, K = LLᵀ.
   *
   * @param weights F numbers ≥ 0, finite; `amplitude` > 0; `diagonal` ≥ 0
   * @param gradient whether `likelihoodGradient` is wanted
   * @returns −1, or the row whose pivot was not positive: K is not positive definite to working precision, and there is no
   * factor to go on with
   */
  factor(weights: Float64Array, amplitude: number, diagonal: number, count: number, gradient: boolean): number;

  /** log det K. */
  logDeterminant(): number;

  /**
   * Solves with the leading m × m block, m = y.length ≤ count: alpha = K_m⁻¹ y, and 0 for the points after them.
   *
   * @param alpha where to copy alpha to, if it is wanted: count numbers
   * @returns yᵀ K_m⁻¹ y
   */
  solve(y: Float64Array, alpha?: Float64Array): number;

  /**
   * The derivatives of log N(y; 0, K) = −½ yᵀK⁻¹y − ½ log det K − ½ n log 2π with respect to the logarithms of each weight, the
   * amplitude and the diagonal. After `factor` with `gradient`, and `solve` with all `count` points.
   *
   * @param out F + 2 numbers
   */
  likelihoodGradient(out: Float64Array): void;

  /** Computes L⁻¹, which the following need. */
  invertFactor(): void;

  /**
   * Mean kᵀ alpha and variance amplitude − ‖L⁻¹k‖² (of the function, without the noise of an observation; by rounding it can
   * fall below 0) at m candidates.
   *
   * @param candidates row-major m × F; what is not finite makes that candidate's answers NaN or useless
   * @param mean and `variance`: m numbers
   */
  posterior(candidates: Float64Array, m: number, mean: Float64Array, variance: Float64Array): void;

  /**
   * Mean and variance at one point, and their derivatives with respect to its numeric features.
   *
   * @param point F numbers
   * @param out mean and variance
   * @param meanGradient and `varianceGradient`: `numeric` numbers each
   */
  posteriorGradient(
    point: Float64Array,
    out: Float64Array,
    meanGradient: Float64Array,
    varianceGradient: Float64Array,
  ): void;

  /**
   * The diagonal of K⁻¹, which leave-one-out predictions need. After `invertFactor` or `likelihoodGradient`.
   *
   * @param out count numbers
   */
  inverseDiagonal(out: Float64Array): void;
}

/** A fast core needs up to 4 matrices of n × n numbers: 0.5 GB at this bound. */
export const MAXIMUM_POINTS = 4096;

export const MAXIMUM_FEATURES = 1024;

/** What the adaptation's speed depends on. */
export interface Constants {
  /** w₁ … w_λ: the first μ are positive and sum to 1, the others are not positive. */
  readonly weights: Float64Array;
  readonly mu: number;
  readonly muEff: number;
  readonly cSigma: number;
  readonly dSigma: number;
  readonly cC: number;
  readonly c1: number;
  readonly cMu: number;
  /** The expected length of a standard normal vector. */
  readonly chiN: number;
}

/** λ of a first run: Hansen, "The CMA evolution strategy: a tutorial", arXiv 1604.00772, equation 48. */
export function defaultPopulation(dimensions: number): number {
  return 4 + Math.floor(3 * Math.log(Math.max(dimensions, 1)));
}

/**
 * Hansen's tutorial, equations 49 to 58, with the negative weights of active CMA.
 *
 * @param n dimensions, at least 1
 * @param lambda candidates that are ranked, at least 2
 */
export function strategyConstants(n: number, lambda: number): Constants {
  const raw = Float64Array.from({ length: lambda }, (_, i) => Math.log((lambda + 1) / 2) - Math.log(i + 1));
  const mu = Math.floor(lambda / 2);
  const [positive, negative] = [raw.slice(0, mu), raw.slice(mu)];
  const muEff = effective(positive);

  const c1 = 2 / ((n + 1.3) ** 2 + muEff);
  const cMu = Math.min(1 - c1, (2 * (0.25 + muEff - 2 + 1 / muEff)) / ((n + 2) ** 2 + muEff));
  const cSigma = (muEff + 2) / (n + muEff + 5);
  // Their sum keeps the covariance matrix positive definite, and is no larger than what its decay allows.
  const total = Math.min(1 + c1 / cMu, 1 + (2 * effective(negative)) / (muEff + 2), (1 - c1 - cMu) / (n * cMu));
  const [gain, loss] = [sum(positive), -sum(negative)];
  return {
    weights: raw.map((weight, i) => (i < mu ? weight / gain : loss === 0 ? 0 : (total * weight) / loss)),
    mu,
    muEff,
    cSigma,
    dSigma: 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1) + cSigma,
    cC: (4 + muEff / n) / (n + 4 + (2 * muEff) / n),
    c1,
    cMu,
    chiN: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/** (Σ w)² / Σ w². */
function effective(weights: Float64Array): number {
  const squares = weights.reduce((total, weight) => total + weight * weight, 0);
  return squares === 0 ? 0 : sum(weights) ** 2 / squares;
}

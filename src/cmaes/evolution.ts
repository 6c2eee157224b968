import { symmetricEigen } from "../numerics/symmetric-eigen.ts";
import { strategyConstants } from "./constants.ts";

/**
 * The normal distribution N(m, σ² A C A) that is searched with, and what adapts it. Matrices are n·n numbers, row-major;
 * A is diagonal, of ones but where a margin was kept (`margin.ts`). Nothing of it is ever changed in place.
 */
export interface Evolution {
  readonly generation: number;
  readonly mean: Float64Array;
  readonly sigma: number;
  /** A's diagonal. */
  readonly scale: Float64Array;
  readonly covariance: Float64Array;
  /** Orthonormal eigenvectors of C as columns, and the square roots of its eigenvalues. */
  readonly axes: Float64Array;
  readonly lengths: Float64Array;
  readonly pathSigma: Float64Array;
  readonly pathC: Float64Array;
}

/** A candidate at a point of the search space. */
export interface Candidate {
  readonly point: Float64Array;
  /** It was not sampled from this distribution: a step from the mean that would be too long for one is shortened. */
  readonly foreign: boolean;
}

export function startEvolution(mean: Float64Array, sigma: number): Evolution {
  const n = mean.length;
  const identity = new Float64Array(n * n);
  for (let i = 0; i < n; i++) identity[i * n + i] = 1;
  return {
    generation: 0,
    mean,
    sigma,
    scale: new Float64Array(n).fill(1),
    covariance: identity,
    axes: identity,
    lengths: new Float64Array(n).fill(1),
    pathSigma: new Float64Array(n),
    pathC: new Float64Array(n),
  };
}

/**
 * One generation of CMA-ES: Hansen, "The CMA evolution strategy: a tutorial", arXiv 1604.00772, figure 6 with c_m = 1.
 * Steps are taken before A, as in Hamano et al., "CMA-ES with margin", arXiv 2205.13482. Foreign candidates are injected as
 * in Hansen, "Injecting external solutions into CMA-ES", arXiv 1110.4181, equation 4.
 *
 * @param ranked best first, at least 2; how many there are decides the weights
 */
export function evolve(state: Evolution, ranked: readonly Candidate[]): Evolution {
  const { mean, sigma, scale, axes, lengths } = state;
  const n = mean.length;
  const { weights, mu, muEff, cSigma, dSigma, cC, c1, cMu, chiN } = strategyConstants(n, ranked.length);
  const whiten = (step: Float64Array): Float64Array => {
    const along = Float64Array.from(lengths, (length, k) => dotColumn(axes, n, k, step) / length);
    return Float64Array.from(step, (_, i) => dotRow(axes, n, i, along));
  };
  const longest = Math.sqrt(n) + (2 * n) / (n + 2);
  const steps = ranked.map(({ point, foreign }) => {
    const step = Float64Array.from(point, (x, i) => (x - (mean[i] as number)) / (sigma * (scale[i] as number)));
    const length = norm(whiten(step));
    const shorter = foreign && length > longest ? longest / length : 1;
    return { step: step.map((y) => y * shorter), length: length * shorter };
  });

  const move = new Float64Array(n);
  for (const [k, { step }] of steps.slice(0, mu).entries())
    for (let i = 0; i < n; i++) move[i] = (move[i] as number) + (weights[k] as number) * (step[i] as number);

  const white = whiten(move);
  const pathSigma = accumulate(state.pathSigma, white, cSigma, Math.sqrt(cSigma * (2 - cSigma) * muEff));
  const length = norm(pathSigma);
  // A path that is long since the step size is too small tells nothing of the shape.
  const expected = Math.sqrt(1 - (1 - cSigma) ** (2 * (state.generation + 1))) * (1.4 + 2 / (n + 1)) * chiN;
  const stalled = length >= expected;
  const pathC = accumulate(state.pathC, move, cC, stalled ? 0 : Math.sqrt(cC * (2 - cC) * muEff));

  // Equation 46: a negative weight counts the same whatever the length of its step.
  const shares = steps.map(({ length: long }, k) => {
    const weight = weights[k] as number;
    return weight >= 0 ? weight : long === 0 ? 0 : (weight * n) / long ** 2;
  });
  const decay =
    1 + (stalled ? c1 * cC * (2 - cC) : 0) - c1 - cMu * weights.reduce((total, weight) => total + weight, 0);
  const covariance = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let rankMu = 0;
      for (const [k, { step }] of steps.entries())
        rankMu += (shares[k] as number) * (step[i] as number) * (step[j] as number);
      const rankOne = (pathC[i] as number) * (pathC[j] as number);
      covariance[i * n + j] = covariance[j * n + i] =
        decay * (state.covariance[i * n + j] as number) + c1 * rankOne + cMu * rankMu;
    }
  const { values, vectors } = symmetricEigen(covariance, n);
  return {
    generation: state.generation + 1,
    mean: mean.map((m, i) => m + sigma * (scale[i] as number) * (move[i] as number)),
    sigma: sigma * Math.exp((cSigma / dSigma) * (length / chiN - 1)),
    scale,
    covariance,
    axes: vectors,
    lengths: values.map(Math.sqrt),
    pathSigma,
    pathC,
  };
}

/** A point of the distribution, from n independent standard normal numbers. */
export function pointAt({ mean, sigma, scale, axes, lengths }: PointLaw, normal: Float64Array): Float64Array {
  const n = mean.length;
  const stretched = normal.map((z, k) => z * (lengths[k] as number));
  return mean.map((m, i) => m + sigma * (scale[i] as number) * dotRow(axes, n, i, stretched));
}

/** What sampling needs of an evolution. */
export type PointLaw = Pick<Evolution, "mean" | "sigma" | "scale" | "axes" | "lengths">;

/** The standard deviation of one coordinate. */
export function deviation({ mean, sigma, scale, covariance }: Evolution, i: number): number {
  return sigma * (scale[i] as number) * Math.sqrt(covariance[i * mean.length + i] as number);
}

function accumulate(path: Float64Array, step: Float64Array, rate: number, gain: number): Float64Array {
  return path.map((p, i) => (1 - rate) * p + gain * (step[i] as number));
}

function norm(x: Float64Array): number {
  return Math.sqrt(x.reduce((total, value) => total + value * value, 0));
}

function dotRow(matrix: Float64Array, n: number, row: number, x: Float64Array): number {
  let total = 0;
  for (let k = 0; k < n; k++) total += (matrix[row * n + k] as number) * (x[k] as number);
  return total;
}

function dotColumn(matrix: Float64Array, n: number, column: number, x: Float64Array): number {
  let total = 0;
  for (let k = 0; k < n; k++) total += (matrix[k * n + column] as number) * (x[k] as number);
  return total;
}

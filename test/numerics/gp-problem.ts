import type { GpCore } from "../../src/numerics/gp-core.ts";
import { createRng } from "../../src/numerics/rng.ts";

export interface Size {
  /** Points set, and how many of them are used. */
  readonly points: number;
  readonly count: number;
  readonly numeric: number;
  readonly mismatch: number;
  readonly candidates: number;
}

export interface GpProblem extends Size {
  readonly rows: Float64Array;
  readonly y: Float64Array;
  readonly weights: Float64Array;
  readonly amplitude: number;
  readonly diagonal: number;
  readonly candidateRows: Float64Array;
}

/** Points in the unit cube (mismatch features: 0, 1 or 2), drawn without a rounded operation, so that the bits are fixed. */
export function randomProblem(seed: string, size: Size): GpProblem {
  const rng = createRng(seed, 0, "sample");
  const features = size.numeric + size.mismatch;
  const draw = (length: number): Float64Array => Float64Array.from({ length }, () => rng.uniform());
  const drawRows = (count: number): Float64Array =>
    draw(count * features).map((value, at) => (at % features < size.numeric ? value : Math.floor(3 * value)));
  return {
    ...size,
    rows: drawRows(size.points),
    y: draw(size.count).map((value) => value - 0.5),
    weights: draw(features).map((value) => 4 * value),
    amplitude: 1.75,
    diagonal: 0.015625,
    candidateRows: drawRows(size.candidates),
  };
}

export interface GpAnswers {
  readonly logDeterminant: Float64Array;
  readonly quadratic: Float64Array;
  readonly alpha: Float64Array;
  readonly likelihoodGradient: Float64Array;
  readonly inverseDiagonal: Float64Array;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** Of the first candidate: mean and variance, then the gradient of each. */
  readonly atFirst: Float64Array;
  readonly meanGradient: Float64Array;
  readonly varianceGradient: Float64Array;
}

/** Every method of a core, once. */
export function answer(core: GpCore, problem: GpProblem): GpAnswers {
  const { points, count, numeric, mismatch, candidates, candidateRows, weights } = problem;
  const features = numeric + mismatch;
  const answers = {
    logDeterminant: new Float64Array(1),
    quadratic: new Float64Array(1),
    alpha: new Float64Array(count),
    likelihoodGradient: new Float64Array(features + 2),
    inverseDiagonal: new Float64Array(count),
    mean: new Float64Array(candidates),
    variance: new Float64Array(candidates),
    atFirst: new Float64Array(2),
    meanGradient: new Float64Array(numeric),
    varianceGradient: new Float64Array(numeric),
  };
  core.setPoints(problem.rows, points, numeric, mismatch);
  const failed = core.factor(weights, problem.amplitude, problem.diagonal, count, true);
  if (failed !== -1) throw new Error(`row ${failed} has no positive pivot`);
  answers.logDeterminant[0] = core.logDeterminant();
  answers.quadratic[0] = core.solve(problem.y, answers.alpha);
  core.likelihoodGradient(answers.likelihoodGradient);
  core.inverseDiagonal(answers.inverseDiagonal);
  core.invertFactor();
  core.posterior(candidateRows, candidates, answers.mean, answers.variance);
  const first = candidateRows.subarray(0, features);
  core.posteriorGradient(first, answers.atFirst, answers.meanGradient, answers.varianceGradient);
  return answers;
}

/** The largest difference, relative to the largest number expected, or to 1 where that is more. */
export function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  const differences = Array.from(expected, (value, i) => Math.abs(value - (actual[i] as number)) / scale);
  return differences.some(Number.isNaN) ? NaN : Math.max(0, ...differences);
}

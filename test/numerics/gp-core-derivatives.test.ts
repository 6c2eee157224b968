import { describe, expect, it } from "vitest";
import type { GpCore } from "../../src/numerics/gp-core.ts";
import { createPlainGpCore } from "../../src/numerics/gp-core-plain.ts";
import { createWasmGpCore } from "../../src/numerics/gp-core-wasm.ts";
import { answer, difference, randomProblem, type GpProblem } from "./gp-problem.ts";

const STEP = Math.cbrt(Number.EPSILON);

/** The gradient of f at x by central differences. */
function centralDifferences(f: (x: Float64Array) => number, x: Float64Array): number[] {
  return Array.from(x, (value, i) => {
    const step = STEP * Math.max(1, Math.abs(value));
    const [above, below] = [value + step, value - step];
    return (f(x.with(i, above)) - f(x.with(i, below))) / (above - below);
  });
}

/** log N(y; 0, K) by the logarithms of weights, amplitude and diagonal. */
function logLikelihood(core: GpCore, { count, y }: GpProblem, logarithms: Float64Array): number {
  const [amplitude, diagonal] = logarithms.slice(-2).map(Math.exp) as unknown as [number, number];
  const weights = logarithms.slice(0, -2).map(Math.exp);
  expect(core.factor(weights, amplitude, diagonal, count, false)).toBe(-1);
  return -0.5 * (core.solve(y) + core.logDeterminant() + count * Math.log(2 * Math.PI));
}

describe.each([
  ["plain", createPlainGpCore],
  ["WebAssembly", createWasmGpCore],
])("the gradients of the %s core are those of its values", (_, create) => {
  const sizes = [
    { points: 1, count: 1, numeric: 1, mismatch: 0, candidates: 1 },
    { points: 6, count: 6, numeric: 0, mismatch: 2, candidates: 1 },
    { points: 23, count: 21, numeric: 3, mismatch: 2, candidates: 1 },
    { points: 70, count: 70, numeric: 4, mismatch: 0, candidates: 1 },
  ];

  it.each(sizes)("likelihood: $count points, $numeric numeric and $mismatch mismatch features", (size) => {
    const core = create();
    const problem = randomProblem("likelihood", size);
    const { likelihoodGradient } = answer(core, problem);
    const logarithms = Float64Array.of(...problem.weights, problem.amplitude, problem.diagonal).map(Math.log);
    const expected = centralDifferences((x) => logLikelihood(core, problem, x), logarithms);
    expect(difference(likelihoodGradient, expected)).toBeLessThan(1e-6);
  });

  it.each(sizes)("posterior: $count points, $numeric numeric and $mismatch mismatch features", (size) => {
    const core = create();
    const problem = randomProblem("posterior", size);
    const answers = answer(core, problem);
    const { numeric, candidateRows } = problem;
    const at = (x: Float64Array): readonly [number, number] => {
      const [mean, variance] = [new Float64Array(1), new Float64Array(1)];
      core.posterior(Float64Array.of(...x, ...candidateRows.subarray(numeric)), 1, mean, variance);
      return [mean[0] as number, variance[0] as number];
    };
    const place = candidateRows.slice(0, numeric);
    expect(
      difference(
        answers.meanGradient,
        centralDifferences((x) => at(x)[0], place),
      ),
    ).toBeLessThan(1e-6);
    expect(
      difference(
        answers.varianceGradient,
        centralDifferences((x) => at(x)[1], place),
      ),
    ).toBeLessThan(1e-6);
    expect(difference(answers.atFirst, at(place))).toBeLessThan(1e-12);
  });

  it("at a point that was observed, where the kernel has its peak", () => {
    const core = create();
    const problem = randomProblem("peak", { points: 9, count: 9, numeric: 2, mismatch: 0, candidates: 1 });
    const place = problem.rows.slice(0, 2);
    const { meanGradient } = answer(core, { ...problem, candidateRows: place });
    const mean = new Float64Array(1);
    const meanAt = (x: Float64Array): number => (core.posterior(x, 1, mean, new Float64Array(1)), mean[0] as number);
    expect(difference(meanGradient, centralDifferences(meanAt, place))).toBeLessThan(1e-6);
  });
});

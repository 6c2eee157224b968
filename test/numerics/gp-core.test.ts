import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPlainGpCore } from "../../src/numerics/gp-core-plain.ts";
import { createWasmGpCore } from "../../src/numerics/gp-core-wasm.ts";
import { answer, difference, randomProblem, type GpAnswers, type Size } from "./gp-problem.ts";

function expectAgreement(actual: GpAnswers, expected: GpAnswers): void {
  for (const name of Object.keys(expected) as (keyof GpAnswers)[]) {
    expect(difference(actual[name], expected[name]), name).toBeLessThan(1e-10);
  }
}

const bitsOf = (answers: GpAnswers): string => {
  const hash = createHash("sha256");
  for (const values of Object.values(answers)) hash.update(new Uint8Array(values.buffer));
  return hash.digest("hex");
};

describe("the WebAssembly core gives what the plain one gives", () => {
  it.each<Size>([
    { points: 1, count: 1, numeric: 1, mismatch: 0, candidates: 1 },
    { points: 2, count: 2, numeric: 0, mismatch: 1, candidates: 2 },
    { points: 3, count: 3, numeric: 2, mismatch: 1, candidates: 3 },
    { points: 5, count: 5, numeric: 3, mismatch: 0, candidates: 17 },
    { points: 8, count: 7, numeric: 0, mismatch: 4, candidates: 1 },
    { points: 65, count: 64, numeric: 2, mismatch: 2, candidates: 33 },
    { points: 129, count: 129, numeric: 4, mismatch: 1, candidates: 20 },
    { points: 300, count: 271, numeric: 5, mismatch: 2, candidates: 40 },
    { points: 40, count: 37, numeric: 90, mismatch: 30, candidates: 5 },
  ])("with $count of $points points, $numeric numeric and $mismatch mismatch features", (size) => {
    const problem = randomProblem("fixed", size);
    expectAgreement(answer(createWasmGpCore(), problem), answer(createPlainGpCore(), problem));
  });

  it("with any sizes, one instance after the other", () => {
    const core = createWasmGpCore();
    const sizes = fc
      .record({
        points: fc.integer({ min: 1, max: 90 }),
        unused: fc.nat(5),
        numeric: fc.nat(5),
        mismatch: fc.nat(4),
        candidates: fc.integer({ min: 1, max: 40 }),
      })
      .filter(({ numeric, mismatch }) => numeric + mismatch > 0);
    fc.assert(
      fc.property(sizes, fc.string(), ({ unused, ...size }, seed) => {
        const problem = randomProblem(seed, { ...size, count: Math.max(1, size.points - unused) });
        expectAgreement(answer(core, problem), answer(createPlainGpCore(), problem));
      }),
      { numRuns: 60 },
    );
  });

  it("for the leading part of the points", () => {
    const problem = randomProblem("leading", { points: 50, count: 43, numeric: 3, mismatch: 1, candidates: 4 });
    const parts = [createWasmGpCore(), createPlainGpCore()].map((core) => {
      answer(core, problem);
      const alpha = new Float64Array(43).fill(7);
      const mean = new Float64Array(4);
      const variance = new Float64Array(4);
      const quadratic = core.solve(problem.y.subarray(0, 18), alpha);
      core.posterior(problem.candidateRows, 4, mean, variance);
      expect([...alpha.subarray(18)]).toEqual(Array.from({ length: 25 }, () => 0));
      return [quadratic, ...alpha, ...mean, ...variance];
    });
    expect(difference(parts[0] as number[], parts[1] as number[])).toBeLessThan(1e-10);
  });
});

describe("the WebAssembly core with 2000 points", () => {
  // With K₀ = K − σ²I: K₀α = y − σ²α, and K₀ − K₀K⁻¹K₀ = σ²I − σ⁴K⁻¹.
  it("predicts at the points what their targets and their own inverse say", () => {
    const n = 2000;
    const core = createWasmGpCore();
    const problem = randomProblem("large", { points: n, count: n, numeric: 4, mismatch: 1, candidates: 1 });
    const { alpha, inverseDiagonal } = answer(core, problem);
    const places = [0, 1, 127, 128, 1000, 1999];
    const rows = Float64Array.from(places.flatMap((i) => [...problem.rows.subarray(5 * i, 5 * i + 5)]));
    const mean = new Float64Array(places.length);
    const variance = new Float64Array(places.length);
    core.posterior(rows, places.length, mean, variance);
    const { y, diagonal } = problem;
    const means = places.map((i) => (y[i] as number) - diagonal * (alpha[i] as number));
    const variances = places.map((i) => diagonal - diagonal ** 2 * (inverseDiagonal[i] as number));
    expect(difference(mean, means)).toBeLessThan(1e-10);
    expect(difference(variance, variances)).toBeLessThan(1e-12);
  });
});

describe("the bits of the WebAssembly core", () => {
  const size = { points: 150, count: 149, numeric: 4, mismatch: 2, candidates: 19 };
  const problem = randomProblem("bits", size);

  it("are the same a second time, in another instance, and after other points", () => {
    const core = createWasmGpCore();
    const bits = bitsOf(answer(core, problem));
    expect(bitsOf(answer(core, problem))).toBe(bits);
    expect(bitsOf(answer(createWasmGpCore(), problem))).toBe(bits);
    for (const points of [7, 333]) {
      answer(core, randomProblem("other", { ...size, points, count: points }));
      expect(bitsOf(answer(core, problem))).toBe(bits);
    }
  });

  it("are the same after answers that were not numbers, wherever these still lie in memory", () => {
    const core = createWasmGpCore();
    for (const points of [64, 700]) {
      const other = randomProblem("other", { points, count: points, numeric: 1, mismatch: 0, candidates: 16 });
      answer(core, { ...other, candidateRows: new Float64Array(16).fill(NaN) });
      expect(bitsOf(answer(core, problem))).toBe(bitsOf(answer(createWasmGpCore(), problem)));
    }
  });

  it("are the same for a candidate whatever the others are", () => {
    const core = createWasmGpCore();
    const { mean, variance } = answer(core, problem);
    for (let c = 0; c < size.candidates; c++) {
      const [ownMean, ownVariance] = [new Float64Array(1), new Float64Array(1)];
      core.posterior(problem.candidateRows.subarray(6 * c, 6 * c + 6), 1, ownMean, ownVariance);
      expect([ownMean[0], ownVariance[0]]).toEqual([mean[c], variance[c]]);
    }
  });

  // What a study was told depends on these bits: whoever changes them on purpose writes down the new hash.
  it("are the same on every machine and in every build", () => {
    expect(bitsOf(answer(createWasmGpCore(), problem))).toBe(
      "ea6c00b4718ce0770dec4036db2096cd3aaf466f22a52ce443c3c490b9e7503f",
    );
  });
});

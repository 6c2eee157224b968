import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { strategyConstants } from "../../src/cmaes/constants.ts";
import { type Evolution, evolve, pointAt, startEvolution } from "../../src/cmaes/evolution.ts";
import { keepMargin } from "../../src/cmaes/margin.ts";
import { normalCdf } from "../../src/numerics/normal.ts";

interface Reference {
  readonly constants: readonly (Readonly<Record<string, number>> & { readonly weights: readonly number[] })[];
  readonly runs: readonly {
    readonly mean: readonly number[];
    readonly sigma: number;
    readonly generations: readonly {
      readonly ranked: readonly (readonly number[])[];
      readonly mean: readonly number[];
      readonly sigma: number;
      readonly covariance: readonly number[];
      readonly pathSigma: readonly number[];
      readonly pathC: readonly number[];
    }[];
  }[];
  readonly margins: readonly Readonly<Record<string, number>>[];
}

const reference = JSON.parse(
  readFileSync(new URL("reference/cmaes.json", import.meta.url), "utf8"),
) as unknown as Reference;

const close = (found: ArrayLike<number>, expected: readonly number[], tolerance = 1e-10): void => {
  expect(found.length).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  for (const [i, value] of expected.entries())
    expect(Math.abs((found[i] as number) - value)).toBeLessThanOrEqual(tolerance * scale);
};

const own = (points: readonly (readonly number[])[]): { point: Float64Array; foreign: boolean }[] =>
  points.map((point) => ({ point: Float64Array.from(point), foreign: false }));

describe("the strategy's constants", () => {
  for (const expected of reference.constants)
    it(`are pycma's and the tutorial's for n = ${expected["n"]}, λ = ${expected["lambda"]}`, () => {
      const { weights, ...found } = strategyConstants(expected["n"] as number, expected["lambda"] as number);
      close(weights, expected.weights, 1e-13);
      for (const key of ["muEff", "c1", "cMu", "cSigma", "dSigma", "cC", "chiN"] as const)
        close([found[key]], [expected[key] as number], 1e-13);
    });
});

describe("a generation", () => {
  for (const run of reference.runs)
    it(`is the tutorial's, ${run.generations.length} times over, in ${run.mean.length} dimensions`, () => {
      let state = startEvolution(Float64Array.from(run.mean), run.sigma);
      for (const expected of run.generations) {
        state = evolve(state, own(expected.ranked));
        for (const key of ["mean", "covariance", "pathSigma", "pathC"] as const) close(state[key], expected[key]);
        close([state.sigma], [expected.sigma]);
      }
    });

  it("has axes and lengths that give points of its covariance", () => {
    const [run] = reference.runs.slice(2);
    let state = startEvolution(Float64Array.from(run?.mean ?? []), 0.3);
    for (const { ranked } of run?.generations ?? []) state = evolve(state, own(ranked));
    // Σ over unit vectors z of (x − m)(x − m)ᵀ is σ² C.
    const found = new Float64Array(25);
    for (let k = 0; k < 5; k++) {
      const z = new Float64Array(5);
      z[k] = 1;
      const x = pointAt(state, z).map((value, i) => (value - (state.mean[i] as number)) / state.sigma);
      for (let i = 0; i < 25; i++)
        found[i] = (found[i] as number) + (x[Math.floor(i / 5)] as number) * (x[i % 5] as number);
    }
    close(found, [...state.covariance], 1e-13);
  });

  it("takes A into account: scaled coordinates evolve as the others do", () => {
    const [run] = reference.runs.slice(2);
    const scale = Float64Array.of(1, 2, 0.1, 1, 3);
    let plain = startEvolution(Float64Array.from(run?.mean ?? []), 0.3);
    let scaled: Evolution = { ...plain, scale };
    for (const { ranked } of run?.generations ?? []) {
      const { mean } = scaled;
      const offset = plain.mean;
      const moved = ranked.map((point) =>
        point.map((x, i) => (mean[i] as number) + (scale[i] as number) * (x - (offset[i] as number))),
      );
      plain = evolve(plain, own(ranked));
      scaled = evolve(scaled, own(moved));
      close(scaled.covariance, [...plain.covariance]);
      close([scaled.sigma], [plain.sigma]);
    }
  });

  it("shortens the step to a foreign candidate that is too far, and to no other", () => {
    const state = startEvolution(new Float64Array(2), 1);
    const near = { point: Float64Array.of(0.1, 0), foreign: false };
    const far = Float64Array.of(0, 30);
    const longest = Math.sqrt(2) + 4 / 4;
    const clipped = evolve(state, [{ point: far, foreign: true }, near]);
    close(clipped.mean, [0, longest], 1e-13);
    close(evolve(state, [{ point: far, foreign: false }, near]).mean, [0, 30], 1e-13);
    close(evolve(state, [{ ...near, foreign: true }, near]).mean, [0.1, 0], 1e-13);
  });
});

describe("the margin", () => {
  const stateOf = (mean: number, spread: number): Evolution => startEvolution(Float64Array.of(mean), spread);

  for (const { mean, spread, low, high, alpha, newMean, newSpread } of reference.margins as readonly Record<
    "mean" | "spread" | "low" | "high" | "alpha" | "newMean" | "newSpread",
    number
  >[])
    it(`gives both neighbours the paper's probability at ${mean} ± ${spread}`, () => {
      const state = keepMargin(stateOf(mean, spread), alpha, () => ({ low, high }));
      close(state.mean, [newMean], 1e-8);
      close([spread * (state.scale[0] as number)], [newSpread], 1e-8);
    });

  it("brings a mean at an end near enough to the one neighbour, and no nearer", () => {
    const low = keepMargin(stateOf(-5, 0.1), 0.05, () => ({ low: -Infinity, high: 0.25 }));
    expect(normalCdf(((low.mean[0] as number) - 0.25) / 0.1)).toBeCloseTo(0.05, 12);
    const high = keepMargin(stateOf(5, 0.1), 0.05, () => ({ low: 0.75, high: Infinity }));
    expect(normalCdf((0.75 - (high.mean[0] as number)) / 0.1)).toBeCloseTo(0.05, 12);
    expect([low.scale[0], high.scale[0]]).toEqual([1, 1]);
    const near = keepMargin(stateOf(0.2, 0.1), 0.05, () => ({ low: -Infinity, high: 0.25 }));
    expect(near.mean[0]).toBe(0.2);
  });

  it("leaves continuous coordinates, and discrete ones that are wide enough", () => {
    const state = stateOf(0.5, 0.1);
    expect(keepMargin(state, 0.05, () => undefined)).toEqual(state);
    expect(keepMargin(state, 0.05, () => ({ low: 0.4, high: 0.6 }))).toEqual(state);
  });
});

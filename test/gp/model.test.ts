import { describe, expect, it } from "vitest";
import { fit } from "../../src/gp/fit.ts";
import { hyperparameterSpace } from "../../src/gp/hyperparameters.ts";
import { condition, type FeatureLayout, type TrainingSet } from "../../src/gp/model.ts";
import { createPlainGpCore } from "../../src/numerics/gp-core-plain.ts";
import { createWasmGpCore } from "../../src/numerics/gp-core-wasm.ts";
import { createRng } from "../../src/numerics/rng.ts";

const line: FeatureLayout = {
  numeric: 2,
  mismatch: 0,
  dimensions: 2,
  coordinateOf: Int32Array.of(0, 1),
  scaleOf: Float64Array.of(1, 1),
};

/** A function of the first coordinate alone. */
const wave = (count: number): TrainingSet => {
  const rng = createRng("wave", 0, "sample");
  const points = Float64Array.from({ length: 2 * count }, () => rng.uniform());
  const waves = Float64Array.from({ length: count }, (_, index) => Math.sin(9 * (points[2 * index] as number)));
  const mean = waves.reduce((sum, value) => sum + value, 0) / count;
  return { layout: line, points, targets: waves.map((value) => Math.SQRT2 * (value - mean)) };
};

describe("a fit", () => {
  it("finds which coordinate matters, and that there is no noise", () => {
    const set = wave(40);
    const found = fit(createWasmGpCore(), set, [hyperparameterSpace(2).mode]);
    const [first, second, , noise] = (found?.hyperparameters ?? new Float64Array()).map(Math.exp);
    expect(second as number).toBeGreaterThan(10 * (first as number));
    expect(noise as number).toBeLessThan(1e-4);
  });

  it("is the same with both cores", () => {
    const set = wave(25);
    const starts = [hyperparameterSpace(2).mode];
    const [wasm, plain] = [createWasmGpCore(), createPlainGpCore()].map((core) => fit(core, set, starts));
    expect(wasm?.loss).toBeCloseTo(plain?.loss as number, 6);
  });

  it("takes the best of its starts", () => {
    const set = wave(25);
    const { mode, upper } = hyperparameterSpace(2);
    const core = createWasmGpCore();
    const one = fit(core, set, [mode]);
    const two = fit(core, set, [upper, mode]);
    expect(two?.loss as number).toBeLessThanOrEqual((one?.loss as number) + 1e-9);
  });
});

describe("a conditioned process", () => {
  it("goes through its targets where there is no noise, and says what jitter it took", () => {
    const set = wave(20);
    const hyperparameters = Float64Array.of(Math.log(0.2), Math.log(2), 0, Math.log(1e-8));
    const conditioned = condition(createWasmGpCore(), set, hyperparameters);
    expect(conditioned?.jitter).toBe(0);
    for (const [index, mean] of (conditioned?.means ?? []).entries())
      expect(mean).toBeCloseTo(set.targets[index] as number, 4);
  });

  it("adds a jitter to equal points without noise, and tells it", () => {
    const set = { layout: line, points: new Float64Array(24).fill(0.5), targets: new Float64Array(12) };
    const conditioned = condition(createWasmGpCore(), set, Float64Array.of(0, 0, Math.log(100), -Infinity));
    expect(conditioned?.jitter).toBeGreaterThan(0);
  });

  it("is less uncertain around points without targets, and predicts the same mean", () => {
    const set = wave(10);
    const hyperparameters = Float64Array.of(Math.log(0.1), Math.log(0.3), 0, Math.log(1e-4));
    const core = createWasmGpCore();
    const at = (some: TrainingSet): readonly number[] => {
      condition(core, some, hyperparameters);
      const [mean, variance] = [new Float64Array(1), new Float64Array(1)];
      core.posterior(Float64Array.of(0.77, 0.31), 1, mean, variance);
      return [mean[0] as number, variance[0] as number];
    };
    const before = at(set);
    const after = at({ ...set, points: Float64Array.of(...set.points, 0.75, 0.3) });
    expect(after[0]).toBeCloseTo(before[0] as number, 12);
    expect(after[1] as number).toBeLessThan(0.2 * (before[1] as number));
  });
});

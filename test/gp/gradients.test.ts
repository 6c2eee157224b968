import { describe, expect, it } from "vitest";
import { LogExpectedImprovement } from "../../src/gp/acquisition.ts";
import { posteriorLoss } from "../../src/gp/fit.ts";
import { hyperparameterSpace } from "../../src/gp/hyperparameters.ts";
import { condition, type FeatureLayout, type TrainingSet } from "../../src/gp/model.ts";
import { createWasmGpCore } from "../../src/numerics/gp-core-wasm.ts";
import { createRng } from "../../src/numerics/rng.ts";
import { centralDifference } from "../support/central-difference.ts";

const rng = createRng("gradients", 0, "sample");

/** Two numeric coordinates, one of them conditional with a flag, and a categorical one. */
const layout: FeatureLayout = {
  numeric: 2,
  mismatch: 2,
  dimensions: 3,
  coordinateOf: Int32Array.of(0, 1, 2, 1),
  scaleOf: Float64Array.of(1, 1, 1, 0.25),
};

const trainingSet = (count: number): TrainingSet => ({
  layout,
  points: Float64Array.from({ length: 4 * count }, (_, index) =>
    index % 4 < 2 ? rng.uniform() : Math.floor(rng.uniform() * 3),
  ),
  targets: Float64Array.from({ length: count }, () => 2 * rng.uniform() - 1),
});

const hyperparameters = (): Float64Array =>
  Float64Array.of(Math.log(0.3), Math.log(0.7), Math.log(1.2), Math.log(1.5), Math.log(0.01)).map(
    (value) => value + rng.uniform() - 0.5,
  );

const expectClose = (found: Float64Array, expected: Float64Array): void => {
  for (const [index, value] of found.entries()) {
    const wanted = expected[index] as number;
    expect(Math.abs(value - wanted)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(wanted)));
  }
};

describe("gradients against central differences, to 1e-6", () => {
  it.each([3, 10, 41])("the posterior density of hyperparameters, %i points", (count) => {
    const core = createWasmGpCore();
    const set = trainingSet(count);
    const space = hyperparameterSpace(layout.dimensions);
    core.setPoints(set.points, count, layout.numeric, layout.mismatch);
    const loss = (x: Float64Array, gradient = new Float64Array(5)): number =>
      posteriorLoss(core, set, space, x, gradient);
    for (let repeat = 0; repeat < 5; repeat++) {
      const x = hyperparameters();
      const gradient = new Float64Array(5);
      loss(x, gradient);
      expectClose(
        gradient,
        centralDifference((at) => loss(at), x),
      );
    }
  });

  it.each([0.5, -0.5, -2, -8])("log expected improvement on a threshold of %d", (threshold) => {
    const core = createWasmGpCore();
    const x = hyperparameters();
    condition(core, trainingSet(20), x);
    const acquisition = new LogExpectedImprovement(core, threshold, Math.exp(x[3] as number), layout.numeric);
    for (let repeat = 0; repeat < 5; repeat++) {
      const point = Float64Array.of(rng.uniform(), rng.uniform(), 1, 0);
      const gradient = new Float64Array(2);
      const value = acquisition.withGradient(point, gradient);
      expect(acquisition.at(point, 1)[0]).toBeCloseTo(value, 9);
      const moved = (numeric: Float64Array): number =>
        acquisition.at(Float64Array.of(numeric[0] as number, numeric[1] as number, 1, 0), 1)[0] as number;
      expectClose(gradient, centralDifference(moved, point.slice(0, 2)));
    }
  });
});

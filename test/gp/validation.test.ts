import { describe, expect, it } from "vitest";
import { condition, type FeatureLayout, type TrainingSet } from "../../src/gp/model.ts";
import { crossValidate, leaveOneOut } from "../../src/gp/validation.ts";
import { createWasmGpCore } from "../../src/numerics/gp-core-wasm.ts";
import { createRng } from "../../src/numerics/rng.ts";

const layout: FeatureLayout = {
  numeric: 2,
  mismatch: 1,
  dimensions: 3,
  coordinateOf: Int32Array.of(0, 1, 2),
  scaleOf: Float64Array.of(1, 1, 1),
};
const rng = createRng("validation", 0, "sample");
const setOf = (count: number, target: (x: number) => number): TrainingSet => {
  const points = Float64Array.from({ length: 3 * count }, (_, i) =>
    i % 3 === 2 ? Math.floor(3 * rng.uniform()) : rng.uniform(),
  );
  return { layout, points, targets: Float64Array.from({ length: count }, (_, i) => target(points[3 * i] as number)) };
};
const errorOf = ({ mean }: { readonly mean: Float64Array }, { targets }: TrainingSet): number =>
  targets.reduce((sum, target, i) => sum + (target - (mean[i] as number)) ** 2, 0) / targets.length;

describe("predictions of targets by a process that has not seen them", () => {
  it("are, left out one by one, what the process says without that point", () => {
    const set = setOf(15, (x) => Math.sin(7 * x));
    const hyperparameters = Float64Array.of(-1, 0, 0.5, 0.2, Math.log(0.01));
    const core = createWasmGpCore();
    const found = leaveOneOut(core, set, hyperparameters);
    for (const [i, target] of set.targets.entries()) {
      const keep = (_: number, index: number): boolean => Math.floor(index / 3) !== i;
      const others = {
        layout,
        points: set.points.filter(keep),
        targets: set.targets.filter((__, index) => index !== i),
      };
      condition(core, others, hyperparameters);
      const [mean, variance] = [new Float64Array(1), new Float64Array(1)];
      core.posterior(set.points.slice(3 * i, 3 * i + 3), 1, mean, variance);
      expect(found?.mean[i]).toBeCloseTo(mean[0] as number, 8);
      // That of an observation, with its noise.
      expect(found?.variance[i]).toBeCloseTo((variance[0] as number) + 0.01, 8);
      expect(Math.abs((found?.mean[i] as number) - target)).toBeGreaterThan(0);
    }
  });

  it("are, in folds, good where the points tell something and no better than the mean where they do not", () => {
    const core = createWasmGpCore();
    const known = setOf(40, (x) => 3 * Math.sin(7 * x));
    const noise = setOf(40, () => 3.46 * (rng.uniform() - 0.5));
    const found = crossValidate(core, known);
    expect(errorOf(found as NonNullable<typeof found>, known)).toBeLessThan(0.1);
    const of = crossValidate(core, noise);
    expect(errorOf(of as NonNullable<typeof of>, noise)).toBeGreaterThan(0.8);
  });
});

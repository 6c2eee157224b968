import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Forest } from "../../src/forest/forest.ts";
import { type ForestSample, growTree, leafOf, orderRows, type Tree } from "../../src/forest/tree.ts";
import { createRng } from "../../src/numerics/rng.ts";
import reference from "./reference/forest.json" with { type: "json" };

const sampleOf = (
  points: readonly (readonly number[])[],
  targets: readonly number[],
  numeric?: number,
): ForestSample => {
  const size = points[0]?.length ?? 0;
  return {
    points: Float64Array.from(points.flat()),
    targets: Float64Array.from(targets),
    size,
    numeric: numeric ?? size,
  };
};
const uniform = (seed = 1): (() => number) => {
  const rng = createRng(String(seed), 0, "forest");
  return () => rng.uniform();
};
const grow = (sample: ForestSample): Tree =>
  growTree(sample, orderRows(sample), new Int32Array(sample.targets.length).fill(1), uniform());

/** Where a row is after so many cuts. */
function nodeAt({ features, values, children }: Tree, row: readonly number[], depth: number): number {
  let node = 0;
  for (let level = 0; level < depth && features[node] !== -1; level++)
    node = (children[node] as number) + ((row[features[node] as number] as number) <= (values[node] as number) ? 0 : 1);
  return node;
}

describe("a regression tree", () => {
  it("parts points as scikit-learn's does", () => {
    for (const { points, targets, leaves } of reference.trees) {
      const sample = sampleOf(points, targets);
      const tree = grow(sample);
      const nodes = points.map((row) => nodeAt(tree, row, 3));
      for (const [i, leaf] of leaves.entries())
        for (const [j, other] of leaves.entries()) expect(nodes[i] === nodes[j]).toBe(leaf === other);
    }
  });

  it("says of each point what was seen there, or the mean where equal points differ", () => {
    const value = fc.integer({ min: 0, max: 3 });
    const some = fc.array(fc.tuple(value, value, value, fc.integer({ min: -5, max: 5 })), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(some, (rows) => {
        // Two numeric features and one of which only equality counts.
        const points = rows.map(([a, b, c]) => [a, b, c]);
        const targets = rows.map((row) => row[3]);
        const sample = sampleOf(points, targets, 2);
        const tree = grow(sample);
        for (const [i, point] of points.entries()) {
          const same = targets.filter((_, j) => String(points[j]) === String(point));
          const mean = same.reduce((a, b) => a + b, 0) / same.length;
          const leaf = leafOf(tree, sample.points, i * 3, 2);
          expect(tree.means[leaf]).toBeCloseTo(mean, 9);
          const variance = same.reduce((sum, each) => sum + (each - mean) ** 2, 0) / same.length;
          expect(tree.variances[leaf]).toBeCloseTo(variance, 9);
        }
      }),
    );
  });
});

describe("a random forest", () => {
  const { points, targets, places, predictions, outOfBagError } = reference.forest;
  const sample = sampleOf(points, targets);

  it("predicts what scikit-learn's does", () => {
    const [mean, variance] = [new Float64Array(places.length), new Float64Array(places.length)];
    new Forest(sample, 500, uniform()).predict(Float64Array.from(places.flat()), places.length, mean, variance);
    const spread = Math.sqrt(targets.reduce((sum, each) => sum + each ** 2, 0) / targets.length);
    for (const [i, expected] of predictions.entries())
      expect(Math.abs((mean[i] as number) - expected)).toBeLessThan(0.15 * spread);
    expect(Math.min(...variance)).toBeGreaterThan(0);
  });

  it("errs as much as scikit-learn's where it has not seen a point", () => {
    const { mean } = new Forest(sample, 500, uniform()).outOfBag();
    const error = targets.reduce((sum, target, i) => sum + (target - (mean[i] as number)) ** 2, 0) / targets.length;
    expect(error / outOfBagError).toBeGreaterThan(0.85);
    expect(error / outOfBagError).toBeLessThan(1.15);
  });

  it("depends on its numbers alone, and says nothing of a point that every tree has seen", () => {
    const place = Float64Array.from(places[0] as readonly number[]);
    const predict = (seed: number): number => {
      const mean = new Float64Array(1);
      new Forest(sample, 10, uniform(seed)).predict(place, 1, mean, new Float64Array(1));
      return mean[0] as number;
    };
    expect(predict(1)).toBe(predict(1));
    expect(predict(2)).not.toBe(predict(1));
    expect(new Forest(sampleOf([[0.5]], [3]), 5, uniform()).outOfBag()).toEqual({
      mean: Float64Array.of(NaN),
      variance: Float64Array.of(NaN),
    });
  });
});

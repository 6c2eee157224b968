import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gridCurve } from "../../src/curves/grid-curve.ts";
import { stepGrid } from "../../src/curves/step-grid.ts";

const whole = fc.tuple(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e12 }));
const fractional = fc.tuple(
  fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
  fc.double({ min: 1, max: 1e9, noNaN: true }),
);

describe("the grid of steps", () => {
  it("ascends from the smallest to the whole training, evenly in the logarithm and in whole numbers where they are", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          whole.map(([min, factor]) => [min, Math.min(min * factor, 2 ** 53 - 1)] as const),
          fractional.map(([min, factor]) => [min, min * factor] as const),
        ),
        ([min, max]) => {
          const steps = stepGrid(min, max);
          expect(steps[0]).toBe(min);
          expect(steps.at(-1)).toBe(max);
          const isWhole = Number.isInteger(min) && Number.isInteger(max);
          if (isWhole) expect(steps.every(Number.isInteger)).toBe(true);
          for (const [index, step] of steps.slice(1).entries()) {
            const before = steps[index] as number;
            expect(step).toBeGreaterThan(before);
            // Only the last step before the top may be left out, and small whole numbers grow faster.
            const most = (index === steps.length - 2 ? 1.5 / 0.85 : 1.5) * (1 + 1e-12);
            expect(step).toBeLessThanOrEqual(isWhole ? Math.max(before + 1, before * most + 1) : before * most);
          }
          if (steps.length > 2) expect(steps.at(-2) as number).toBeLessThanOrEqual(0.85 * max);
          expect(steps.length).toBeLessThan(3 + Math.log(max / min) / Math.log(1.5) + 4);
        },
      ),
    );
  });

  it("is what it is for common budgets", () => {
    expect(stepGrid(1, 27)).toEqual([1, 2, 3, 5, 8, 12, 18, 27]);
    expect(stepGrid(1, 9)).toEqual([1, 2, 3, 5, 9]);
    expect(stepGrid(3, 3)).toEqual([3]);
    expect(stepGrid(0.5, 0.5)).toEqual([0.5]);
    expect(stepGrid(1, 2)).toEqual([1, 2]);
    expect(stepGrid(9, 10)).toEqual([9, 10]);
    expect(stepGrid(0.5, 1)).toEqual([0.5, 0.75, 1]);
  });
});

describe("a curve read at the steps of a grid", () => {
  it("has at each step of the grid the last loss reported by then", () => {
    const { points, last } = gridCurve({ steps: [1, 2.5, 4, 7], losses: [10, 8, 5, 4] }, [1, 2, 3, 5, 9]);
    const slope = (loss: number, before: number, ratio: number): number => (loss - before) / Math.log(ratio);
    expect(points).toEqual([
      { loss: 10, slope: 0 },
      { loss: 10, slope: 0 },
      { loss: 8, slope: slope(8, 10, 2.5) },
      // Half of 4 is 2: step 1 is the last one that is not above.
      { loss: 5, slope: slope(5, 10, 4) },
    ]);
    expect(last).toEqual({ loss: 4, slope: slope(4, 8, 7 / 2.5) });
  });

  it("has no point before its first report", () => {
    const { points, last } = gridCurve({ steps: [3, 6], losses: [2, 1] }, [1, 2, 3, 5, 9]);
    expect(points).toEqual([undefined, undefined, { loss: 2, slope: 0 }, { loss: 2, slope: 0 }]);
    expect(last).toEqual({ loss: 1, slope: -1 / Math.log(2) });
  });

  it("may be one report, before the grid, on it and at its end", () => {
    const only = { loss: 7, slope: 0 };
    expect(gridCurve({ steps: [0.5], losses: [7] }, [1, 2])).toEqual({ points: [], last: only, reached: 0.5 });
    expect(gridCurve({ steps: [1], losses: [7] }, [1, 2])).toEqual({ points: [only], last: only, reached: 1 });
    expect(gridCurve({ steps: [2], losses: [7] }, [1, 2])).toEqual({
      points: [undefined, only],
      last: only,
      reached: 2,
    });
  });
});

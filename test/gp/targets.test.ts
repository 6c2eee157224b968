import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeTargets } from "../../src/gp/targets.ts";

const losses = fc.array(
  fc.integer({ min: -1e6, max: 1e6 }).map((value) => value / 1000),
  { minLength: 1, maxLength: 40 },
);

describe("targets of losses", () => {
  it("keep distances up to the median, and above it ranks alone", () => {
    const { values } = makeTargets([100, 1, 2, 0, 3]);
    const [worst, better, median, best, worse] = values as unknown as readonly number[] as [
      number,
      number,
      number,
      number,
      number,
    ];
    expect((median - best) / (median - better)).toBeCloseTo(2, 12);
    // √((4 + 1 + 0) / 3) times the normal law's quantiles of 0.7 and 0.9.
    expect((worse - median) / (median - better)).toBeCloseTo(1.2909944487358056 * 0.5244005127080407, 12);
    expect((worst - median) / (median - better)).toBeCloseTo(1.2909944487358056 * 1.2815515655446004, 12);
  });

  it("have mean 0 and variance 1 where losses differ, keep their order and their ties, and lead back to them", () => {
    fc.assert(
      fc.property(losses, (some) => {
        const { values, toLoss } = makeTargets(some);
        const size = Math.max(...some.map(Math.abs)) || 1;
        for (const [i, a] of some.entries()) {
          expect(Math.abs(toLoss(values[i] as number) - a)).toBeLessThanOrEqual(1e-9 * size);
          for (const [j, b] of some.entries())
            if (a <= b) expect(values[i] as number).toBeLessThanOrEqual(values[j] as number);
        }
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        expect(mean).toBeCloseTo(0, 6);
        const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
        if (new Set(values).size > 1) expect(variance).toBeCloseTo(1, 6);
      }),
    );
  });

  it("do not see how bad the bad ones are", () => {
    const others = makeTargets([1, 2, 3, 4, 5, 6, 7, 8]).values;
    for (const worst of [1e18, 1e200, Number.MAX_VALUE]) {
      const { values, toLoss } = makeTargets([1, 2, 3, 4, 5, 6, 7, worst]);
      for (const [index, value] of values.entries()) expect(value).toBeCloseTo(others[index] as number, 12);
      expect(toLoss(values[1] as number) / 2).toBeCloseTo(1, 12);
      expect(toLoss(values[7] as number)).toBe(worst);
    }
  });

  it("lead beyond the best loss, and not beyond the worst", () => {
    const { values, toLoss } = makeTargets([1, 2, 3, 4]);
    const [first, second, , last] = values as unknown as readonly [number, number, number, number];
    expect(toLoss(first - (second - first))).toBeCloseTo(0, 12);
    expect(toLoss(last + 1)).toBe(4);
  });

  it.each([[[5, 5, 5]], [[0, 0]], [[1e308, -1e308, 1e308]], [[5e-324, 0, 1e-320]], [[1, 1, 1, 2]], [[-7]]])(
    "are finite for %j",
    (some) => {
      const { values, toLoss } = makeTargets(some);
      for (const value of values) expect(Number.isFinite(value)).toBe(true);
      expect(toLoss(0)).toBeLessThanOrEqual(Math.max(...some));
    },
  );
});

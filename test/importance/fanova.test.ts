import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Axis } from "../../src/importance/axis.ts";
import { mainEffects } from "../../src/importance/fanova.ts";
import type { Sample } from "../../src/importance/tree.ts";
import { createRng } from "../../src/numerics/rng.ts";

const LINE: Axis = { kind: "line", conditions: [] };
const PAIR: Axis = { kind: "choice", count: 2, conditions: [] };
const WHERE_ONE: Axis = { kind: "line", conditions: [{ parent: 0, allowed: Uint8Array.of(0, 1) }] };

/** Points of a cube, uniform; a child's value is taken where its parent, axis 0, is 1. */
function drawn(axes: readonly Axis[], count: number, f: (x: readonly number[]) => number, seed = "points"): Sample {
  const rng = createRng(seed, 0, "sample");
  const points = Array.from({ length: count }, () =>
    axes.map((axis) => (axis.kind === "line" ? rng.uniform() : Math.floor(rng.uniform() * axis.count))),
  );
  const isThere = (axis: Axis, point: readonly number[]): boolean => axis.conditions.length === 0 || point[0] === 1;
  return {
    axes,
    columns: axes.map((axis, index) =>
      Float64Array.from(points, (point) => (isThere(axis, point) ? (point[index] as number) : NaN)),
    ),
    values: Float64Array.from(points, f),
  };
}

const sharesOf = (sample: Sample): number[] => {
  const effects = [...mainEffects(sample)];
  const sum = effects.reduce((total, each) => total + each, 0);
  return effects.map((each) => each / sum);
};

const expectNear = (actual: readonly number[], expected: readonly number[], tolerance: number): void => {
  for (const [index, share] of expected.entries())
    expect(Math.abs((actual[index] as number) - share)).toBeLessThan(tolerance);
};

describe("main effects", () => {
  test("of a sum are the variances of its terms", () => {
    // Var(a·x) = a²/12.
    const effects = mainEffects(drawn([LINE, LINE, LINE, LINE], 1500, ([a = 0, b = 0, c = 0]) => 3 * a + 2 * b + c));
    expectNear([...effects], [9 / 14, 4 / 14, 1 / 14, 0], 0.04);
  });

  test("of a product leave the interaction out", () => {
    // (x − ½)(y − ½) has no main effects; x·y has 3/7 each, and 1/7 together.
    const effects = mainEffects(drawn([LINE, LINE], 1500, ([a = 0, b = 0]) => a * b));
    expectNear([...effects], [3 / 7, 3 / 7], 0.04);
    const crossed = mainEffects(drawn([LINE, LINE], 1500, ([a = 0, b = 0]) => (a - 0.5) * (b - 0.5)));
    expectNear([...crossed], [0, 0], 0.04);
  });

  test("of a choice count all of its values as one", () => {
    // A choice of four of which each adds k: variance 15/12 = 1.25, beside that of 3·x: 0.75.
    const axes: Axis[] = [{ kind: "choice", count: 4, conditions: [] }, LINE];
    expectNear([...mainEffects(drawn(axes, 1000, ([k = 0, x = 0]) => k + 3 * x))], [1.25 / 2, 0.75 / 2], 0.04);
  });

  test("of values that are all equal, and of an axis that is constant, are 0", () => {
    expect([...mainEffects(drawn([LINE, LINE], 20, () => 5))]).toEqual([0, 0]);
    const sample = drawn([LINE, LINE], 40, ([a = 0]) => a);
    expect(
      mainEffects({ ...sample, columns: [sample.columns[0] as Float64Array, new Float64Array(40).fill(0.3)] })[1],
    ).toBe(0);
  });
});

describe("a conditional axis", () => {
  test("has the variance of its values where it is there, as often as it is", () => {
    // Half of the time 2·x is added: ½ · 4/12 = 1/6. The parent: means 0 and 2, variance 1.
    const shares = sharesOf(drawn([PAIR, WHERE_ONE], 1500, ([on = 0, x = 0]) => on * (1 + 2 * x)));
    expectNear(shares, [6 / 7, 1 / 7], 0.02);
  });

  test("that does nothing gets nothing of what its parent does", () => {
    const shares = sharesOf(drawn([PAIR, WHERE_ONE, LINE], 400, ([on = 0, , z = 0]) => on + z));
    expect(shares[1]).toBeLessThan(0.01);
    expectNear(shares, [0.75, 0, 0.25], 0.04);
  });

  test("is found where its parent alone makes no difference", () => {
    const shares = sharesOf(drawn([PAIR, WHERE_ONE, LINE], 400, ([on = 0, x = 0]) => on * (x - 0.5)));
    expect(shares[1]).toBeGreaterThan(0.9);
  });
});

describe("the numbers", () => {
  const values = fc.array(fc.double({ min: -1e300, max: 1e300, noNaN: true }), { minLength: 8, maxLength: 40 });

  test("are parts of a whole, whatever the values are", () => {
    fc.assert(
      fc.property(values, fc.string(), (list, seed) => {
        const sample = drawn([PAIR, WHERE_ONE, LINE], list.length, () => 0, seed);
        const effects = mainEffects({ ...sample, values: Float64Array.from(list) }, { trees: 8 });
        for (const effect of effects) expect(effect >= 0 && effect <= 1).toBe(true);
        expect(effects.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(1 + 1e-9);
      }),
      { endOnFailure: true },
    );
  });

  test("do not depend on the metric's unit or sign", () => {
    const sample = drawn([LINE, PAIR, LINE], 60, ([a = 0, k = 0, b = 0]) => a + k * b);
    const effects = mainEffects(sample);
    for (const scale of [-1, 3, 1e300, 1e-300]) {
      const other = mainEffects({ ...sample, values: sample.values.map((value) => value * scale) });
      expectNear([...other], [...effects], 1e-9);
    }
  });

  test("are the same each time, and depend on the seed little", () => {
    const sample = drawn([LINE, PAIR, LINE], 100, ([a = 0, k = 0, b = 0]) => a + k * b);
    expect(mainEffects(sample)).toEqual(mainEffects(sample));
    const other = mainEffects(sample, { seed: "another" });
    expect(other).not.toEqual(mainEffects(sample));
    expectNear([...other], [...mainEffects(sample)], 0.05);
  });

  test("follow the axes when these are reordered, but for ties that are drawn by lot", () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const sample = drawn([LINE, PAIR, LINE, LINE], 80, ([a = 0, k = 0, b = 0, c = 0]) => a + k * b + 0.3 * c, seed);
        const order = [2, 0, 3, 1];
        const shares = sharesOf(sample);
        const moved = sharesOf({
          ...sample,
          axes: order.map((axis) => sample.axes[axis] as Axis),
          columns: order.map((axis) => sample.columns[axis] as Float64Array),
        });
        expectNear(
          moved,
          order.map((axis) => shares[axis] as number),
          0.02,
        );
      }),
      { numRuns: 10 },
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkParams } from "../../src/space/check-params.ts";
import { decodeParams } from "../../src/space/decode.ts";
import { latticeOf } from "../../src/space/lattice.ts";
import type { OrdinalParameter, Parameter } from "../../src/space/parameter.ts";
import { createSpace } from "../../src/space/space.ts";
import { spaces } from "../support/spaces.ts";

/** The values that are left of one parameter, alone in its space; the parameter itself where it stays whole. */
const thinned = (parameter: Parameter, points = 5): readonly unknown[] | Parameter => {
  const left = latticeOf(createSpace({ x: parameter }), points).parameters["x"] as Parameter;
  return left === parameter ? left : (left as OrdinalParameter).values;
};

describe("the lattice of a space", () => {
  it("has evenly spaced values of a float, ends included, on its own scale", () => {
    expect(thinned({ type: "float", low: -1, high: 1 })).toEqual([-1, -0.5, 0, 0.5, 1]);
    expect(thinned({ type: "float", low: 0, high: 3 }, 2)).toEqual([0, 3]);
    const values = thinned({ type: "float", low: 1e-5, high: 0.1, log: true }) as readonly number[];
    expect(values.map((value) => Number(value.toPrecision(12)))).toEqual([1e-5, 1e-4, 1e-3, 1e-2, 0.1]);
    expect([values[0], values[4]]).toEqual([1e-5, 0.1]);
    expect(thinned({ type: "float", low: -Number.MAX_VALUE, high: Number.MAX_VALUE }, 3)).toEqual([
      -Number.MAX_VALUE,
      0,
      Number.MAX_VALUE,
    ]);
  });

  it("has the ends themselves, whatever is rounded on the way", () => {
    const end = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(end, end, fc.boolean(), (a, b, log) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(low < high);
        const values = thinned({ type: "float", low, high, log }) as readonly number[];
        expect([values[0], values.at(-1)]).toEqual([low, high]);
      }),
    );
  });

  it("has fewer of a range with fewer floats", () => {
    expect(thinned({ type: "float", low: 1, high: 1 + 2 * Number.EPSILON })).toEqual([
      1,
      1 + Number.EPSILON,
      1 + 2 * Number.EPSILON,
    ]);
    expect(thinned({ type: "float", low: 3, high: 3 })).toEqual({ type: "float", low: 3, high: 3 });
  });

  it("has as many values of an int, none twice, ends included, on its own scale", () => {
    expect(thinned({ type: "int", low: 1, high: 9 })).toEqual([1, 3, 5, 7, 9]);
    expect(thinned({ type: "int", low: 0, high: 100, step: 10 }, 3)).toEqual([0, 50, 100]);
    expect(thinned({ type: "int", low: 1, high: 256, log: true })).toEqual([1, 4, 16, 64, 256]);
    expect(thinned({ type: "int", low: 1, high: 6, log: true })).toEqual([1, 2, 3, 4, 6]);
    expect(thinned({ type: "int", low: -(2 ** 53) + 1, high: 2 ** 53 - 1 }, 3)).toEqual([
      -(2 ** 53) + 1,
      0,
      2 ** 53 - 1,
    ]);
  });

  it("leaves whole what has few values, and what was listed or stepped", () => {
    const whole: readonly Parameter[] = [
      { type: "int", low: 1, high: 5 },
      { type: "float", low: 0, high: 1, step: 0.01 },
      { type: "ordinal", values: [1, 2, 4, 8, 16, 32, 64] },
      { type: "categorical", choices: ["a", "b", "c", "d", "e", "f", "g"] },
    ];
    for (const parameter of whole) expect(thinned(parameter)).toBe(parameter);
  });

  it("keeps of a parent a value for each condition", () => {
    const layers: Parameter = { type: "int", low: 1, high: 9 };
    const float = (...values: number[]): Parameter => ({ type: "float", low: 0, high: 1, when: { layers: values } });
    const space = createSpace({ layers, a: float(3, 4), b: float(4, 6), c: float(8), d: float(99) });
    expect(latticeOf(space, 5).parameters["layers"]).toEqual({ type: "ordinal", values: [1, 3, 4, 5, 7, 8, 9] });
  });

  it("is a part of any space", () => {
    fc.assert(
      fc.property(
        spaces,
        fc.integer({ min: 2, max: 9 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (parameters, points, units) => {
          const space = createSpace(parameters);
          const params = decodeParams(latticeOf(space, points), () => units.next().value as number);
          expect(checkParams(space, params, "")).toEqual([]);
          expect(JSON.parse(JSON.stringify(params))).toEqual(params);
        },
      ),
      { numRuns: 500 },
    );
  });
});

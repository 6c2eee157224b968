import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isActive } from "../../src/space/activity.ts";
import { checkParams } from "../../src/space/check-params.ts";
import { checkSpec } from "../../src/space/check-spec.ts";
import { decodeParams, decodeValue, isValidValue } from "../../src/space/decode.ts";
import type { Parameter, ParameterValue } from "../../src/space/parameter.ts";
import { createSpace } from "../../src/space/space.ts";
import { parameter, space } from "./arbitraries.ts";
import { withParameters } from "./example.ts";

const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const edge = fc.constantFrom(0, Number.MIN_VALUE, 0.5, 1 - Number.EPSILON / 2, 1);
const coordinate = fc.oneof(unit, edge);

/** How often each value comes up on a fine, even grid of coordinates. */
function shares(parameterOf: Parameter, points = 10_000): Map<ParameterValue, number> {
  const counts = new Map<ParameterValue, number>();
  for (let point = 0; point < points; point++) {
    const value = decodeValue(parameterOf, (point + 0.5) / points);
    counts.set(value, (counts.get(value) ?? 0) + 1 / points);
  }
  return counts;
}

describe("decodeValue", () => {
  it("gives valid values at any scale", () => {
    fc.assert(
      fc.property(parameter, coordinate, (each, u) => {
        const value = decodeValue(each, u);
        expect(isValidValue(each, value), `${String(value)} of ${JSON.stringify(each)}`).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it("draws only from spaces that the check accepts", () => {
    fc.assert(
      fc.property(space, ({ parameters }) => {
        expect(checkSpec(withParameters(parameters))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, Parameter, number, number]>([
    ["the start", { type: "float", low: -3, high: 5 }, 0, -3],
    ["the middle", { type: "float", low: -3, high: 5 }, 0.5, 1],
    ["the widest range", { type: "float", low: -1e308, high: 1e308 }, 0.75, 5e307],
    ["a range of one value", { type: "float", low: 0.1, high: 0.1, log: true }, 0.7, 0.1],
    ["clean decimals", { type: "float", low: 0.1, high: 1, step: 0.1 }, 0.25, 0.3],
    ["the last step", { type: "float", low: 0, high: 0.3, step: 0.1 }, 0.999, 0.3],
    ["a step that does not divide the range", { type: "float", low: 0, high: 1, step: 0.3 }, 0.999, 0.9],
    ["a step wider than the range", { type: "float", low: 0.2, high: 0.3, step: 7 }, 0.999, 0.2],
    ["tiny steps", { type: "float", low: 1e-300, high: 1e-299, step: 1e-300 }, 0.25, 3e-300],
    ["integers", { type: "int", low: -1, high: 2 }, 0.999, 2],
    ["stepped integers", { type: "int", low: 1, high: 10, step: 4 }, 0.999, 9],
    [
      "all safe integers",
      { type: "int", low: Number.MIN_SAFE_INTEGER, high: Number.MAX_SAFE_INTEGER },
      0,
      Number.MIN_SAFE_INTEGER,
    ],
  ])("decodes %s", (_, each, u, value) => {
    expect(decodeValue(each, u)).toBe(value);
  });

  it("is uniform in the logarithm", () => {
    expect(decodeValue({ type: "float", low: 1e-4, high: 1, log: true }, 0.5)).toBeCloseTo(0.01, 12);
    const widest: Parameter = { type: "float", low: 1e-300, high: 1e300, log: true };
    expect(decodeValue(widest, 0.5)).toBeCloseTo(1, 10);
    expect(Math.log10(Number(decodeValue(widest, 0.25)))).toBeCloseTo(-150, 10);
  });

  it.each<[string, Parameter, readonly ParameterValue[]]>([
    ["integers", { type: "int", low: -2, high: 2 }, [-2, -1, 0, 1, 2]],
    ["stepped integers", { type: "int", low: 0, high: 9, step: 4 }, [0, 4, 8]],
    ["stepped floats", { type: "float", low: 0.1, high: 0.45, step: 0.1 }, [0.1, 0.2, 0.3, 0.4]],
    ["ordinals", { type: "ordinal", values: [16, 32, "all"] }, [16, 32, "all"]],
    ["categoricals", { type: "categorical", choices: [null, false, "x", 0] }, [null, false, "x", 0]],
  ])("gives each of the %s the same share", (_, each, values) => {
    const counts = shares(each);
    expect([...counts.keys()]).toEqual(values);
    for (const share of counts.values()) expect(share).toBeCloseTo(1 / values.length, 3);
  });

  it("gives integers with log a share by the width of their logarithm", () => {
    const counts = shares({ type: "int", low: 1, high: 4, log: true }, 100_000);
    const whole = Math.log(4.5 / 0.5);
    for (const value of [1, 2, 3, 4]) {
      expect(counts.get(value)).toBeCloseTo(Math.log((value + 0.5) / (value - 0.5)) / whole, 4);
    }
  });
});

describe("isValidValue", () => {
  const stepped: Parameter = { type: "float", low: 0.1, high: 0.65, step: 0.1 };

  it.each([0.1, 0.3, 0.6])("takes %f, which is on the steps", (value) => {
    expect(isValidValue(stepped, value)).toBe(true);
  });

  it.each([0.1 + 0.2, 0.65, 0.7, 0, -0.1, 0.15, Number.NaN, Infinity, "0.1", null, undefined])(
    "refuses %s, which is not",
    (value) => {
      expect(isValidValue(stepped, value)).toBe(false);
    },
  );

  it("compares without conversion", () => {
    expect(isValidValue({ type: "ordinal", values: [1, 2] }, "1")).toBe(false);
    expect(isValidValue({ type: "categorical", choices: [null, 0] }, undefined)).toBe(false);
    expect(isValidValue({ type: "int", low: 0, high: 10, step: 5 }, 4)).toBe(false);
    expect(isValidValue({ type: "int", low: 0, high: 10 }, 0.5)).toBe(false);
  });
});

describe("decodeParams", () => {
  it("gives exactly the active parameters, each valid, in the order declared", () => {
    fc.assert(
      fc.property(space, fc.infiniteStream(coordinate), (each, coordinates) => {
        const params = decodeParams(each, () => coordinates.next().value ?? 0);
        expect(checkParams(each, params, "")).toEqual([]);
        expect(Object.keys(params)).toEqual(
          Object.keys(each.parameters).filter((name) => isActive(each, name, params)),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it("asks for the coordinate of an active parameter once, and for no other", () => {
    const nested = createSpace({
      leaf: { type: "float", low: 0, high: 1, when: { middle: ["b"] } },
      middle: { type: "categorical", choices: ["a", "b"], when: { root: [1] } },
      root: { type: "int", low: 0, high: 1 },
      other: { type: "ordinal", values: [3], when: { root: [0] } },
    });
    const asked: string[] = [];
    const params = decodeParams(nested, (name) => {
      asked.push(name);
      return 0.75;
    });
    expect(asked).toEqual(["root", "middle", "leaf"]);
    expect(JSON.stringify(params)).toBe('{"leaf":0.75,"middle":"b","root":1}');
  });

  it("takes null for a value like any other", () => {
    const nullable = createSpace({
      clip: { type: "categorical", choices: [null] },
      child: { type: "int", low: 1, high: 1, when: { clip: [null] } },
    });
    expect(decodeParams(nullable, () => 0)).toEqual({ clip: null, child: 1 });
  });

  it("allows names that objects inherit", () => {
    const one: Parameter = { type: "int", low: 1, high: 1 };
    const inherited = createSpace(
      Object.fromEntries([
        ["constructor", one],
        ["toString", { ...one, when: { constructor: [1] } }],
        ["valueOf", { ...one, when: { constructor: [0] } }],
      ]),
    );
    expect(Object.entries(decodeParams(inherited, () => 0))).toEqual([
      ["constructor", 1],
      ["toString", 1],
    ]);
  });
});

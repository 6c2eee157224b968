import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeValue } from "../../src/space/decode.ts";
import type { Parameter } from "../../src/space/parameter.ts";
import { shareAt } from "../../src/space/shares.ts";

const discrete: fc.Arbitrary<Parameter> = fc.oneof(
  fc
    .tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 300 }))
    .map(([low, span]) => ({ type: "int" as const, low, high: low + span })),
  fc
    .tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 3000 }))
    .map(([low, span]) => ({ type: "int" as const, low, high: low + span, log: true })),
  fc
    .integer({ min: 0, max: 40 })
    .map((count) => ({ type: "float" as const, low: -1, high: count / 10 - 1, step: 0.1 })),
  fc.integer({ min: 1, max: 9 }).map((count) => ({ type: "ordinal" as const, values: [...Array(count).keys()] })),
);

describe("the share of a value", () => {
  it("is where the parameter has that value, and no more", () => {
    fc.assert(
      fc.property(discrete, fc.double({ min: 0, max: 1, noNaN: true }), (parameter, u) => {
        const { low, high } = shareAt(parameter, u) as { low: number; high: number };
        const value = decodeValue(parameter, u);
        const at = (x: number): unknown => decodeValue(parameter, Math.min(Math.max(x, 0), 1));
        const inside = (high === Infinity ? 1 : high) - (low === -Infinity ? 0 : low);
        const little = 1e-9 * inside;
        expect(at(low === -Infinity ? -1 : low + little)).toBe(value);
        expect(at(high === Infinity ? 2 : high - little)).toBe(value);
        if (low !== -Infinity) expect(at(low - little)).not.toBe(value);
        if (high !== Infinity) expect(at(high + little)).not.toBe(value);
      }),
      { numRuns: 500 },
    );
  });

  it("reaches beyond the unit interval at the ends, and a continuous parameter has none", () => {
    expect(shareAt({ type: "int", low: 1, high: 4 }, -3)).toEqual({ low: -Infinity, high: 0.25 });
    expect(shareAt({ type: "int", low: 1, high: 4 }, 7)).toEqual({ low: 0.75, high: Infinity });
    expect(shareAt({ type: "int", low: 3, high: 3 }, 0.5)).toEqual({ low: -Infinity, high: Infinity });
    expect(shareAt({ type: "float", low: 1, high: 4 }, 0.5)).toBeUndefined();
  });
});

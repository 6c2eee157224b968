import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wilson } from "../../src/numerics/wilson.ts";

describe("the interval of a share", () => {
  it.each([
    // Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, 1998, table I, method 3.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("of %d in %d is that of Newcombe's table", (hits, of, low, high) => {
    const share = wilson(hits, of);
    expect([share.low.toFixed(4), share.high.toFixed(4)]).toEqual([low.toFixed(4), high.toFixed(4)]);
    expect(share.rate).toBe(hits / of);
  });

  it("has the bounds from which the seen share is just two standard errors away", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat(), (of, any) => {
        const hits = any % (of + 1);
        const { rate, low, high } = wilson(hits, of);
        expect(0 <= low && low <= rate && rate <= high && high <= 1).toBe(true);
        for (const bound of [low, high])
          expect((rate - bound) ** 2).toBeCloseTo((1.959963984540054 ** 2 * bound * (1 - bound)) / of, 8);
      }),
    );
  });
});

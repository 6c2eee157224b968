import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stack } from "../../src/samplers/stacking.ts";

const logOfMixture = (laws: readonly Float64Array[], shares: readonly number[]): number =>
  (laws[0] as Float64Array).reduce(
    (sum, _, i) =>
      sum + Math.log(laws.reduce((mixed, law, k) => mixed + (shares[k] as number) * Math.exp(law[i] as number), 0)),
    0,
  );

describe("the shares of predictive laws", () => {
  it("are all of the law that is better everywhere, and halves where each is right half of the time", () => {
    const [better] = stack([Float64Array.of(-1, -1, -1), Float64Array.of(-3, -2, -4)]);
    expect(better).toBeGreaterThan(0.99);
    const halves = stack([Float64Array.of(0, -9, 0, -9), Float64Array.of(-9, 0, -9, 0)]);
    for (const share of halves) expect(share).toBeCloseTo(0.5, 2);
  });

  it("are those of no worse a mixture than any other", () => {
    const density = fc.double({ min: -30, max: 5, noNaN: true });
    const laws = fc.integer({ min: 1, max: 12 }).chain((count) =>
      fc.array(
        fc.array(density, { minLength: count, maxLength: count }).map((each) => Float64Array.from(each)),
        { minLength: 1, maxLength: 3 },
      ),
    );
    const parts = fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(laws, parts, (some, others) => {
        const shares = stack(some);
        expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
        const own = others.slice(0, some.length);
        const whole = own.reduce((a, b) => a + b);
        const other = logOfMixture(
          some,
          own.map((each) => each / whole),
        );
        expect(logOfMixture(some, shares)).toBeGreaterThan(other - 0.02 * (some[0] as Float64Array).length);
      }),
    );
  });

  it("are finite for densities that are none", () => {
    expect(stack([Float64Array.of(-1e9, 0), Float64Array.of(-1e10, -1)]).every(Number.isFinite)).toBe(true);
  });
});

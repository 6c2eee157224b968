import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  erfcx,
  log1mexp,
  logEi,
  logEiSlope,
  normalCdf,
  normalLogCdf,
  normalLogPdf,
  normalPdf,
  normalQuantile,
} from "../../src/numerics/normal.ts";
import { centralDifference } from "../support/central-difference.ts";
import reference from "./reference/normal.json" with { type: "json" };

/** Largest error over a table of [argument, value], relative to the value or, where that is less, to `floor`. */
function worst(f: (x: number) => number, table: readonly (readonly number[])[], floor = Number.MIN_VALUE): number {
  const errors = table.map(([x, value]) => {
    const expected = value as number;
    return Math.abs(f(x as number) - expected) / Math.max(Math.abs(expected), floor);
  });
  const error = errors.reduce((largest, each) => (each > largest || Number.isNaN(each) ? each : largest), 0);
  return error;
}

const positive = (table: readonly (readonly number[])[]): readonly (readonly number[])[] =>
  table.filter(([x]) => (x as number) >= 0);

describe("the normal distribution, against more than 50 digits", () => {
  it("erfcx", () => {
    expect(worst(erfcx, positive(reference.erfcx))).toBeLessThan(8e-16);
    expect(worst(erfcx, reference.erfcx)).toBeLessThan(2e-15);
  });

  it("density", () => {
    expect(worst(normalPdf, reference.pdf)).toBeLessThan(8e-16);
    expect(worst(normalLogPdf, reference.logPdf)).toBeLessThan(8e-16);
  });

  it("distribution function", () => {
    expect(worst(normalCdf, reference.cdf)).toBeLessThan(1e-15);
  });

  it("its logarithm, in both tails", () => {
    expect(worst(normalLogCdf, reference.logCdf)).toBeLessThan(1e-15);
  });

  it("log(1 − e⁻ᵃ)", () => {
    expect(worst(log1mexp, reference.log1mexp)).toBeLessThan(8e-16);
  });

  it("quantile", () => {
    expect(worst(normalQuantile, reference.quantile)).toBeLessThan(1e-15);
  });

  it("log of the expected improvement, and its slope", () => {
    expect(worst(logEi, reference.logEi, 1)).toBeLessThan(1e-15);
    expect(worst(logEiSlope, reference.logEiSlope)).toBeLessThan(2e-15);
  });
});

describe("the normal distribution at its ends", () => {
  it("has the limits of mathematics", () => {
    expect([erfcx(-27), erfcx(-Infinity), erfcx(Infinity), erfcx(Number.MAX_VALUE) > 0]).toEqual([
      Infinity,
      Infinity,
      0,
      true,
    ]);
    expect([normalPdf(-1e300), normalPdf(Infinity)]).toEqual([0, 0]);
    expect([-Infinity, -1e300, 1e300, Infinity].map(normalCdf)).toEqual([0, 0, 1, 1]);
    expect([-Infinity, 40, Infinity].map(normalLogCdf)).toEqual([-Infinity, -normalCdf(-40), -0]);
    expect([0, 1, -0.1, 1.1].map(normalQuantile)).toEqual([-Infinity, Infinity, NaN, NaN]);
    expect([log1mexp(0), log1mexp(Infinity)]).toEqual([-Infinity, -0]);
  });

  it("gives NaN for NaN", () => {
    for (const f of [erfcx, log1mexp, logEi, logEiSlope, normalCdf, normalLogCdf, normalLogPdf, normalPdf]) {
      expect(f(NaN)).toBeNaN();
    }
    expect(normalQuantile(NaN)).toBeNaN();
  });

  it("is finite wherever log EI is promised", () => {
    for (const z of [-1e150, -1e100, -1e10, -1e-300, 0, 1e-300, 1e10, 1e150]) {
      expect(Number.isFinite(logEi(z)) && Number.isFinite(logEiSlope(z))).toBe(true);
    }
    expect(logEiSlope(-1e8)).toBeCloseTo(1e8, 6);
  });
});

describe("properties of the normal distribution", () => {
  const tails = fc.double({ min: 2 ** -50, max: 0.5, noNaN: true });

  it("the quantile is odd about ½, exactly", () => {
    fc.assert(
      fc.property(tails, (tail) => {
        const upper = 1 - tail;
        expect(normalQuantile(upper)).toBe(0 - normalQuantile(1 - upper));
      }),
    );
  });

  it("the quantile inverts the distribution function", () => {
    fc.assert(fc.property(tails, (p) => Math.abs(normalCdf(normalQuantile(p)) - p) < 5e-14 * p));
  });

  it("log EI and log Φ never fall", () => {
    const z = fc.double({ min: -50, max: 20, noNaN: true });
    fc.assert(fc.property(z, (at) => logEi(at + 1e-6) > logEi(at) && normalLogCdf(at + 1e-6) >= normalLogCdf(at)));
  });

  it("the slope of log EI is its derivative", () => {
    fc.assert(
      fc.property(fc.double({ min: -100, max: 100, noNaN: true }), (z) => {
        const [slope] = centralDifference(([x]) => logEi(x as number), Float64Array.of(z));
        expect(Math.abs((slope as number) / logEiSlope(z) - 1)).toBeLessThan(1e-7);
      }),
    );
  });
});

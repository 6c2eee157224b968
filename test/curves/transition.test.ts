import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { chanceToBeat, expectedImprovement } from "../../src/curves/student-t.ts";
import { Transition, type Prior } from "../../src/curves/transition.ts";

interface Reference {
  readonly transitions: readonly {
    readonly samples: readonly (readonly [number, number, number])[];
    readonly best: number;
    readonly spread: number;
    readonly stretch: number;
    readonly whole: number;
    readonly queries: readonly (readonly [number, number])[];
    readonly predicted: Readonly<Record<Prior, readonly (readonly [number, number, number])[]>>;
  }[];
  readonly tails: readonly (readonly [number, number])[];
  readonly gains: readonly (readonly [number, number])[];
}

const { transitions, tails, gains } = JSON.parse(
  readFileSync(new URL("reference/curves.json", import.meta.url), "utf8"),
) as Reference;

const relative = (value: number, expected: number): number => Math.abs(value - expected) / Math.abs(expected);

describe("a transition between two steps", () => {
  const cases = (["informative", "weak"] as const).flatMap((prior) =>
    transitions.map((each) => [prior, each.samples.length, each.spread, each] as const),
  );
  it.each(cases)(
    "predicts as the regression of the reference, prior %s: %i samples, spread %d",
    (prior, _, spread, { samples, best, stretch, whole, queries, predicted }) => {
      const transition = new Transition(
        samples.map(([loss, slope, to]) => ({ from: { loss, slope }, to })),
        best,
        spread,
        stretch,
        whole,
        prior,
      );
      for (const [index, [loss, slope]] of queries.entries()) {
        const expected = predicted[prior][index] as readonly [number, number, number];
        const { mean, deviation, gain } = transition.predict({ loss, slope });
        expect(Math.abs(mean - expected[0]) / spread).toBeLessThan(1e-9 * (1 + Math.abs(best) / spread));
        expect(relative(deviation, expected[1])).toBeLessThan(1e-9);
        expect(Math.abs(gain - expected[2])).toBeLessThan(1e-9);
      }
    },
  );
});

describe("the chance to beat a loss", () => {
  it("is the cumulative distribution of Student's t with three degrees of freedom, far out as well", () => {
    for (const [unit, probability] of tails)
      expect(relative(chanceToBeat({ mean: 5, deviation: 1 }, 5 + unit), probability)).toBeLessThan(1e-8);
    for (const [unit, probability] of tails.filter(([each]) => Math.abs(each) < 20))
      expect(relative(chanceToBeat({ mean: -2 * unit, deviation: 2 }, 0), probability)).toBeLessThan(1e-12);
  });

  it("is certain where the end was seen, and a number in every limit", () => {
    expect(chanceToBeat({ mean: 1, deviation: 0 }, 2)).toBe(1);
    expect(chanceToBeat({ mean: 1, deviation: 0 }, 1)).toBe(0);
    expect(chanceToBeat({ mean: 2, deviation: 0 }, 1)).toBe(0);
    expect(chanceToBeat({ mean: 1, deviation: 1e-300 }, 1)).toBe(0.5);
    // Quotients beyond the largest number.
    expect(chanceToBeat({ mean: 1e300, deviation: 1e-300 }, -1e300)).toBe(0);
    expect(chanceToBeat({ mean: -1e300, deviation: 1e-300 }, 1e300)).toBe(1);
    expect(chanceToBeat({ mean: 0, deviation: 1e300 }, 1e-300)).toBe(0.5);
  });

  it("falls with the mean and never leaves 0 … 1", () => {
    let last = 1;
    for (let mean = -400; mean <= 400; mean += 0.5) {
      const chance = chanceToBeat({ mean, deviation: 1 }, 0);
      expect(chance).toBeLessThan(last);
      expect(chance).toBeGreaterThan(0);
      last = chance;
    }
  });
});

describe("the expected improvement on a loss", () => {
  it("is that of the same law, far out as well", () => {
    for (const [unit, gain] of gains) {
      expect(relative(expectedImprovement({ mean: 5, deviation: 1 }, 5 + unit), gain)).toBeLessThan(1e-7);
      expect(relative(expectedImprovement({ mean: -2 * unit, deviation: 2 }, 0), 2 * gain)).toBeLessThan(1e-7);
    }
  });

  it("is the difference where the end was seen", () => {
    expect(expectedImprovement({ mean: 1, deviation: 0 }, 3)).toBe(2);
    expect(expectedImprovement({ mean: 3, deviation: 0 }, 1)).toBe(0);
  });
});

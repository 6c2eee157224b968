import { describe, expect, it } from "vitest";
import { importBench } from "./import-bench.ts";

interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const { bootstrap, pair, ranks, wilson, winRate } = await importBench<{
  readonly ranks: (values: readonly number[]) => number[];
  readonly pair: (first: ReadonlyMap<number, number>, second: ReadonlyMap<number, number>) => [number, number][];
  readonly winRate: (pairs: readonly (readonly [number, number])[]) => number;
  readonly bootstrap: (
    differences: readonly (readonly number[])[],
    options?: { readonly draws?: number; readonly level?: number; readonly seed?: string },
  ) => Interval;
  readonly wilson: (successes: number, trials: number) => Interval & { readonly share: number };
}>("statistics.mjs");

describe("ranks", () => {
  it("share the mean of their places among equal values", () => {
    expect(ranks([0.3, 0.1, 0.3, 0.2])).toEqual([3.5, 1, 3.5, 2]);
    expect(ranks([5, 5, 5])).toEqual([2, 2, 2]);
  });
});

describe("pairs", () => {
  it("are those of common seeds, by ascending seed", () => {
    const first = new Map([
      [9, 1],
      [2, 2],
      [3, 3],
    ]);
    const second = new Map([
      [2, 20],
      [4, 40],
      [9, 90],
    ]);
    expect(pair(first, second)).toEqual([
      [2, 20],
      [1, 90],
    ]);
  });

  it("are won by the smaller value, and half by an equal one", () => {
    expect(
      winRate([
        [1, 2],
        [2, 2],
        [3, 2],
        [0, 2],
      ]),
    ).toBe(0.625);
  });
});

describe("the bootstrap", () => {
  it("weighs problems alike, however many seeds each has", () => {
    expect(bootstrap([[1, 1, 1, 1], [-1]]).mean).toBe(0);
  });

  it("knows no doubt about a constant", () => {
    expect(bootstrap([[0.25, 0.25], [0.25]])).toEqual({ mean: 0.25, low: 0.25, high: 0.25 });
  });

  it("draws problems: two of them give 0, 1/2 and 1 with chances 1/4, 1/2 and 1/4", () => {
    expect(bootstrap([[0], [1]])).toEqual({ mean: 0.5, low: 0, high: 1 });
    expect(bootstrap([[0], [1]], { level: 0.4 })).toEqual({ mean: 0.5, low: 0.5, high: 0.5 });
    expect(bootstrap([[0], [1]], { level: 0.6 })).toEqual({ mean: 0.5, low: 0, high: 1 });
  });

  it("draws seeds within a problem", () => {
    expect(bootstrap([[0, 1]], { level: 0.4 })).toEqual({ mean: 0.5, low: 0.5, high: 0.5 });
    expect(bootstrap([[0, 1]], { level: 0.6 })).toEqual({ mean: 0.5, low: 0, high: 1 });
  });

  it("is the same for the same arguments, and another for another seed", () => {
    const differences = [
      [0.1, 0.3, -0.2],
      [0.7, -0.4],
    ];
    const few = (seed: string): Interval => bootstrap(differences, { draws: 20, seed });
    expect(few("a")).toEqual(few("a"));
    expect(few("a")).not.toEqual(few("b"));
  });
});

describe("Wilson's interval", () => {
  it("ends at the chances from which the share is 1.96 standard deviations away", () => {
    for (const [successes, trials] of [
      [0, 10],
      [3, 10],
      [50, 55],
      [7, 7],
    ] as const) {
      // prettier-ignore
      const { share, low, high } = wilson(successes, trials);
      expect(share).toBe(successes / trials);
      for (const chance of [low, high])
        expect(trials * (share - chance) ** 2).toBeCloseTo(1.959963984540054 ** 2 * chance * (1 - chance), 10);
      expect(low).toBeLessThan(high);
      expect(share).toBeGreaterThanOrEqual(low - 1e-12);
      expect(share).toBeLessThanOrEqual(high + 1e-12);
    }
    expect(wilson(0, 0)).toEqual({ share: NaN, low: 0, high: 1 });
  });
});

import { describe, expect, it } from "vitest";
import { leavePlateaus } from "../../src/samplers/plateau.ts";
import type { Acquisition } from "../../src/samplers/search-acquisition.ts";
import { runVirtual } from "../support/virtual-study.ts";

const flat: Acquisition = { at: (_, count) => new Float64Array(count), withGradient: () => 0 };
const line = (points: readonly number[]): Parameters<typeof leavePlateaus>[1] => ({
  points: Float64Array.from(points),
  weights: Float64Array.of(1),
  numeric: 1,
});
const values = (acquisition: Acquisition, points: readonly number[]): number[] => [
  ...acquisition.at(Float64Array.from(points), points.length),
];

describe("an acquisition that leaves plateaus", () => {
  it("is the same where no two losses are equal", () => {
    expect(leavePlateaus(flat, line([0.1, 0.2, 0.3]), [1, 2, 3])).toBe(flat);
    // Failures say nothing of a value.
    expect(leavePlateaus(flat, line([0.1, 0.2, 0.3]), [undefined, undefined, 3])).toBe(flat);
  });

  it("is least as near to a trial as trials with equal losses are to each other", () => {
    const acquisition = leavePlateaus(flat, line([0.2, 0.25, 0.6, 0.9]), [1, 1, 2, 3]);
    const [beside, near, far, other] = values(acquisition, [0.24, 0.29, 0.4, 0.64]) as [number, number, number, number];
    expect(far).toBe(0);
    for (const known of [beside, near, other]) expect(known).toBeLessThan(-1000);
    expect(acquisition.withGradient?.(Float64Array.of(0.24), new Float64Array(1))).toBe(beside);
  });

  it("goes by pairs of which half are equal, not by single ones far apart", () => {
    // 0.1 and 0.9 agree by chance; all that lies between differs.
    const acquisition = leavePlateaus(flat, line([0.1, 0.3, 0.5, 0.7, 0.9]), [1, 2, 3, 4, 1]);
    expect(values(acquisition, [0.2, 0.9])).toEqual([0, 0]);
  });

  it("takes a parameter without effect for no way out", () => {
    const rows = {
      points: Float64Array.of(0.5, 0.1, 0.5, 0.9, 0.2, 0.5),
      weights: Float64Array.of(1, 1e-9),
      numeric: 2,
    };
    const acquisition = leavePlateaus(flat, rows, [1, 1, 2]);
    const [same, moved] = acquisition.at(Float64Array.of(0.5, 0.45, 0.55, 0.1), 2) as unknown as [number, number];
    expect(same).toBeLessThan(-1000);
    expect(moved).toBe(0);
  });
});

it("lets a Gaussian process see more of a loss made of steps than one value over and over", async () => {
  const { history } = await runVirtual({
    spec: {
      name: "steps",
      metric: { name: "loss", goal: "minimize" },
      parameters: Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, { type: "float", low: 0, high: 1 }])),
      strategy: { sampler: "gp", scheduler: "full" },
      stop: { trials: 50 },
      seed: 1,
    },
    objective: {
      loss: ({ params }) =>
        ["a", "b", "c", "d"].reduce((sum, name) => sum + Math.abs(Math.floor(5 * Number(params[name])) - 3), 0),
    },
  });
  const cells = new Set(
    history.trials.map(({ params }) =>
      Object.values(params)
        .map((x) => Math.floor(5 * Number(x)))
        .join(),
    ),
  );
  expect(cells.size).toBeGreaterThan(35);
  expect(Math.min(...history.trials.map(({ value }) => value as number))).toBe(0);
});

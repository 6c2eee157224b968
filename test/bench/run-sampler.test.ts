import seedrandom from "seedrandom";
import { describe, expect, it } from "vitest";
import { importBench } from "./import-bench.ts";
import type { Problem } from "./problem.ts";

interface Row {
  readonly trial: number;
  readonly state: string;
  readonly value: number | null;
  readonly best: number | null;
  readonly nregret: number | null;
  readonly resource_used: number;
  readonly sim_s: number;
  readonly number?: number;
  readonly clock?: number;
  readonly nearest_pending?: number | null;
}

const { runSampler } = await importBench<{
  readonly runSampler: (problem: Problem, options: Readonly<Record<string, unknown>>) => Promise<Row[]>;
}>("run-sampler.mjs");

const line: Problem = {
  id: "line",
  parameters: { x: { type: "float", low: 0, high: 10 } },
  evaluate: (params) => ({ loss: params["x"] as number, cost: 2 }),
  nregret: (loss) => loss / 5,
};
const study = { method: "random", sampler: "random", seed: 3, trials: 12 };

describe("a run of a sampler", () => {
  it("has a row for each trial, with the best so far and its regret", async () => {
    const rows = await runSampler(line, study);
    let best = Infinity;
    expect(rows).toHaveLength(12);
    for (const [index, row] of rows.entries()) {
      best = Math.min(best, row.value as number);
      expect(row).toMatchObject({ trial: index, state: "COMPLETE", best, inc_final: best, nregret: best / 5 });
      expect(row).toMatchObject({ problem: "line", method: "random", seed: 3, step: null });
      expect([row.resource_used, row.sim_s]).toEqual([index + 1, 2 * (index + 1)]);
      expect(row).not.toHaveProperty("clock");
    }
  });

  it("tells a loss that is no number as failed, and goes on when the first ones all are", async () => {
    let calls = 0;
    const diverging = { ...line, evaluate: () => ({ loss: ++calls <= 5 ? NaN : 1e18, cost: null }) };
    const rows = await runSampler(diverging, study);
    expect(rows.map(({ state }) => state)).toEqual([
      ...Array.from({ length: 5 }, () => "FAIL"),
      ...Array.from({ length: 7 }, () => "COMPLETE"),
    ]);
    expect(rows[4]).toMatchObject({ value: null, best: null, nregret: null });
    expect(rows[5]).toMatchObject({ value: 1e18, best: 1e18 });
  });

  it("repeats what was reached where the space ran out", async () => {
    const few: Problem = { ...line, parameters: { x: { type: "int", low: 4, high: 7 } } };
    for (const slots of [1, 8]) {
      const rows = await runSampler(few, { ...study, sampler: "gp", slots });
      expect(rows.map(({ state }) => state)).toEqual([
        ...Array.from({ length: 4 }, () => "COMPLETE"),
        ...Array.from({ length: 8 }, () => "EXHAUSTED"),
      ]);
      expect(rows[11]).toMatchObject({ trial: 11, value: null, best: 4, nregret: 0.8, resource_used: 4 });
    }
  });
});

describe("slots on a virtual clock", () => {
  const SLOTS = 3;

  /** The order of ends of an ideal queue of 12 trials, each on the slot that is free first. */
  function schedule(lasts: (number: number) => number): { number: number; clock: number }[] {
    const free = Array.from({ length: SLOTS }, () => 0);
    return Array.from({ length: 12 }, (_, number) => {
      const slot = free.indexOf(Math.min(...free));
      free[slot] = (free[slot] as number) + lasts(number);
      return { number, clock: free[slot] };
    }).sort((a, b) => a.clock - b.clock);
  }

  it("tell the trial that ends first, then ask for one more", async () => {
    const rows = await runSampler(line, { ...study, slots: SLOTS });
    const expected = schedule((number) => 0.5 + seedrandom(`3/${number}`)());
    expect(rows.map(({ number }) => number)).toEqual(expected.map(({ number }) => number));
    expect(rows.map(({ number }) => number)).not.toEqual(rows.map(({ trial }) => trial));
    for (const [index, { clock }] of expected.entries()) expect(rows[index]?.clock).toBeCloseTo(clock, 3);
  });

  it("may take as long as the problem's cost says", async () => {
    const slowLow = { ...line, evaluate: ({ x }: { x: number }) => ({ loss: x, cost: 11 - x }) } as Problem;
    const rows = await runSampler(slowLow, { ...study, slots: SLOTS, duration: "cost" });
    const byNumber = new Map(rows.map((row) => [row.number, 11 - (row.value as number)]));
    const expected = schedule((number) => byNumber.get(number) as number);
    expect(rows.map(({ number }) => number)).toEqual(expected.map(({ number }) => number));
  });

  it("note how near a suggestion was to what was pending then", async () => {
    const rows = await runSampler(line, { ...study, slots: SLOTS });
    const byNumber = rows.toSorted((a, b) => (a.number as number) - (b.number as number));
    const [first, second, third] = byNumber.map(({ value }) => (value as number) / 10) as [number, number, number];
    expect(byNumber[0]?.nearest_pending).toBeNull();
    expect(byNumber[1]?.nearest_pending).toBeCloseTo(Math.abs(second - first), 12);
    expect(byNumber[2]?.nearest_pending).toBeCloseTo(Math.min(Math.abs(third - first), Math.abs(third - second)), 12);
  });
});

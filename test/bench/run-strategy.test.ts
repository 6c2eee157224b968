import seedrandom from "seedrandom";
import { describe, expect, it } from "vitest";
import { importBench } from "./import-bench.ts";
import type { Problem } from "./problem.ts";

type Curve = readonly (readonly [step: number, loss: number, cost: number])[];

interface CurveProblem extends Problem {
  readonly steps: number;
  readonly curve: (params: Parameters<Problem["evaluate"]>[0], last: number) => Curve;
  readonly anyRegret?: (loss: number) => number;
}

interface Row {
  readonly [column: string]: unknown;
  readonly state: string;
  readonly value: number | null;
  readonly step: number;
  readonly number: number;
  readonly start_step: number;
  readonly resource_used: number;
  readonly clock: number;
}

const { runStrategy } = await importBench<{
  readonly runStrategy: (problem: CurveProblem, options: Readonly<Record<string, unknown>>) => Promise<Row[]>;
}>("run-strategy.mjs");

const STEPS = 9;

/** A problem with one parameter, whose loss after each step is `loss`, and of which each step costs 2. */
function problemOf(loss: (x: number, step: number) => number): CurveProblem {
  return {
    id: "curves",
    parameters: { x: { type: "float", low: 0, high: 10 } },
    steps: STEPS,
    evaluate: ({ x }) => ({ loss: loss(x as number, STEPS), cost: 2 * STEPS }),
    curve: ({ x }, last) =>
      Array.from({ length: last }, (_, index) => [index + 1, loss(x as number, index + 1), 2 * (index + 1)] as const),
    nregret: (value) => value / 5,
    anyRegret: (value) => value / 50,
  };
}

const falling = problemOf((x, step) => x + 10 / step);
const options = { method: "m", strategy: "random", seed: 3, units: 3 };

async function run(problem: CurveProblem, change: Readonly<Record<string, unknown>>): Promise<[Row[], Row]> {
  const rows = await runStrategy(problem, { ...options, ...change });
  return [rows.slice(0, -1), rows.at(-1) as Row];
}

describe("a study of learning curves", () => {
  it("has a row for each run's end, with the best so far and what its configuration has at full fidelity", async () => {
    const [rows, stops] = await run(falling, {});
    let best = Infinity;
    expect(rows).toHaveLength(3);
    for (const [index, row] of rows.entries()) {
      best = Math.min(best, row.value as number);
      expect(row).toMatchObject({ problem: "curves", method: "m", seed: 3, trial: index, state: "COMPLETE", step: 9 });
      expect(row).toMatchObject({ best, inc_final: best, nregret: best / 5, nregret_any: best / 50 });
      expect([row.resource_used, row["sim_s"]]).toEqual([9 * (index + 1), 18 * (index + 1)]);
    }
    expect(stops).toMatchObject({ kind: "stops", units: 3, steps: 9, sampler: "random", scheduler: "full" });
    expect(stops).toMatchObject({ trials: 3, full: 3, stopped: 0, paused: 0, nregret: best / 5, resource_used: 27 });
  });

  it("takes the best at any step, and its configuration's loss at the last", async () => {
    const rising = problemOf((x, step) => (step === 1 ? x : x + 20));
    const [rows] = await run(rising, {});
    const firsts = rows.map(({ value }) => (value as number) - 20);
    expect(rows.at(-1)?.["best"]).toBeCloseTo(Math.min(...firsts), 12);
    expect(rows.at(-1)?.["inc_final"]).toBeCloseTo(Math.min(...firsts) + 20, 12);
  });

  // Hyperband of 1 to 9 steps begins with 9 trials of 1, the best 3 to 3, the best 1 to 9.
  it("pays for new steps only, where each is saved", async () => {
    const [rows] = await run(falling, { strategy: "random+hyperband" });
    const bracket = rows.slice(0, 13);
    expect(bracket.map(({ start_step: start }) => start)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 4]);
    expect(bracket.map(({ step }) => step)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 9]);
    expect(bracket.map(({ state }) => state)).toEqual([...Array.from({ length: 12 }, () => "PAUSED"), "COMPLETE"]);
    expect([bracket.at(-1)?.resource_used, bracket.at(-1)?.["sim_s"]]).toEqual([9 + 3 * 2 + 6, 2 * 21]);
  });

  it("pays again where nothing is saved", async () => {
    const [rows] = await run(falling, { strategy: "random+hyperband", resume: false });
    expect(rows[12]).toMatchObject({ state: "COMPLETE", start_step: 1, resource_used: 9 + 3 * 3 + 9 });
  });

  it("cuts the run in which the budget is used up", async () => {
    const [rows, stops] = await run(falling, { strategy: "random+hyperband", units: 2 });
    expect(rows).toHaveLength(13);
    expect(rows.at(-1)).toMatchObject({ state: "STOPPED", start_step: 4, step: 6, resource_used: 18 });
    expect(stops).toMatchObject({ trials: 9, full: 0, stopped: 8, paused: 1 });
  });

  it("fails a run at a loss that is no number, which is paid for, and goes on when all do", async () => {
    const diverging = problemOf((x, step) => (step > 4 ? NaN : x));
    const [rows, stops] = await run(diverging, { units: 6 });
    const failed = { state: "FAIL", value: null, step: 5, inc_final: null, nregret: null };
    expect(rows).toHaveLength(11);
    for (const [index, row] of rows.slice(0, 10).entries())
      expect(row).toMatchObject({ ...failed, resource_used: 5 * (index + 1) });
    expect(rows[10]).toMatchObject({ state: "STOPPED", step: 4, resource_used: 54 });
    expect(stops).toMatchObject({ failed: 10, paused: 1, best_lost: null });
  });

  it("ends a run that the scheduler stops", async () => {
    const [rows, stops] = await run(falling, { strategy: "random+median", units: 10 });
    const pruned = rows.filter(({ state }) => state === "PRUNED");
    expect(pruned.length).toBeGreaterThan(0);
    for (const { step } of pruned) expect(step).toBeLessThan(9);
    expect(stops["stopped"]).toBe(pruned.length);
  });

  it("may have the strategy of a spec without one", async () => {
    const [, stops] = await run(falling, { strategy: "default", units: 1 });
    expect(stops).toMatchObject({ sampler: "auto", scheduler: "curve" });
  });
});

describe("slots on a virtual clock", () => {
  it("do a step each, the one that ends first before the others", async () => {
    const [rows, stops] = await run(falling, { slots: 3, units: 6 });
    const pace = (number: number): number => 0.5 + seedrandom(`3/${number}`)();
    const free = [0, 0, 0];
    const ends = new Map<number, number>();
    for (let number = 0; number < 12; number++) {
      const slot = free.indexOf(Math.min(...free));
      free[slot] = (free[slot] as number) + 9 * pace(number);
      ends.set(number, free[slot]);
    }
    const cut = rows.filter(({ state }) => state === "STOPPED");
    const whole = rows.filter(({ state }) => state === "COMPLETE");
    expect(whole.length).toBeGreaterThan(3);
    for (const { number, clock } of whole) expect(clock).toBeCloseTo(ends.get(number) as number, 3);
    const ordered = whole.map(({ number }) => number);
    expect(ordered).toEqual(ordered.toSorted((a, b) => (ends.get(a) as number) - (ends.get(b) as number)));
    // All steps that are paid for are some run's.
    expect(rows.reduce((sum, { step, start_step: start }) => sum + step - start + 1, 0)).toBe(54);
    expect(rows.at(-1)).toMatchObject({ resource_used: 54, slots: 3, busy: 1 });
    for (const { clock } of cut) expect(clock).toBe(stops.clock);
  });

  it("may take as long as the steps cost", async () => {
    const [rows] = await run(falling, { slots: 3, units: 6, duration: "cost" });
    expect(rows.slice(0, 3).map(({ clock }) => clock)).toEqual([18, 18, 18]);
  });

  it("are idle while all that could start waits for an open run", async () => {
    const few = { ...falling, parameters: { x: { type: "int", low: 1, high: 2 } } } as const;
    const [rows, stops] = await run(few, { slots: 4, units: 3 });
    expect(rows).toHaveLength(2);
    const [short, long] = rows.map(({ clock }) => clock) as [number, number];
    expect(stops["busy"]).toBeCloseTo((short + long) / (4 * long), 3);
  });

  it("may be many", async () => {
    const [rows, stops] = await run(falling, { strategy: "random+hyperband", slots: 64, units: 20 });
    expect(rows.reduce((sum, { step, start_step: start }) => sum + step - start + 1, 0)).toBe(180);
    expect(rows.at(-1)?.resource_used).toBe(180);
    expect(stops["busy"]).toBeGreaterThan(0.5);
  });
});

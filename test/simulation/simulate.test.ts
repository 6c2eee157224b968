import { describe, expect, test } from "vitest";
import type { ComponentSettings } from "../../src/history/settings.ts";
import { record } from "../../src/simulation/recording.ts";
import { settingsOf, simulate } from "../../src/simulation/simulate.ts";
import type { Simulation } from "../../src/simulation/simulation.ts";
import type { RunOutcome } from "../../src/history/events.ts";
import { runVirtual } from "../support/virtual-study.ts";
import { CROSSING, type Curves, recordCurves, spec } from "./recorded.ts";

/** Small studies whose answers are counted by hand. */

const median = (startup: number): ComponentSettings => ({ name: "median", percentile: 50, startup, warmup: 0 });

const fates = ({ trials }: Simulation): unknown => trials.map(({ fate, steps }) => [fate, steps]);

describe("six full trials whose winner begins worst", () => {
  test("the median rule stops it at its first step, and says what that loses", async () => {
    const recording = record(await recordCurves(CROSSING));
    const simulation = await simulate(recording, median(5), 1);
    // 5 trials of 4 epochs and 1 epoch; at 1, 2, … 6 ms an epoch.
    expect(simulation).toMatchObject({
      steps: 21,
      slotTime: 66,
      makespan: 66,
      complete: 5,
      stopped: 1,
      failed: 0,
      beyond: 0,
      untried: 0,
      best: { trial: 3, value: 1, budget: 4 },
      stops: { known: 1, wrong: 1, missed: 1 },
      lostBest: { number: 5, fate: "stopped", reached: 1, recordedValue: 0.5, stoppedWrongly: true, missed: true },
    });
    expect(simulation.saved.steps).toBeCloseTo(3 / 24, 12);
    expect(simulation.saved.slotTime).toBeCloseTo(18 / 84, 12);
    expect(simulation.saved.makespan).toBeCloseTo(18 / 84, 12);
    expect(simulation.lostBest?.reason).toBe(
      "stopped at step 1: its best loss by then, 9, is worse than 6, the median of 5 completed trials",
    );
  });

  test("a stop may be wrong when it comes and lose nothing at the end", async () => {
    // Trial 2 ends at 1.5: better than the 2 that was known when it was stopped, worse than the 1 that came after.
    const simulation = await simulate(record(await recordCurves(CROSSING)), median(2), 1);
    expect(fates(simulation)).toEqual([
      ["complete", 4],
      ["complete", 4],
      ["stopped", 1],
      ["complete", 4],
      ["stopped", 1],
      ["stopped", 1],
    ]);
    expect(simulation.stops).toEqual({ known: 3, wrong: 2, missed: 1 });
    expect(simulation.trials.map(({ stoppedWrongly, missed }) => [stoppedWrongly, missed])).toEqual([
      [false, false],
      [false, false],
      [true, false],
      [false, false],
      [false, false],
      [true, true],
    ]);
  });

  test.each<["after" | undefined, number, readonly number[]]>([
    // Rungs of 1, 2 and 4 epochs: without checkpoints each promotion does all of it again.
    [undefined, 20, [3, 1, 1, 7, 6, 2]],
    ["after", 14, [2, 1, 1, 4, 4, 2]],
  ])("hyperband resumes from the checkpoints that were recorded (%s)", async (checkpoints, steps, each) => {
    const events = await recordCurves(CROSSING, checkpoints && { objective: { checkpoints } });
    const simulation = await simulate(record(events), { name: "hyperband" }, 1);
    expect(simulation.trials.map((trial) => trial.steps)).toEqual(each);
    expect(simulation).toMatchObject({ steps, complete: 2, stopped: 4, best: { trial: 3, value: 1 }, beyond: 0 });
    expect(simulation.lostBest).toMatchObject({
      number: 5,
      reached: 2,
      reason: "dropped: 8 after 2 epochs is rank 2 of 2 in bracket 1; only the best goes on, with 7",
    });
  });

  test("two slots share the work, at each trial's own pace", async () => {
    const recording = record(await recordCurves(CROSSING, { slots: 2 }));
    expect(recording.slots).toBe(2);
    // cpu-0: trial 0 until 4, trial 2 until 16, trial 4 until 36; cpu-1: trial 1 until 8, trial 3 until 24, trial 5 until 48.
    expect(await simulate(recording, { name: "full" }, 2)).toMatchObject({ makespan: 48, slotTime: 84, steps: 24 });
  });

  test("all configurations are tried as recorded, and nothing else", async () => {
    const recording = record(await recordCurves(CROSSING));
    const { enqueue, stop } = settingsOf(recording, { name: "full" }, 1);
    expect(enqueue).toEqual(recording.history.trials.map(({ params }) => params));
    expect(new Set(enqueue.map(({ x }) => x)).size).toBe(6);
    expect(stop).toEqual({ trials: 6, time: null, value: null, patience: null });
  });

  test("every call gives the same", async () => {
    const recording = record(await recordCurves(CROSSING, { slots: 3 }));
    const [first, second] = [await simulate(recording, median(2), 3), await simulate(recording, median(2), 3)];
    expect(second).toEqual(first);
  });
});

describe("where the record ends", () => {
  test("a trial ends there, is counted, and is for the scheduler one that was stopped", async () => {
    const scheduler = { name: "median", startup: 2 };
    const events = await recordCurves(CROSSING, { spec: { strategy: { sampler: "random", scheduler } } });
    const simulation = await simulate(record(events), { name: "full" }, 1);
    expect(fates(simulation)).toEqual([
      ["complete", 4],
      ["complete", 4],
      ["beyond", 1],
      ["complete", 4],
      ["beyond", 1],
      ["beyond", 1],
    ]);
    expect(simulation).toMatchObject({ beyond: 3, stopped: 0, steps: 15, saved: { steps: 0 }, stops: { known: 0 } });
    expect(simulation.trials[2]).toMatchObject({
      value: 7,
      recordedValue: undefined,
      reason: "was to go on up to 4 epochs, and its record ends at step 1",
    });
  });

  test("nothing is known of a step before the first report", async () => {
    // Only after its whole training does a trial say anything.
    const silent: Curves = [[5], [6], [7]];
    const events = await recordCurves(silent, {
      spec: { budget: { min: 4, max: 4, unit: "epochs" }, stop: { trials: 3 } },
      objective: { loss: ({ trial }, step) => (step === 4 ? trial : 0) },
    });
    const told = events.filter((event) => event.type !== "reported").map((event, seq) => ({ ...event, seq }));
    const recording = record(told);
    const wide = { ...recording.history.settings, budget: { min: 1, max: 4, eta: 2, unit: "epochs" } };
    Object.defineProperty(recording.history, "settings", { value: wide });
    const hyperband = await simulate(recording, { name: "hyperband" }, 1);
    expect(hyperband).toMatchObject({ beyond: 3, best: undefined });
    const full = await simulate(recording, { name: "full" }, 1);
    expect(full).toMatchObject({ complete: 3, beyond: 0, steps: 12, slotTime: 24, best: { trial: 0, value: 0 } });
  });
});

describe("trials that failed", () => {
  const died = (step: number): RunOutcome => ({
    kind: "failed",
    cause: { kind: "exit", message: `left with 1 at ${step}` },
  });

  test("fail after the same step, where the scheduler lets them come so far", async () => {
    const events = await recordCurves(CROSSING, {
      objective: { failure: ({ trial }, step) => (trial === 3 && step === 3 ? died(step) : undefined) },
    });
    const recording = record(events);
    expect(recording.trials[3]).toMatchObject({ steps: 2, time: 12, failure: { after: 2, time: 4, budget: 4 } });
    const full = await simulate(recording, { name: "full" }, 1);
    expect(full).toMatchObject({ failed: 1, complete: 5, slotTime: 84 - 4 });
    expect(full.trials[3]).toMatchObject({ fate: "failed", steps: 2, reached: 2, reason: "left with 1 at 3" });
    const hyperband = await simulate(recording, { name: "hyperband" }, 1);
    // It has the best losses after 1 and 2 epochs, is promoted to 4 and fails there.
    expect(hyperband.trials[3]).toMatchObject({ fate: "failed", steps: 1 + 2 + 2 });
    const early = await simulate(recording, median(1), 1);
    expect(early.trials.map(({ fate }) => fate)).toEqual([
      "complete",
      "stopped",
      "stopped",
      "failed",
      "stopped",
      "stopped",
    ]);
  });

  test("alike at the start do not end the simulation, as they did not end a study that was resumed", async () => {
    const fails = { failure: ({ trial }: { trial: number }) => (trial < 3 ? died(1) : undefined) };
    const first = await recordCurves(CROSSING, { objective: fails });
    expect(first.at(-2)).toMatchObject({ type: "study-finished", failed: true });
    const { events } = await runVirtual({
      spec: spec(),
      events: first,
      objective: { loss: ({ trial }, step) => CROSSING[trial % 6]?.[step - 1] as number, ...fails },
    });
    const simulation = await simulate(record(events), { name: "full" }, 1);
    // The resume tried the three configurations again, and did not count their failures.
    expect(simulation).toMatchObject({ failed: 3, complete: 6, untried: 0 });
  });
});

test("a study without budgets is told in steps, to wherever its trials ended", async () => {
  const events = await recordCurves(
    [
      [3, 2, 1],
      [4, 3, 2],
      [9, 1, 0],
    ],
    {
      spec: { budget: { min: 3, max: 3 } },
    },
  );
  // What such a study writes: no budget in its settings, 1 as that of each run.
  const bare = events.map((event) => {
    if (event.type === "study-created") return { ...event, settings: { ...event.settings, budget: null } };
    return event.type === "run-started" ? { ...event, budget: 1 } : event;
  });
  const simulation = await simulate(record(bare), median(2), 1);
  expect(simulation).toMatchObject({ steps: 7, complete: 2, stopped: 1, slotTime: 3 + 6 + 3, best: { trial: 0 } });
  expect(simulation.lostBest).toMatchObject({ number: 2, recordedValue: 0, reached: 1 });
});

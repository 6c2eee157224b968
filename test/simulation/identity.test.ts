import fc from "fast-check";
import { expect, test } from "vitest";
import type { History } from "../../src/history/history.ts";
import type { TrialView } from "../../src/history/view.ts";
import { createRng } from "../../src/numerics/rng.ts";
import { record } from "../../src/simulation/recording.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import type { Simulation } from "../../src/simulation/simulation.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual, type VirtualObjective } from "../support/virtual-study.ts";

/** A study on one slot, or a reproducible one on several, gone through again with its own scheduler, is itself. */

interface Case {
  readonly scheduler: NonNullable<Exclude<StudySpec["strategy"], string>>["scheduler"];
  readonly goal: "minimize" | "maximize";
  readonly max: number;
  readonly eta: number;
  readonly trials: number;
  readonly seed: number;
  readonly checkpoints: "before" | "after" | undefined;
  /** Of ten trials, so many fail. */
  readonly failing: number;
  readonly retries: number;
  readonly reproducible: boolean;
  /** Of a reproducible study; else there is one. */
  readonly slots: number;
  /** The coordinator is killed after so many events, and the study resumed. */
  readonly killAt: number | undefined;
}

const scheduler = fc.oneof(
  fc.constantFrom("full", "median", "hyperband"),
  fc.record({
    name: fc.constant("median"),
    percentile: fc.constantFrom(25, 50, 80),
    startup: fc.integer({ min: 1, max: 4 }),
    warmup: fc.integer({ min: 0, max: 2 }),
  }),
);

const cases: fc.Arbitrary<Case> = fc.record({
  scheduler,
  goal: fc.constantFrom("minimize", "maximize"),
  max: fc.integer({ min: 1, max: 9 }),
  eta: fc.constantFrom(2, 3),
  trials: fc.integer({ min: 1, max: 14 }),
  seed: fc.nat(1e6),
  checkpoints: fc.constantFrom("before", "after", undefined),
  failing: fc.constantFrom(0, 0, 1, 3),
  retries: fc.constantFrom(0, 1),
  reproducible: fc.boolean(),
  slots: fc.integer({ min: 1, max: 4 }),
  killAt: fc.option(fc.integer({ min: 3, max: 60 }), { nil: undefined }),
});

const objective = ({ seed, checkpoints, failing }: Case): VirtualObjective => {
  const draw = (trial: number, step: number): number => createRng(`${seed} at ${step}`, trial, "sample").uniform();
  return {
    ...(checkpoints && { checkpoints }),
    loss: ({ trial }, step) => draw(trial, 0) + draw(trial, step) / step,
    duration: ({ trial }) => 1 + (trial % 3),
    failure: ({ trial }, step) =>
      draw(trial, -1) * 10 < failing && step > 1 + draw(trial, -2) * 4
        ? { kind: "failed", cause: { kind: "signal", message: "it was ended by SIGSEGV" } }
        : undefined,
  };
};

const specOf = (each: Case): StudySpec => ({
  name: "test",
  metric: { name: "loss", goal: each.goal },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  strategy: { sampler: "random", scheduler: each.scheduler },
  budget: { min: 1, max: each.max, eta: each.eta, unit: "epochs" },
  stop: { trials: each.trials },
  trial: { retries: each.retries },
  seed: each.seed,
  workers: { cpus: each.slots },
  reproducible: each.reproducible,
});

const FATES: Partial<Record<TrialView["state"], string>> = {
  complete: "complete",
  pruned: "stopped",
  failed: "failed",
};

const recordedFates = ({ trials }: History): unknown =>
  trials.map(({ state, value, reports, completedBudget, reason, cause }) => ({
    fate: FATES[state],
    value,
    reached: Math.max(completedBudget, reports.at(-1)?.step ?? 0),
    ...(state === "pruned" ? { reason } : {}),
    ...(state === "failed" ? { reason: cause?.message } : {}),
  }));

const simulatedFates = ({ trials }: Simulation): unknown =>
  trials.map(({ fate, value, reached, reason }) => ({
    fate,
    value,
    reached,
    ...(fate === "complete" ? {} : { reason }),
  }));

test("full, median and hyperband stop and promote as they did", async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (each) => {
      const slots = each.reproducible ? each.slots : 1;
      // In an order of several runs a retry takes a place, and three failures alike hold up the next start: neither comes again.
      fc.pre(slots === 1 || each.failing === 0);
      const run = { spec: specOf(each), objective: objective(each), slots };
      let study = await runVirtual({ ...run, ...(each.killAt && { killAt: each.killAt }) });
      if (!study.events.some(({ type }) => type === "study-finished"))
        study = await runVirtual({ ...run, events: study.events });
      // What was open or paused when a study gave up is not known to its end.
      fc.pre(study.history.finished?.failed === false);
      const recording = record(study.events);
      const simulation = await simulate(recording, study.history.settings.scheduler, slots);
      expect(simulatedFates(simulation)).toEqual(recordedFates(recording.history));
      expect(simulation.trials.map(({ steps }) => steps)).toEqual(recording.trials.map(({ steps }) => steps));
      expect(simulation).toMatchObject({ beyond: 0, untried: 0, lostBest: undefined });
      expect(simulation.best?.trial).toBe(study.history.best?.number);
      if (recording.trials.some(({ steps }) => steps > 0)) expect(simulation.saved.steps).toBe(0);
    }),
    { numRuns: 150 },
  );
});

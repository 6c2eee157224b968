import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SCHEDULERS } from "../../src/schedulers/registry.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual, type VirtualObjective } from "../support/virtual-study.ts";

/** What every scheduler must hold to, whoever wrote it: each entry of the registry is run through whole studies. */
function schedulerSuite(name: string): void {
  const spec = (seed: number, trials: number): StudySpec => ({
    name: "test",
    metric: { name: "loss", goal: "minimize" },
    parameters: { x: { type: "float", low: 0, high: 1 } },
    strategy: { sampler: "random", scheduler: name },
    budget: { min: 1, max: 9, unit: "epochs" },
    stop: { trials },
    seed,
  });

  describe(`the scheduler "${name}"`, () => {
    const study = fc.record({
      seed: fc.nat(1000),
      trials: fc.integer({ min: 1, max: 30 }),
      slots: fc.integer({ min: 1, max: 9 }),
      pattern: fc.array(fc.constantFrom("fine", "nan", "infinite", "equal", "throws"), { minLength: 1, maxLength: 9 }),
    });
    const objective = (pattern: readonly string[]): VirtualObjective => {
      const kind = (trial: number): string => pattern[trial % pattern.length] as string;
      return {
        loss: ({ trial, params }, step) =>
          ({ nan: Number.NaN, infinite: Number.POSITIVE_INFINITY, equal: 0.5 })[kind(trial)] ??
          (params["x"] as number) / step,
        duration: ({ run }, step) => 1 + ((run * 7 + step * 3) % 5),
        failure: ({ trial }) =>
          kind(trial) === "throws"
            ? { kind: "failed", cause: { kind: "timeout", message: "x".repeat(trial + 1) } }
            : undefined,
      };
    };

    it("ends every study, in budget, with reasons, and never has more open runs than slots", async () => {
      await fc.assert(
        fc.asyncProperty(study, async ({ seed, trials, slots, pattern }) => {
          const { events, history, dispatcher } = await runVirtual({
            spec: spec(seed, trials),
            objective: objective(pattern),
            slots,
          });
          expect(history.finished).toBeDefined();
          expect(history.trials.length).toBeLessThanOrEqual(trials);
          let open = 0;
          for (const event of events) {
            if (event.type === "run-started") {
              open++;
              expect(event.budget).toBeGreaterThanOrEqual(1);
              expect(event.budget).toBeLessThanOrEqual(9);
            }
            if (event.type === "run-ended") open--;
            expect(open).toBeLessThanOrEqual(slots);
            if ("reason" in event) expect(event.reason).toMatch(/\S/);
          }
          expect(new Set(dispatcher.started.map(({ run }) => run)).size).toBe(dispatcher.started.length);
          for (const trial of history.trials) expect(Number.isFinite(trial.value ?? 0)).toBe(true);
        }),
        { numRuns: 100 },
      );
    });

    it("gives a study that does not depend on a kill, with one slot", async () => {
      await fc.assert(
        fc.asyncProperty(study, fc.integer({ min: 3, max: 60 }), async ({ seed, trials, pattern }, killAt) => {
          const run = { spec: spec(seed, trials), objective: objective(pattern) };
          const whole = await runVirtual(run);
          const { events } = await runVirtual({ ...run, killAt });
          const resumed = await runVirtual({ ...run, events });
          // Resumed after its end, a study that failed tries again.
          fc.pre(whole.history.finished?.failed !== true || killAt < whole.events.length - 2);
          expect(resumed.history.best).toEqual(whole.history.best);
          expect(resumed.history.trials.map(({ params, state, value }) => ({ params, state, value }))).toEqual(
            whole.history.trials.map(({ params, state, value }) => ({ params, state, value })),
          );
        }),
        { numRuns: 100 },
      );
    });
  });
}

for (const name of Object.keys(SCHEDULERS)) schedulerSuite(name);

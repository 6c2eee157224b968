import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold } from "../../src/history/history.ts";
import type { Recorded } from "../../src/history/events.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual, type VirtualObjective, type VirtualStudy } from "../support/virtual-study.ts";

const spec: StudySpec = {
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters: {
    x: { type: "float", low: 1e-4, high: 1, log: true },
    kind: { type: "categorical", choices: ["a", "b"] },
    y: { type: "int", low: 1, high: 9, when: { kind: ["b"] } },
  },
  budget: { min: 1, max: 9, unit: "epochs" },
  enqueue: [{ x: 0.5, kind: "a" }],
  trial: { retries: 1 },
  seed: 7,
};

const objective: VirtualObjective = {
  checkpoints: "after",
  loss: ({ params, trial }, step) =>
    trial % 7 === 3 && step > 2 ? Number.NaN : Math.abs(Math.log(params["x"] as number)) + 1 / step,
  failure: ({ trial, attempt }, step) =>
    trial % 5 === 2 && attempt === 1 && step === 1
      ? { kind: "failed", cause: { kind: "signal", message: "ended by SIGSEGV" } }
      : undefined,
};

/** What a study came to: all but times, attempts and sequence numbers. */
const outcome = ({ history }: Pick<VirtualStudy, "history">): unknown => ({
  best: history.best,
  finished: history.finished,
  trials: history.trials.map(({ number, params, source, state, value, completedBudget, reports, cause }) => ({
    number,
    params,
    source,
    state,
    value,
    completedBudget,
    reports,
    cause,
  })),
});

describe("a coordinator that is killed and starts again", () => {
  for (const [strategy, checkpoints] of [
    ["random", "after"],
    ["hyperband", "after"],
    ["hyperband", "before"],
  ] as const) {
    it(`comes to the same ${strategy} study after a kill at any event, with one slot and checkpoints saved ${checkpoints} the report`, async () => {
      const whole = await runVirtual({
        spec: { ...spec, strategy, stop: { trials: 14 } },
        objective: { ...objective, checkpoints },
      });
      for (let killAt = 3; killAt < whole.events.length; killAt++) {
        const killed = await runVirtual({
          spec: { ...spec, strategy, stop: { trials: 14 } },
          objective: { ...objective, checkpoints },
          killAt,
        });
        expect(killed.events).toHaveLength(killAt);
        const resumed = await runVirtual({
          spec: { ...spec, strategy, stop: { trials: 14 } },
          objective: { ...objective, checkpoints },
          events: killed.events,
        });
        expect(outcome(resumed)).toEqual(outcome(whole));
      }
    });
  }

  it("finishes after many kills with many slots, with every number once and what is folded equal to what is written", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 12 }),
        async (slots, steps) => {
          let events: readonly Recorded[] = [];
          let killAt = 2;
          for (const step of steps) {
            killAt += step;
            ({ events } = await runVirtual({
              spec,
              objective,
              slots,
              events,
              killAt: Math.max(killAt, events.length + 2),
            }));
          }
          const last = await runVirtual({ spec, objective, slots, events });
          expect(last.history.finished?.reason).toBe("all 27 trials asked for are done");
          expect(last.history.trials.map(({ number }) => number)).toEqual([...Array(27).keys()]);
          expect(outcome({ history: fold(last.events) })).toEqual(outcome(last));
          expect(last.events.map(({ seq }) => seq)).toEqual([...last.events.keys()]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("starts what was open first, in order, as a new attempt that is not charged to retries", async () => {
    const once = { ...spec, strategy: "hyperband", trial: { retries: 0 } };
    const calm: VirtualObjective = { loss: objective.loss, checkpoints: "after" };
    const killed = await runVirtual({ spec: once, objective: calm, slots: 3, killAt: 30 });
    const open = fold(killed.events).openRuns.map(({ trial }) => trial);
    expect(open.length).toBeGreaterThan(1);
    const resumed = await runVirtual({ spec: once, objective: calm, slots: 3, events: killed.events });
    const after = resumed.events.slice(killed.events.length).filter((event) => event.type === "run-started");
    expect(after.slice(0, open.length).map(({ trial }) => trial)).toEqual(open);
    for (const event of after.slice(0, open.length))
      expect(event.reason).toMatch(/^started again: its coordinator ended during attempt 1/);
    expect(
      resumed.history.trials.filter(({ state, cause }) => state === "failed" && cause?.kind !== "non-finite"),
    ).toEqual([]);
  });
});

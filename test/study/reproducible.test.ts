import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Recorded } from "../../src/history/events.ts";
import type { History } from "../../src/history/history.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { STRATEGY_WORDS } from "../../src/study/strategies.ts";
import { runVirtual, type VirtualObjective, type VirtualRun } from "../support/virtual-study.ts";

const SLOTS = 4;

type Strategy = StudySpec["strategy"];
const STRATEGIES: readonly Strategy[] = [
  ...STRATEGY_WORDS,
  { sampler: "random", scheduler: { name: "median", startup: 2 } },
];

const spec = (strategy: Strategy, stop: StudySpec["stop"]): StudySpec => ({
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 }, n: { type: "int", low: 0, high: 9 } },
  ...(strategy === undefined ? {} : { strategy }),
  budget: { min: 1, max: 9, unit: "epochs" },
  stop: stop ?? {},
  trial: { retries: 1 },
  workers: { cpus: SLOTS },
  seed: 5,
  reproducible: true,
});

/** A loss that depends on the configuration alone, at a time that depends on `chance`. Some trials fail, and are tried again. */
const objective = (chance: number): VirtualObjective => ({
  checkpoints: "after",
  loss: ({ params }, step) => {
    const { x, n } = params as { readonly x: number; readonly n: number };
    return n === 7 && step === 3 ? Number.NaN : (x - 0.3) ** 2 + n / 50 + (1 + x) / step;
  },
  duration: ({ run }, step) => 1 + ((run * 31 + step * 17 + chance * 7 + ((run * chance) % 13) ** 2) % 97),
  failure: ({ params }, step) =>
    params["n"] === 3 && step === 2
      ? { kind: "failed", cause: { kind: "signal", message: "it was ended by SIGSEGV" } }
      : undefined,
});

/** What must not depend on time: every suggestion, stop and value. */
const substance = (history: History): unknown =>
  history.trials.map(({ params, state, value, reports, completedBudget, runs }) => ({
    params,
    state,
    value,
    reports,
    completedBudget,
    stop: runs.at(-1)?.stopReason,
  }));

const answers = (events: readonly Recorded[]): readonly unknown[] =>
  events
    .filter(({ type }) => type === "trial-created" || type === "trial-dropped" || type === "study-finished")
    .map((event) => ({ ...event, seq: undefined, at: undefined, seen: undefined }));

/** Killed at each of the given numbers of events, and resumed after each kill, until it has finished. */
async function runKilled(run: VirtualRun, kills: readonly number[]): Promise<Awaited<ReturnType<typeof runVirtual>>> {
  let events: readonly Recorded[] = [];
  for (const kill of kills) {
    const study = await runVirtual({ ...run, events, killAt: events.length + kill });
    if (study.events.some(({ type }) => type === "study-finished")) return study;
    ({ events } = study);
  }
  return runVirtual({ ...run, events });
}

describe.each(STRATEGIES.map((strategy) => ({ strategy, name: JSON.stringify(strategy) })))(
  "a reproducible study of $name",
  ({ strategy }) => {
    it.each<[string, StudySpec["stop"]]>([
      ["trials", { trials: 30 }],
      ["patience", { trials: 60, patience: 6 }],
      ["a value", { trials: 60, value: 0.6 }],
    ])("that ends by %s comes out the same at any timing, on fewer slots, and after any kills", async (_, stop) => {
      const given = spec(strategy, stop);
      const whole = await runVirtual({ spec: given, objective: objective(0), slots: SLOTS });
      expect(whole.history.finished).toBeDefined();
      await fc.assert(
        fc.asyncProperty(
          fc.nat(1000),
          fc.integer({ min: 1, max: SLOTS }),
          fc.array(fc.integer({ min: 3, max: 60 }), { maxLength: 6 }),
          async (chance, slots, kills) => {
            const { history, events } = await runKilled({ spec: given, objective: objective(chance), slots }, kills);
            expect(substance(history)).toEqual(substance(whole.history));
            expect(answers(events)).toEqual(answers(whole.events));
            expect(history.best).toEqual(whole.history.best);
          },
        ),
        { numRuns: 25 },
      );
    });
  },
);

it("uses its slots at the same time", async () => {
  const { dispatcher } = await runVirtual({
    spec: spec("random", { trials: 40 }),
    objective: objective(1),
    slots: SLOTS,
  });
  expect(dispatcher.busy / dispatcher.time).toBeGreaterThan(2);
});

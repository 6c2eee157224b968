import fc from "fast-check";
import { expect, it } from "vitest";
import { runVirtual } from "../../support/virtual-study.ts";
import { cases, forEachScheduler, MAX, replay, runOf } from "./scheduler-study.ts";

forEachScheduler((name) => {
  it("judges no run before the least budget, and gives up no trial there", async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.constantFrom(2, 3, 5, MAX), async (given, min) => {
        const run = runOf(name, given);
        const { events } = await runVirtual({ ...run, spec: { ...run.spec, budget: { min, max: MAX } } });
        const early: string[] = [];
        replay(events, (event, before) => {
          if (event.type === "trial-dropped" && (before.trials[event.trial]?.completedBudget ?? 0) < min)
            early.push(event.reason);
          // Only a scheduler's stop names its step: the end of a study stops runs too.
          if (event.type !== "run-stopped" && event.type !== "run-shadowed") return;
          if (event.step !== undefined && event.step < min) early.push(event.reason);
        });
        expect(early).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

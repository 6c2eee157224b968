import fc from "fast-check";
import { expect, it } from "vitest";
import type { Recorded } from "../../../src/history/events.ts";
import { runVirtual } from "../../support/virtual-study.ts";
import { cases, curves, forEachScheduler, runOf } from "./scheduler-study.ts";

/** Schedulers with options that are values of the metric itself. */
const OF_VALUES: ReadonlySet<string> = new Set(["threshold"]);

/** What was decided, without the values that the reasons name. */
function decisionsOf(events: readonly Recorded[]): readonly unknown[] {
  return events.flatMap((event): readonly unknown[] => {
    switch (event.type) {
      case "run-started":
        return [[event.type, event.at, event.trial, event.budget, event.placement, event.startStep]];
      case "run-stopped":
        return [[event.type, event.at, event.run]];
      case "trial-dropped":
        return [[event.type, event.at, event.trial]];
      default:
        return [];
    }
  });
}

forEachScheduler((name) => {
  it("decides of a metric to be maximised as of its negation to be minimised", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const least = await runVirtual(runOf(name, given));
        const most = await runVirtual(runOf(name, given, "maximize"));
        expect(decisionsOf(most.events)).toEqual(decisionsOf(least.events));
      }),
      { numRuns: 15 },
    );
  });

  if (!OF_VALUES.has(name))
    it("decides the same at any scale of the metric", async () => {
      // Powers of two, by which nothing is rounded.
      const scales = fc.integer({ min: -60, max: 60 }).map((power) => 2 ** power);
      const scalable = curves.filter((curve) => curve !== "are huge" && curve !== "explode");
      await fc.assert(
        fc.asyncProperty(cases, scalable, scales, async (some, curve, scale) => {
          const given = { ...some, behaviour: { ...some.behaviour, curve } };
          const run = runOf(name, given);
          const { loss } = run.objective;
          const scaled = { ...run.objective, loss: (...at: Parameters<typeof loss>) => scale * loss(...at) };
          const [plain, other] = [await runVirtual(run), await runVirtual({ ...run, objective: scaled })];
          expect(decisionsOf(other.events)).toEqual(decisionsOf(plain.events));
        }),
        { numRuns: 10 },
      );
    });
});

import fc from "fast-check";
import { expect, it } from "vitest";
import { History } from "../../../src/history/history.ts";
import { SCHEDULERS } from "../../../src/schedulers/registry.ts";
import type { Scheduler } from "../../../src/schedulers/scheduler.ts";
import { createStrategy } from "../../../src/study/strategy.ts";
import { runVirtual } from "../../support/virtual-study.ts";
import { cases, expectSound, forEachScheduler, MAX, runOf, schedulerSpec } from "./scheduler-study.ts";

/** What `next` may say at any time, by its contract. */
function expectPossible(scheduler: Scheduler, history: History, canSample: boolean): void {
  const next = scheduler.next(history, canSample);
  if (next.kind === "sample") expect(canSample).toBe(true);
  if (next.kind === "wait") expect(history.openRuns.length).toBeGreaterThan(0);
  if (next.kind === "done") expect(history.openRuns).toEqual([]);
  if (next.kind === "done") expect(history.trials.filter(({ state }) => state === "paused")).toEqual([]);
  if (next.kind !== "drop" && next.kind !== "promote") return;
  const { state, completedBudget } = history.trials[next.trial] ?? {};
  expect(state).toBe("paused");
  if (next.kind === "promote") expect(next.budget).toBeGreaterThan(completedBudget ?? Infinity);
}

forEachScheduler((name) => {
  it("ends every study soundly: in budget, with reasons, with nothing left undone", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const study = await runVirtual(runOf(name, given));
        expectSound(study);
        const { dispatcher } = study;
        expect(new Set(dispatcher.started.map(({ run }) => run)).size).toBe(dispatcher.started.length);
      }),
      { numRuns: 30 },
    );
  });

  it("says only what is possible, whether there can be a new trial or not, and the same without its memory", async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.boolean(), async (given, reproducible) => {
        const { events, history } = await runVirtual(runOf(name, { ...given, reproducible }));
        const { scheduler } = createStrategy(history.settings);
        const folded = new History();
        for (const event of events) {
          folded.apply(event);
          // What waits is started before a scheduler is asked.
          if (event.type === "study-created" || folded.waiting.length > 0) continue;
          for (const canSample of [false, true]) {
            expectPossible(scheduler, folded, canSample);
            const fresh = createStrategy(history.settings).scheduler;
            expect(fresh.next(folded, canSample)).toEqual(scheduler.next(folded, canSample));
          }
          if (event.type !== "reported" || folded.runs[event.run]?.state !== "open") continue;
          const run = folded.runs[event.run] as (typeof folded.runs)[number];
          const curve = (folded.trials[run.trial]?.reports ?? []).filter(({ step }) => step <= event.step);
          const task = { run, curve, outcomes: folded.outcomes, study: folded };
          expect(createStrategy(history.settings).scheduler.decide(task)).toEqual(scheduler.decide(task));
        }
      }),
      { numRuns: 8 },
    );
  });

  it("ends a finite space when all of it was tried", async () => {
    for (const checkpoints of ["none", "after"] as const)
      for (const slots of [1, 3, 64]) {
        const study = await runVirtual({
          spec: schedulerSpec(name, { parameters: { n: { type: "int", low: 1, high: 13 } }, stop: {} }),
          objective: {
            loss: ({ params }, step) => Number(params["n"]) + 1 / step,
            ...(checkpoints === "none" ? {} : { checkpoints }),
          },
          slots,
        });
        expectSound(study);
        expect(study.history.trials).toHaveLength(13);
        expect(study.history.finished?.reason).toBe("all 13 configurations of the space have been tried");
      }
  });

  it("gives the study a full training where its trials succeed", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const behaviour = { ...given.behaviour, curve: "fall and part", failing: 0 };
        const { history } = await runVirtual(runOf(name, { ...given, behaviour }));
        // A threshold stops whatever is beyond it.
        if (name !== "threshold") expect(history.best?.budget).toBe(MAX);
      }),
      { numRuns: 12 },
    );
  });

  it("goes on with the trials that a resume adds", async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.integer({ min: 1, max: 30 }), async (given, more) => {
        const run = runOf(name, given);
        const { events, history } = await runVirtual(run);
        fc.pre(history.finished?.failed === false);
        const stop = { trials: given.trials + more };
        const study = await runVirtual({ ...run, events, stop });
        expectSound(study);
        expect(study.history.trials).toHaveLength(stop.trials);
      }),
      { numRuns: 10 },
    );
  });

  it("works where the budget has room for one rung, for a part of another, or counts no whole steps", async () => {
    for (const budget of [
      { max: 1 },
      { min: 4, max: 4 },
      { min: 3, max: 4 },
      { min: 1, max: 10 },
      { min: 0.5, max: 2 },
    ])
      for (const eta of [2, 2.5, 4])
        for (const checkpoints of ["none", "after"] as const) {
          const study = await runVirtual({
            spec: schedulerSpec(name, { budget: { ...budget, eta }, stop: { trials: 20 } }),
            objective: {
              loss: ({ params }, step) => Number(params["x"]) + 1 / step,
              stride: 0.5,
              ...(checkpoints === "none" ? {} : { checkpoints }),
            },
            slots: 3,
          });
          expectSound(study);
        }
  });

  if (SCHEDULERS[name]?.needsBudget === false)
    it("works without a budget", async () => {
      const { budget: _, ...spec } = schedulerSpec(name, { stop: { trials: 12 } });
      const objective = { loss: ({ trial }: { trial: number }) => trial, contentAt: () => 4, overrun: 9 };
      const study = await runVirtual({ spec, objective, slots: 3 });
      expectSound(study);
      expect(study.history.finished?.failed).toBe(false);
    });
});

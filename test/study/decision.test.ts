import fc from "fast-check";
import { expect, it } from "vitest";
import type { StudyEvent } from "../../src/history/events.ts";
import { History } from "../../src/history/history.ts";
import type { ReportView } from "../../src/history/view.ts";
import type { Scheduler } from "../../src/schedulers/scheduler.ts";
import { decideRun } from "../../src/study/decision.ts";
import { resolveSpec } from "../../src/study/resolve.ts";

const settings = resolveSpec(
  {
    name: "test",
    metric: { name: "loss", goal: "minimize" },
    parameters: { x: { type: "float", low: 0, high: 1 } },
    strategy: "random",
    seed: 1,
  },
  { subject: "the test's spec", specFolder: "/", studyFolder: null, objective: "function" },
);

interface Shown {
  readonly curve: readonly ReportView[];
  readonly copied: boolean;
}

/** What the scheduler is shown after each report of one run, beside the trial's curve as it then is. */
function shown(steps: readonly number[]): readonly Shown[] {
  const history = new History();
  const answer = { reason: "because", seen: 0 };
  let seq = 0;
  const apply = (event: StudyEvent): void => history.apply({ seq: seq++, at: 0, ...event });
  apply({ type: "study-created", version: 1, engine: "0", settings });
  apply({ ...answer, type: "trial-created", trial: 0, params: { x: 0.5 }, source: "random" });
  const run = { run: 0, trial: 0, attempt: 1, budget: 1, startStep: 1, slot: "cpu-0", objective: null };
  apply({ ...answer, type: "run-started", ...run });
  return steps.map((step) => {
    apply({ type: "reported", run: 0, step, metrics: { loss: seq } });
    let curve: readonly ReportView[] = [];
    const scheduler: Scheduler = {
      next: () => ({ kind: "wait" }),
      decide: (task) => {
        curve = task.curve;
        return { kind: "continue" };
      },
    };
    decideRun(history, scheduler, 0, []);
    const reports = history.trials[0]?.reports ?? [];
    return { curve: [...curve], copied: curve !== reports };
  });
}

it("shows a scheduler the trial's curve up to its furthest step, however its steps come, and no copy of it", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 30 }), (steps) => {
      for (const [index, { curve, copied }] of shown(steps).entries()) {
        const told = [...new Set(steps.slice(0, index + 1))].toSorted((a, b) => a - b);
        expect(curve.map(({ step }) => step)).toEqual(told);
        expect(copied).toBe(false);
      }
    }),
  );
});

it("does not judge again what a trial does again, and judges what it does for the first time", () => {
  const history = new History();
  const answer = { reason: "because", seen: 0 };
  const apply = (event: StudyEvent): void => history.apply({ seq: history.seq + 1, at: 0, ...event });
  const budget = { min: 1, max: 9, eta: 3, unit: "epochs" };
  apply({ type: "study-created", version: 1, engine: "0", settings: { ...settings, budget } });
  apply({ ...answer, type: "trial-created", trial: 0, params: { x: 0.5 }, source: "random" });
  const run = { trial: 0, startStep: 1, slot: "cpu-0", objective: null };
  apply({ ...answer, ...run, type: "run-started", run: 0, attempt: 1, budget: 3 });
  apply({ type: "run-ended", run: 0, outcome: { kind: "completed", metrics: { loss: 1 } } });
  // Its checkpoint is gone, and what has ended since might speak against it.
  apply({ ...answer, ...run, type: "run-started", run: 1, attempt: 2, budget: 9 });
  const stops: Scheduler = { next: () => ({ kind: "wait" }), decide: () => ({ kind: "stop", reason: "worse" }) };
  const verdicts = [1, 2, 3, 4].map((step) => {
    apply({ type: "reported", run: 1, step, metrics: { loss: 1 } });
    return decideRun(history, stops, 1, [])?.type;
  });
  expect(verdicts).toEqual([undefined, undefined, undefined, "run-stopped"]);
});

import fc from "fast-check";
import { expect, it } from "vitest";
import type { Recorded } from "../../../src/history/events.ts";
import { History } from "../../../src/history/history.ts";
import type { VirtualObjective } from "../../support/virtual-study.ts";
import { runVirtual } from "../../support/virtual-study.ts";
import { expectSound, forEachScheduler, schedulerSpec, substance } from "./scheduler-study.ts";

const TRIALS = 24;

const objective = (checkpoints: "none" | "after"): VirtualObjective => ({
  loss: ({ params }, step) => Number(params["x"]) + 1 / step,
  duration: ({ run }, step) => 1 + ((run * 7 + step * 3) % 5),
  ...(checkpoints === "none" ? {} : { checkpoints }),
});

const checkpointing = ["none", "after"] as const;

forEachScheduler((name) => {
  it("goes on when any one run fails, be it a promoted one in the middle of a bracket", async () => {
    for (const checkpoints of checkpointing) {
      const given = { spec: schedulerSpec(name, { trial: { retries: 0 }, stop: { trials: TRIALS } }), slots: 3 };
      const whole = await runVirtual({ ...given, objective: objective(checkpoints) });
      const runs = whole.history.runs.length;
      const promoted = whole.history.runs.filter(({ attempt }) => attempt > 1).map(({ run }) => run);
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(fc.nat(runs - 1), fc.constantFrom(...(promoted.length === 0 ? [0] : promoted))),
          async (unlucky) => {
            const failure: VirtualObjective["failure"] = ({ run }) =>
              run === unlucky ? { kind: "failed", cause: { kind: "timeout", message: "too slow" } } : undefined;
            const study = await runVirtual({ ...given, objective: { ...objective(checkpoints), failure } });
            expectSound(study);
            expect(study.history.finished?.failed).toBe(false);
            expect(study.history.trials.filter(({ state }) => state === "failed")).toHaveLength(1);
            expect(study.history.trials).toHaveLength(TRIALS);
          },
        ),
        { numRuns: 6 },
      );
    }
  });

  it("goes on when a run is lost with its coordinator: that run starts again where it stood, at its rung", async () => {
    for (const checkpoints of checkpointing) {
      const given = { spec: schedulerSpec(name, { stop: { trials: TRIALS } }), objective: objective(checkpoints) };
      const whole = await runVirtual(given);
      const reports = whole.events.filter(({ type }) => type === "reported");
      await fc.assert(
        fc.asyncProperty(fc.nat(reports.length - 1), async (pick) => {
          const killAt = (reports[pick] as Recorded).seq + 1;
          const { events } = await runVirtual({ ...given, killAt });
          const before = new History();
          for (const event of events) before.apply(event);
          const lost = before.openRuns.find(({ state }) => state === "open");
          const study = await runVirtual({ ...given, events });
          expectSound(study);
          expect(substance(study)).toEqual(substance(whole));
          if (lost === undefined || study.history.runs[lost.run]?.state !== "lost") return;
          const { trial, budget, placement } = lost;
          expect(study.history.runs[lost.run + 1]).toMatchObject({ trial, budget });
          expect(study.history.runs[lost.run + 1]?.placement).toEqual(placement);
        }),
        { numRuns: 6 },
      );
    }
  });

  it("ends when every trial fails", async () => {
    for (const slots of [1, 3, 64]) {
      const failure: VirtualObjective["failure"] = ({ trial }) => ({
        kind: "failed",
        cause: { kind: "error", message: "x".repeat(trial + 1) },
      });
      const spec = schedulerSpec(name, { stop: { trials: TRIALS } });
      const study = await runVirtual({ spec, objective: { loss: () => 0, failure }, slots });
      expectSound(study);
      expect(study.history.trials.every(({ state }) => state === "failed")).toBe(true);
    }
  });
});

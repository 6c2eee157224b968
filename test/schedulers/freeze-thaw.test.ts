import { describe, expect, it } from "vitest";
import { expectedImprovement } from "../../src/curves/student-t.ts";
import { curveEnds } from "../../src/history/curve-ends.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual, type VirtualObjective } from "../support/virtual-study.ts";
import { replay } from "./suite/scheduler-study.ts";

const spec: StudySpec = {
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  strategy: { sampler: "random", scheduler: "freeze-thaw" },
  budget: { min: 1, max: 27, unit: "epochs" },
  stop: { trials: 40 },
  seed: 2,
};
const objective: VirtualObjective = {
  loss: ({ params }, step) => Number(params["x"]) + 1.5 / step,
  checkpoints: "after",
};

describe("a study that freezes and thaws trials", () => {
  it.each(["after", undefined] as const)(
    "thaws the trial with the greatest expected improvement for each step that it still takes, checkpoints: %s",
    async (checkpoints) => {
      const { checkpoints: _, ...unsaved } = objective;
      const { events } = await runVirtual({
        spec,
        objective: checkpoints === undefined ? unsaved : { ...unsaved, checkpoints },
      });
      const last = events.findLastIndex(({ type }) => type === "trial-created");
      let thawed = 0;
      let choices = 0;
      replay(events, (event, before) => {
        if (event.seq > last || event.type !== "run-started" || event.attempt === 1) return;
        const { best, ends, endOf } = curveEnds(before, before.outcomes);
        const toBeat = best ?? Math.min(...[...ends.values()].map(({ mean }) => mean));
        const perStep = (trial: number): number => {
          const end = endOf(trial) ?? { mean: Infinity, deviation: 0 };
          return expectedImprovement(end, toBeat) / (27 - (before.trials[trial]?.checkpoint ?? 0));
        };
        const paused = before.trials.filter(({ state }) => state === "paused").map(({ number }) => number);
        expect(perStep(event.trial)).toBe(Math.max(...paused.map(perStep)));
        thawed++;
        if (paused.length > 1) choices++;
      });
      expect(thawed).toBeGreaterThan(3);
      expect(choices).toBeGreaterThan(2);
    },
  );
});

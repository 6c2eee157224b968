import { describe, expect, it } from "vitest";
import { bestSoFar } from "../../../page/charts/history.ts";
import { stepsOverTime } from "../../../page/charts/saved.ts";
import { slotUses } from "../../../page/charts/timeline.ts";
import { pictureNames, pictureSvg } from "../../../page/pictures.ts";
import { applyChanges, type Study } from "../../../page/study.ts";
import type { Recorded } from "../../../src/history/events.ts";
import type { Goal, StudySpec } from "../../../src/space/spec.ts";
import { studyChanges } from "../../../src/views/study-changes.ts";
import { StudyFold } from "../../../src/views/study-fold.ts";
import { runVirtual, type VirtualObjective } from "../../support/virtual-study.ts";

const spec = (scheduler: string, goal: Goal): StudySpec => ({
  name: scheduler,
  metric: { name: "loss", goal },
  parameters: {
    x: { type: "float", low: 1e-4, high: 1, log: true },
    kind: { type: "categorical", choices: ["a", "b"] },
    y: { type: "int", low: 1, high: 9, when: { kind: ["a"] } },
  },
  budget: { min: 1, max: 9 },
  strategy: { sampler: "random", scheduler },
  stop: { trials: 40 },
  seed: 5,
});

const objective: VirtualObjective = {
  loss: ({ trial }, step) => ((trial * 7) % 11) + 3 / step,
  failure: ({ trial, attempt }, step) =>
    trial % 9 === 4 && attempt === 1 && step === 2
      ? { kind: "failed", cause: { kind: "error", message: "it broke" } }
      : undefined,
  checkpoints: "after",
};

function studyOf(events: readonly Recorded[]): Study {
  const fold = new StudyFold();
  for (const event of events) fold.apply(event);
  return applyChanges(undefined, studyChanges(fold, { folder: "studies/x", running: true }, -1));
}

const kinds = ["hyperband", "asha", "median", "curve", "full"].flatMap((scheduler) =>
  (["minimize", "maximize"] as const).map((goal) => [scheduler, goal] as const),
);

describe.each(kinds)("a study by %s, to %s, killed and resumed", (scheduler, goal) => {
  it("is drawn as its journal says, also in the middle", async () => {
    const run = { spec: spec(scheduler, goal), slots: 3, objective };
    const killed = await runVirtual({ ...run, killAt: 90 });
    const { events } = await runVirtual({ ...run, events: killed.events });
    for (const until of [1, 5, 60, events.length / 2, events.length]) {
      const study = studyOf(events.slice(0, until));
      expect(bestSoFar(study).at(-1)?.value).toBe(study.head.best?.value);
      const steps = stepsOverTime(study).at(-1);
      expect(steps?.done ?? 0).toBe(study.head.steps?.done);
      expect(steps?.whole ?? 0).toBe(study.head.steps?.whole);
      for (const { busy, open } of slotUses(study)) expect(busy).toBeLessThanOrEqual(open);
      for (const id of pictureNames) expect(pictureSvg(id, study, undefined)).not.toMatch(/NaN|undefined|Infinity/);
    }
  });
});

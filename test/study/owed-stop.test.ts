import { expect, it } from "vitest";
import type { Recorded } from "../../src/history/events.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual } from "../support/virtual-study.ts";

const spec: StudySpec = {
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  strategy: "random",
  budget: { max: 2 },
  stop: { trials: 1, time: "1h" },
  seed: 1,
};

it("counts no time between a crash and the resume that writes the stop which was owed", async () => {
  const objective = { loss: () => 1, overrun: 1 };
  const whole = await runVirtual({ spec, objective });
  const stop = whole.events.findIndex(({ type }) => type === "run-stopped");
  // The earlier session lies two hours before the simulated clock begins.
  const events = whole.events.slice(0, stop).map((event): Recorded => ({ ...event, at: event.at - 7_200_000 }));
  const { history } = await runVirtual({ spec, objective, events });
  expect(history.earlierTime).toBeLessThan(10);
  expect(history.finished?.reason).toBe("the one trial asked for is done");
});

import { describe, expect, it } from "vitest";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual } from "../support/virtual-study.ts";

const spec: StudySpec = {
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  strategy: "random",
  budget: { max: 10 },
  stop: { time: "25s" },
  workers: { cpus: 2 },
  seed: 1,
};

/** The simulated clock counts milliseconds; the first trial takes 1,000 seconds, the others 10. */
const objective = {
  loss: () => 1,
  duration: ({ trial }: { trial: number }) => (trial === 0 ? 100_000 : 1_000),
};

describe("a study whose time is over", () => {
  it("stops what runs, with the reason, and starts nothing new", async () => {
    const { history } = await runVirtual({ spec, objective, slots: 2 });
    expect(history.finished).toEqual({ failed: false, reason: "the study's time of 25 seconds is over" });
    expect(history.trials.map(({ state }) => state)).toEqual(["pruned", "complete", "complete", "complete"]);
    expect(history.trials[0]?.reason).toBe("stopped: the study's time of 25 seconds is over");
  });

  it("counts the time over all its sessions", async () => {
    const killed = await runVirtual({ spec, objective, killAt: 3 });
    // An earlier session of 12 seconds: its events are those of a coordinator that died.
    const events = killed.events.map((event, index) => ({ ...event, at: index < 2 ? 0 : 12_000 }));
    const { history } = await runVirtual({
      spec,
      objective: { loss: () => 1, duration: () => 1_000 },
      slots: 1,
      events,
    });
    expect(history.earlierTime).toBe(12_000);
    expect(history.trials.filter(({ state }) => state === "complete")).toHaveLength(2);
  });
});

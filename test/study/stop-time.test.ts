import { describe, expect, it } from "vitest";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual } from "../support/virtual-study.ts";

const spec: StudySpec = {
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  strategy: "random",
  budget: { max: 10 },
  stop: { time: "25ms" },
  workers: { cpus: 2 },
  seed: 1,
};

/** The simulated clock counts milliseconds; the first trial takes for ever, the others 10. */
const objective = {
  loss: () => 1,
  duration: ({ trial }: { trial: number }) => (trial === 0 ? 100 : 1),
};

describe("a study whose time is over", () => {
  it("stops what runs, with the reason, and starts nothing new", async () => {
    const { history } = await runVirtual({ spec, objective, slots: 2 });
    expect(history.finished).toEqual({ failed: false, reason: "the study's time of 25 ms is over" });
    expect(history.trials.map(({ state }) => state)).toEqual(["pruned", "complete", "complete", "complete"]);
    expect(history.trials[0]?.reason).toBe("stopped: the study's time of 25 ms is over");
  });

  it("counts the time over all its sessions", async () => {
    const killed = await runVirtual({ spec, objective, killAt: 3 });
    const sessions = [0, 12].map((at) => ({ at }));
    // An earlier session of 12 ms: its events are those of a coordinator that died.
    const events = killed.events.map((event, index) => ({ ...event, at: sessions[index < 2 ? 0 : 1]?.at ?? 0 }));
    const { history } = await runVirtual({ spec, objective: { loss: () => 1 }, slots: 1, events });
    expect(history.earlierTime).toBe(12);
    expect(history.trials.filter(({ state }) => state === "complete")).toHaveLength(2);
  });
});

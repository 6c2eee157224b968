import { describe, expect, it } from "vitest";
import type { Component, StudySpec } from "../../src/space/spec.ts";
import { specIssues } from "../../src/study/resolve.ts";
import { runVirtual } from "../support/virtual-study.ts";

const spec = (scheduler: Component, goal: "minimize" | "maximize" = "minimize"): StudySpec => ({
  name: "test",
  metric: { name: "loss", goal },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  strategy: { sampler: "random", scheduler },
  budget: { max: 4, unit: "epochs" },
  stop: { trials: 8 },
  seed: 1,
});

/** The final losses 1 … 5 come first, then what is to be judged. */
const run = async (given: StudySpec, curve: (step: number) => number): Promise<string | undefined> => {
  const sign = given.metric.goal === "maximize" ? -1 : 1;
  const { history } = await runVirtual({
    spec: given,
    objective: { loss: ({ trial }, step) => sign * (trial < 5 ? trial + 1 + (4 - step) : curve(step)) },
  });
  return history.runs[5]?.stopReason;
};

describe("the median rule", () => {
  it("stops a run whose best value so far is worse than the median of what completed trials had by then", async () => {
    // Completed trials had 4, 5, 6, 7, 8 at step 1: their median is 6.
    expect(await run(spec("median"), () => 6.01)).toBe(
      "stopped at step 1: its best loss by then, 6.01, is worse than 6, the median of 5 completed trials",
    );
    expect(await run(spec("median"), () => 6)).toMatch(/^stopped at step 2: .* 6, is worse than 5, the median/);
    expect(await run(spec("median"), (step) => 6 - (step - 1))).toBeUndefined();
  });

  it("judges the best value so far, not the last", async () => {
    expect(await run(spec("median"), (step) => (step === 1 ? 0.5 : 100))).toBeUndefined();
  });

  it("knows the other direction", async () => {
    expect(await run(spec("median", "maximize"), () => 6.01)).toMatch(
      /^stopped at step 1: .* -6.01, is worse than -6,/,
    );
    expect(await run(spec("median", "maximize"), () => 2)).toBeUndefined();
  });

  it("stops more with a lower percentile, and says which", async () => {
    expect(await run(spec({ name: "median", percentile: 25 }), () => 5.5)).toMatch(
      /is worse than 5, the limit of the best 25% of 5 completed trials$/,
    );
    expect(await run(spec({ name: "median", percentile: 75 }), () => 6.9)).toMatch(/^stopped at step 2/);
  });

  it("waits for enough completed trials, and for the first steps", async () => {
    expect(await run(spec({ name: "median", startup: 6 }), () => 100)).toBeUndefined();
    expect(await run(spec({ name: "median", warmup: 2 }), () => 100)).toMatch(/^stopped at step 3/);
  });

  it("compares at a step that no other trial told with what they had before", async () => {
    const { history } = await runVirtual({
      spec: { ...spec("median"), budget: { max: 5 } },
      objective: { loss: ({ trial }, step) => (trial < 5 ? 1 : step === 1 ? 1 : 2), overrun: 0 },
    });
    expect(history.runs[5]?.stopReason).toBeUndefined();
  });

  it("names every option that cannot be", () => {
    const given = spec({ name: "median", percentile: 101, startup: 0.5, patience: 3 });
    expect(specIssues(given, "/").map(({ path, expected }) => `${path}: ${expected}`)).toEqual([
      "strategy.scheduler.percentile: a number from 0 to 100 (the best so many percent go on: 25 stops more trials than 50, the median)",
      "strategy.scheduler.startup: a whole number of at least 1 (trials to complete before any is stopped)",
      'strategy.scheduler.patience: an option such as "percentile", "startup", "warmup" or "shadow"',
    ]);
  });

  it("takes an option that is undefined for its default, but a name that it does not know for a mistake", async () => {
    const given = spec({ name: "median", startup: undefined, percentile: 25 });
    expect(specIssues(given, "/")).toEqual([]);
    expect(await run(given, () => 5.5)).toMatch(/is worse than 5, the limit of the best 25% of 5 completed trials$/);
    expect(specIssues(spec({ name: "median", startups: undefined }), "/")).toMatchObject([
      { path: "strategy.scheduler.startups" },
    ]);
    expect(specIssues(spec({ name: "median", startup: null }), "/")).toMatchObject([
      { path: "strategy.scheduler.startup" },
    ]);
  });
});

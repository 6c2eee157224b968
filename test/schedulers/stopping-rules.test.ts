import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantile } from "simple-statistics";
import type { Component, StudySpec } from "../../src/space/spec.ts";
import { resolveSpec, specIssues } from "../../src/study/resolve.ts";
import { runVirtual, type VirtualObjective } from "../support/virtual-study.ts";

/** `percentile`, `threshold` and `patient`: what stops a run, what does not, and which options there are. */

const spec = (scheduler: Component, extra: Partial<StudySpec> = {}): StudySpec => ({
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  strategy: { sampler: "random", scheduler },
  budget: { max: 10, unit: "epochs" },
  stop: { trials: 1 },
  seed: 1,
  ...extra,
});

/** Why a run with this curve, steps 1, 2, …, is stopped. */
const stopOf = async (
  scheduler: Component,
  curve: readonly number[],
  { goal = "minimize", ...more }: Partial<VirtualObjective> & { readonly goal?: "minimize" | "maximize" } = {},
): Promise<string | undefined> => {
  const { history } = await runVirtual({
    spec: spec(scheduler, { budget: { max: curve.length }, metric: { name: "loss", goal } }),
    objective: { loss: (_, step) => curve[Math.ceil(step) - 1] as number, ...more },
  });
  expect(history.finished?.failed).toBe(false);
  return history.runs[0]?.stopReason;
};

const issues = (scheduler: Component): readonly string[] =>
  specIssues(spec(scheduler), "/").map(({ path, expected, received, hint }) =>
    [`${path}: ${expected}`, received, ...(hint === undefined ? [] : [hint])].join("; "),
  );

describe("the percentile rule", () => {
  const run = async (scheduler: Component): Promise<string | undefined> => {
    const { history } = await runVirtual({
      spec: spec(scheduler, { stop: { trials: 6 } }),
      objective: { loss: ({ trial }) => (trial < 5 ? trial + 1 : 2.5) },
    });
    return history.runs[5]?.stopReason;
  };

  it("is the median rule with another default", async () => {
    expect(quantile([1, 2, 3, 4, 5], 0.25)).toBe(2);
    expect(await run("percentile")).toBe(
      "stopped at step 1: its best loss by then, 2.5, is worse than 2, the limit of the best 25% of 5 completed trials",
    );
    expect(await run({ name: "percentile", percentile: 60 })).toBeUndefined();
    expect(await run({ name: "percentile", startup: 6 })).toBeUndefined();
    expect(await run({ name: "percentile", warmup: 3 })).toMatch(/^stopped at step 4/);
    expect(await run("median")).toBeUndefined();
    expect(await run({ name: "median", percentile: 25 })).toBe(await run("percentile"));
  });
});

describe("the threshold rule", () => {
  it("stops a run at a report beyond a bound, and at no other", async () => {
    expect(await stopOf({ name: "threshold", upper: 4 }, [1, 4, 4.5, 1, 1])).toBe(
      "stopped at step 3: its loss, 4.5, is above the upper bound of 4",
    );
    expect(await stopOf({ name: "threshold", lower: -1 }, [1, -1, -2, 1, 1])).toBe(
      "stopped at step 3: its loss, -2, is below the lower bound of -1",
    );
    expect(await stopOf({ name: "threshold", lower: 0, upper: 0 }, [0, 0, 1e-300, 0])).toMatch(/^stopped at step 3/);
    expect(await stopOf({ name: "threshold", lower: 0, upper: 5 }, [5, 0, 3, 5])).toBeUndefined();
  });

  it("never judges the first steps, nor the last", async () => {
    expect(await stopOf({ name: "threshold", upper: 4, warmup: 2 }, [9, 9, 1, 1])).toBeUndefined();
    expect(await stopOf({ name: "threshold", upper: 4, warmup: 2 }, [9, 9, 9, 1])).toMatch(/^stopped at step 3/);
    expect(await stopOf({ name: "threshold", upper: 4 }, [1, 1, 1, 9])).toBeUndefined();
  });

  it("knows no direction", async () => {
    for (const goal of ["minimize", "maximize"] as const)
      expect(await stopOf({ name: "threshold", upper: 4 }, [1, 9, 1, 1], { goal })).toMatch(/^stopped at step 2/);
  });

  it("stops as the bounds say, whatever they are, and whatever was reported before", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 2, maxLength: 12 }),
        fc.double({ min: -10, max: 0, noNaN: true }),
        fc.double({ min: 0, max: 10, noNaN: true }),
        fc.nat(4),
        async (curve, lower, upper, warmup) => {
          const beyond = curve.findIndex(
            (value, index) => index + 1 > warmup && index + 1 < curve.length && (value < lower || value > upper),
          );
          const reason = await stopOf({ name: "threshold", lower, upper, warmup }, curve);
          if (beyond === -1) expect(reason).toBeUndefined();
          else expect(reason).toContain(`stopped at step ${beyond + 1}: `);
        },
      ),
    );
  });

  it("needs a bound, and room between two", () => {
    const neither =
      'strategy.scheduler: "lower" or "upper", or both, for "threshold"; neither; write for example { "name": "threshold", "upper": 10 }';
    expect(issues("threshold")).toEqual([neither]);
    expect(issues({ name: "threshold", warmup: 3 })).toEqual([neither]);
    expect(issues({ name: "threshold", lower: 2, upper: 1 })).toEqual([
      'strategy.scheduler: "lower" to be at most "upper"; lower 2 and upper 1',
    ]);
    expect(issues({ name: "threshold", lower: -2, upper: undefined })).toEqual([]);
    expect(issues({ name: "threshold", uper: 1 })).toEqual([
      'strategy.scheduler.uper: an option such as "lower", "upper" or "warmup"; "uper"; did you mean "upper"?',
    ]);
    expect(issues({ name: "threshold", upper: Infinity })[0]).toMatch(
      /^strategy.scheduler.upper: a number \(a run is stopped where its metric is above\)/,
    );
  });

  it("records the bound that was given, and no other", () => {
    const { scheduler } = resolveSpec(spec({ name: "threshold", upper: 3 }), {
      subject: "the test's spec",
      specFolder: "/",
      studyFolder: null,
      objective: "function",
    });
    expect(scheduler).toEqual({ name: "threshold", upper: 3, warmup: 0 });
  });
});

describe("the patient rule", () => {
  it("stops a run whose best stood still for so many steps", async () => {
    expect(await stopOf({ name: "patient", patience: 3 }, [5, 4, 4, 4.5, 4, 3, 2, 1])).toBe(
      "stopped at step 5: its best loss of the last 3 steps, 4, is no better than 4, its best before",
    );
    expect(await stopOf({ name: "patient", patience: 4 }, [5, 4, 4, 4.5, 4, 3, 2, 1])).toBeUndefined();
    expect(await stopOf("patient", [1, 1, 1, 1, 1, 1, 1])).toMatch(/^stopped at step 6: .* of the last 5 steps/);
  });

  it("takes no small step for an improvement, but the sum of them", async () => {
    const slow = [5, 4.75, 4.5, 4.25, 4, 3.75];
    expect(await stopOf({ name: "patient", patience: 2, delta: 0.5 }, slow)).toBe(
      "stopped at step 3: its best loss of the last 2 steps, 4.5, is not better by more than 0.5 than 5, its best before",
    );
    expect(await stopOf({ name: "patient", patience: 3, delta: 0.5 }, slow)).toBeUndefined();
  });

  it("knows the other direction", async () => {
    const patience = { name: "patient", patience: 2 };
    expect(await stopOf(patience, [1, 2, 3, 4, 5], { goal: "maximize" })).toBeUndefined();
    expect(await stopOf(patience, [5, 4, 3, 2, 1], { goal: "maximize" })).toBe(
      "stopped at step 3: its best loss of the last 2 steps, 4, is no better than 5, its best before",
    );
  });

  it("never judges the first steps, nor the last", async () => {
    expect(await stopOf({ name: "patient", patience: 2, warmup: 4 }, [1, 1, 1, 1, 1, 1])).toMatch(/^stopped at step 5/);
    expect(await stopOf({ name: "patient", patience: 3 }, [1, 1, 1, 1])).toBeUndefined();
    expect(await stopOf({ name: "patient", patience: 3 }, [1, 1, 1, 1, 1])).toMatch(/^stopped at step 4/);
  });

  it("counts steps, not reports", async () => {
    const patient = { name: "patient", patience: 4 };
    const flat = [1, 1, 1, 1, 1, 1, 1, 1, 1];
    expect(await stopOf(patient, flat, { stride: 0.5 })).toMatch(/^stopped at step 4.5/);
    // Steps 2, 4 and 6 are told.
    expect(await stopOf(patient, flat, { tells: (_, step) => step % 2 === 0 })).toMatch(/^stopped at step 6/);
  });

  it("needs an option that can be", () => {
    expect(issues({ name: "patient", patience: 0, delta: -1 })).toEqual([
      "strategy.scheduler.patience: a number of at least 1 (steps without an improvement that every trial may do); 0",
      "strategy.scheduler.delta: a number of at least 0 (an improvement is more than this, in the metric's own measure); -1",
    ]);
  });
});

it("refuses an infinite option, which a journal could not keep", () => {
  expect(issues({ name: "median", warmup: Infinity })).toHaveLength(1);
  expect(issues({ name: "median", startup: Infinity })).toHaveLength(1);
});

it("says what is near to a word that is none", () => {
  expect(issues("tresholds")[0]).toContain('did you mean "threshold"?');
  expect(specIssues({ ...spec("full"), strategy: "ahsa" }, "/")[0]?.hint).toBe('did you mean "asha"?');
});

it("needs a budget for asha", () => {
  const { budget: _, ...given } = spec("asha");
  expect(specIssues(given, "/")).toMatchObject([{ path: "strategy.scheduler", received: "no budget" }]);
});

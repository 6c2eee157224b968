import { describe, expect, it } from "vitest";
import type { StudySpec } from "../../src/space/spec.ts";
import { resolveSpec } from "../../src/study/resolve.ts";
import { strategyOf } from "../../src/study/strategies.ts";

const resolved = (budget?: StudySpec["budget"]): readonly string[] => {
  const spec: StudySpec = {
    name: "test",
    metric: { name: "loss", goal: "minimize" },
    parameters: { x: { type: "float", low: 0, high: 1 } },
    ...(budget && { budget }),
  };
  const facts = { subject: "the spec", specFolder: "/", studyFolder: null, objective: "function" } as const;
  const { sampler, scheduler } = resolveSpec(spec, facts);
  return [sampler.name, scheduler.name];
};

describe("the strategy of a study that names none", () => {
  it("is curve where the budget has room for a rung below its end", () => {
    expect(resolved({ min: 1, max: 27 })).toEqual(["auto", "curve"]);
    expect(resolved({ min: 1, max: 3 })).toEqual(["auto", "curve"]);
    expect(resolved({ min: 3, max: 6, eta: 2 })).toEqual(["auto", "curve"]);
    expect(resolved({ min: 0.5, max: 1.5 })).toEqual(["auto", "curve"]);
    expect(strategyOf("curve")).toEqual({ sampler: "auto", scheduler: "curve" });
  });

  it("is bayesian, with full trainings, where it has none, or where there is no budget", () => {
    expect(resolved()).toEqual(["auto", "full"]);
    expect(resolved({ min: 1, max: 2 })).toEqual(["auto", "full"]);
    expect(resolved({ min: 9, max: 9 })).toEqual(["auto", "full"]);
    expect(resolved({ min: 3, max: 6 })).toEqual(["auto", "full"]);
  });
});

import { describe, expect, it } from "vitest";
import type { Parameters, Params } from "../../src/space/parameter.ts";
import { importBench } from "./import-bench.ts";
import type { Problem } from "./problem.ts";

const { distance, nearestPending } = await importBench<{
  readonly distance: (parameters: Parameters, a: Params, b: Params) => number;
  readonly nearestPending: (parameters: Parameters, params: Params, pending: readonly Params[]) => number | null;
}>("nearest-pending.mjs");
const { toParameters } = await importBench<{
  readonly toParameters: (space: readonly Readonly<Record<string, unknown>>[]) => Parameters;
}>("problem-folder.mjs");
const { ackley, expandFunction, functionProblem, rosenbrock } = await importBench<{
  readonly ackley: (x: readonly number[]) => number;
  readonly rosenbrock: (x: readonly number[]) => number;
  readonly expandFunction: (word: string) => string[];
  readonly functionProblem: (word: string) => Problem;
}>("functions.mjs");
const { uniforms } = await importBench<{ readonly uniforms: (count: number) => Float64Array }>("pcg64.mjs");

describe("a folder's space", () => {
  it("becomes parameters whose conditions all hold at once", () => {
    const space = [
      { name: "learner", type: "categorical", choices: ["a", "b", "c"] },
      { name: "depth", type: "int", low: 1, high: 9, log: true, active_if: [{ param: "learner", in: ["a", "b"] }] },
      {
        name: "leaf",
        type: "ordinal",
        values: [1, 2],
        active_if: [
          { param: "learner", in: ["a", "b"] },
          { param: "depth", in: [3, 4] },
          { param: "learner", in: ["b", "c"] },
        ],
      },
    ];
    expect(toParameters(space)).toEqual({
      learner: { type: "categorical", choices: ["a", "b", "c"] },
      depth: { type: "int", low: 1, high: 9, log: true, when: { learner: ["a", "b"] } },
      leaf: { type: "ordinal", values: [1, 2], when: { learner: ["b"], depth: [3, 4] } },
    });
  });
});

describe("the distance of two configurations", () => {
  const parameters: Parameters = {
    rate: { type: "float", low: 1e-4, high: 1, log: true },
    width: { type: "int", low: 10, high: 20 },
    batch: { type: "ordinal", values: [16, 32, 64, 256, 1024] },
    kind: { type: "categorical", choices: ["a", "b"] },
    extra: { type: "float", low: 0, high: 1, when: { kind: ["b"] } },
  };
  const origin = { rate: 1e-4, width: 10, batch: 16, kind: "a" };

  it.each([
    ["a share of the range", { width: 13 }, 0.3],
    ["a share of the logarithm's range", { rate: 1e-3 }, 0.25],
    ["places of an ordinal", { batch: 64 }, 0.5],
    ["the largest of several", { rate: 1e-3, width: 13 }, 0.3],
    ["1 for another category", { kind: "b" }, 1],
    ["1 for what one of them lacks", { extra: 0 }, 1],
    ["0 for the same", {}, 0],
  ])("is %s", (_, change, expected) => {
    expect(distance(parameters, origin, { ...origin, ...change })).toBeCloseTo(expected, 12);
  });

  it("to what is pending is the smallest one", () => {
    const at = (width: number): Params => ({ ...origin, width });
    expect(nearestPending(parameters, at(14), [at(10), at(16), at(20)])).toBeCloseTo(0.2, 12);
    expect(nearestPending(parameters, at(14), [])).toBeNull();
  });
});

describe("test functions", () => {
  it("have their known optima and values", () => {
    expect(ackley([0, 0, 0])).toBeCloseTo(0, 12);
    // 20 − 20 e^(−0.2) + e − e, by hand: the cosines are 1 at whole numbers.
    expect(ackley([1, -1])).toBeCloseTo(20 - 20 * Math.exp(-0.2), 12);
    expect(rosenbrock([1, 1, 1])).toBe(0);
    expect(rosenbrock([-1, 2, 0])).toBe(100 + 4 + 1600 + 1);
  });

  it("are normalised by NumPy's points", () => {
    // numpy.random.default_rng(0).random(3)
    expect([...uniforms(3)]).toEqual([0.6369616873214543, 0.2697867137638703, 0.04097352393619469]);
  });

  it.each([
    // bench/optuna_functions.py: (f(x) - optimum) / (typical - optimum) at low + (high - low) * (i + 1) / 7
    ["branin", 1.7103026506293908],
    ["hartmann6", 0.9732659023651578],
    ["ackley-10", 1.0270820476457634],
    ["rosenbrock-5", 0.22308295070168946],
  ])("have the regret that Python gives: %s", (word, expected) => {
    const { parameters, evaluate, nregret } = functionProblem(word);
    const params = Object.fromEntries(
      Object.entries(parameters).map(([name, parameter], i) => {
        const { low, high } = parameter as { readonly low: number; readonly high: number };
        return [name, low + ((high - low) * (i + 1)) / 7];
      }),
    );
    expect(nregret(evaluate(params).loss)).toBeCloseTo(expected, 10);
  });

  it("take a star for every function or instance", () => {
    expect(expandFunction("bbob-f*-i2-d5")).toHaveLength(24);
    expect(expandFunction("bbob-f3-i*-d10")).toEqual([1, 2, 3, 4, 5].map((i) => `bbob-f3-i${i}-d10`));
    expect(expandFunction("ackley-10")).toEqual(["ackley-10"]);
  });
});

import { describe, expect, it } from "vitest";
import { MAXIMUM_POINTS, type GpCore } from "../../src/numerics/gp-core.ts";
import { createPlainGpCore } from "../../src/numerics/gp-core-plain.ts";
import { createWasmGpCore } from "../../src/numerics/gp-core-wasm.ts";
import { answer, randomProblem } from "./gp-problem.ts";

const floats = (...values: number[]): Float64Array => Float64Array.from(values);
const zeros = (length: number): Float64Array => new Float64Array(length);

describe.each([
  ["plain", createPlainGpCore],
  ["WebAssembly", createWasmGpCore],
])("the %s core", (_, create) => {
  /** Row `copy` repeats row 0; with amplitude 1 its pivot is 0 without a rounding. */
  it.each([1, 3, 4, 66, 130])("names the row whose pivot was not positive: %i", (copy) => {
    const core = create();
    const { rows, weights } = randomProblem("twins", {
      points: 140,
      count: 140,
      numeric: 3,
      mismatch: 1,
      candidates: 1,
    });
    rows.copyWithin(4 * copy, 0, 4);
    core.setPoints(rows, 140, 3, 1);
    expect(core.factor(weights, 1, 0, 140, true)).toBe(copy);
    expect(() => core.solve(zeros(140))).toThrow("solve needs factor first; the last step that succeeded is setPoints");
    expect(core.factor(weights, 1, 0.01, 140, true)).toBe(-1);
    core.solve(zeros(140));
  });

  it("answers NaN for a candidate that is not a number, and no other", () => {
    const core = create();
    answer(core, randomProblem("nan", { points: 9, count: 9, numeric: 1, mismatch: 0, candidates: 1 }));
    const [mean, variance] = [zeros(3), zeros(3)];
    core.posterior(floats(0.5, NaN, 0.5), 3, mean, variance);
    expect([...mean, ...variance].map(Number.isNaN)).toEqual([false, true, false, false, true, false]);
    expect(mean[0]).toBe(mean[2]);
  });

  /** A core with 3 points of 2 features, taken so far. */
  const upTo = (step: "points" | "factor" | "solve", gradient = false): GpCore => {
    const core = create();
    core.setPoints(floats(0, 1, 0.5, 0, 1, 1), 3, 1, 1);
    if (step === "points") return core;
    core.factor(floats(1, 1), 1, 0.1, 3, gradient);
    if (step === "solve") core.solve(floats(1, 2, 3));
    return core;
  };

  it.each<[string, () => unknown]>([
    [
      "factor needs setPoints first; the last step that succeeded is nothing",
      () => create().factor(zeros(1), 1, 1, 1, false),
    ],
    ["logDeterminant needs factor first", () => upTo("points").logDeterminant()],
    ["invertFactor needs factor first", () => upTo("points").invertFactor()],
    ["likelihoodGradient needs solve first", () => upTo("factor", true).likelihoodGradient(zeros(4))],
    ["asked to keep the gradient", () => upTo("solve").likelihoodGradient(zeros(4))],
    [
      "needs solve with all 3 points, it had 2",
      () => {
        const core = upTo("factor", true);
        core.solve(floats(1, 2));
        core.likelihoodGradient(zeros(4));
      },
    ],
    ["inverseDiagonal needs invertFactor or likelihoodGradient first", () => upTo("solve").inverseDiagonal(zeros(3))],
    ["posterior needs invertFactor first", () => upTo("solve").posterior(zeros(2), 1, zeros(1), zeros(1))],
    [
      "posteriorGradient needs invertFactor first",
      () => {
        const core = upTo("solve", true);
        core.likelihoodGradient(zeros(4));
        core.posteriorGradient(zeros(2), zeros(2), zeros(1), zeros(1));
      },
    ],
    [
      "needs invertFactor first",
      () => {
        const core = upTo("solve");
        core.invertFactor();
        core.factor(floats(1, 1), 1, 0.2, 3, false);
        core.solve(floats(1, 2, 3));
        core.posterior(zeros(2), 1, zeros(1), zeros(1));
      },
    ],
  ])("refuses a call out of order: %s", (message, call) => {
    expect(call).toThrow(message);
  });

  it.each<[string, () => unknown]>([
    [
      `count must be a whole number from 1 to ${MAXIMUM_POINTS}, is ${MAXIMUM_POINTS + 1}`,
      () => create().setPoints(zeros(MAXIMUM_POINTS + 1), MAXIMUM_POINTS + 1, 1, 0),
    ],
    ["count must be a whole number from 1", () => create().setPoints(zeros(0), 0, 1, 0)],
    ["points must hold 6 numbers, holds 5", () => create().setPoints(zeros(5), 3, 1, 1)],
    ["points[1] must be finite, is NaN", () => create().setPoints(floats(1, NaN), 2, 1, 0)],
    ["mismatch must be a whole number from 0 to 24, is 25", () => create().setPoints(zeros(1025), 1, 1000, 25)],
    ["numeric must be a whole number", () => create().setPoints(zeros(3), 2, 1.5, 0)],
    ["weights must hold 2 numbers, holds 1", () => upTo("points").factor(zeros(1), 1, 1, 3, false)],
    ["weights[1] must be 0 or more, is -1", () => upTo("points").factor(floats(1, -1), 1, 1, 3, false)],
    ["weights[0] must be finite, is Infinity", () => upTo("points").factor(floats(Infinity, 1), 1, 1, 3, false)],
    ["amplitude must be finite and more than 0, is 0", () => upTo("points").factor(zeros(2), 0, 1, 3, false)],
    ["diagonal must be finite and 0 or more, is NaN", () => upTo("points").factor(zeros(2), 1, NaN, 3, false)],
    ["count must be a whole number from 1 to 3, is 4", () => upTo("points").factor(zeros(2), 1, 1, 4, false)],
    ["y.length must be a whole number from 1 to 3, is 4", () => upTo("factor").solve(zeros(4))],
    ["alpha must hold 3 numbers, holds 2", () => upTo("factor").solve(zeros(2), zeros(2))],
    ["out must hold 4 numbers, holds 3", () => upTo("solve", true).likelihoodGradient(zeros(3))],
  ])("refuses an argument out of range: %s", (message, call) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});

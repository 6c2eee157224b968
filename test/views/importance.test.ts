import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/numerics/rng.ts";
import { valueCount } from "../../src/space/cardinality.ts";
import { decodeParams } from "../../src/space/decode.ts";
import type { Parameter, Parameters, Params } from "../../src/space/parameter.ts";
import { createSpace } from "../../src/space/space.ts";
import { FEWEST_TRIALS, importanceOf, type ImportanceTask } from "../../src/views/importance.ts";
import { spaces } from "../support/spaces.ts";

const FLOAT: Parameter = { type: "float", low: 0, high: 1 };

/** Uniform configurations, each with its value. */
function tried(
  parameters: Parameters,
  count: number,
  value: (params: Params, row: number) => number,
  seed = "trials",
): ImportanceTask["trials"] {
  const space = createSpace(parameters);
  const rng = createRng(seed, 0, "sample");
  return Array.from({ length: count }, (_, row) => {
    const params = decodeParams(space, () => rng.uniform());
    return { params, value: value(params, row), budget: 1 };
  });
}

const sharesOf = (task: ImportanceTask): Record<string, number> => {
  const { shares, problem } = importanceOf(task);
  expect(problem).toBeNull();
  return Object.fromEntries(shares.map(({ parameter, share }) => [parameter, share]));
};

describe("shares", () => {
  test("add up to 1, one for each parameter, largest first, in any space and with any values", () => {
    const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(spaces, values, fc.string(), (parameters, list, seed) => {
        const trials = tried(parameters, 12, (_, row) => list[row] as number, seed);
        const { shares, problem } = importanceOf({ parameters, trials });
        if (problem !== null) {
          expect(shares).toEqual([]);
          return;
        }
        expect(shares.map(({ parameter }) => parameter).toSorted()).toEqual(Object.keys(parameters).toSorted());
        for (const { parameter, share } of shares) {
          expect(share).toBeGreaterThanOrEqual(0);
          if (valueCount(parameters[parameter] as Parameter) === 1 && parameters[parameter]?.when === undefined)
            expect(share).toBe(0);
        }
        expect(shares).toEqual(shares.toSorted((a, b) => b.share - a.share));
        expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
      }),
      { numRuns: 60 },
    );
  });

  test("go by each parameter's own scale", () => {
    // Four decades: the same curve on the log scale as that of `plain` on its own.
    const parameters: Parameters = { log: { type: "float", low: 1e-4, high: 1, log: true }, plain: FLOAT };
    const trials = tried(parameters, 600, (p) => Math.log10(p["log"] as number) / 4 + (p["plain"] as number));
    const { log = 0, plain = 0 } = sharesOf({ parameters, trials });
    expect(Math.abs(log - plain)).toBeLessThan(0.1);
  });

  test("of a child are those of its values, and of its parent that it is there", () => {
    const parameters: Parameters = {
      optimizer: { type: "categorical", choices: ["sgd", "adam"] },
      layers: { type: "int", low: 1, high: 4 },
      momentum: { ...FLOAT, when: { optimizer: ["sgd"] } },
      // Layers 1 and 3 are no neighbours.
      skip: { ...FLOAT, when: { layers: [1, 3] } },
      idle: { ...FLOAT, when: { layers: [2, 4], optimizer: ["adam"] } },
    };
    const trials = tried(
      parameters,
      1000,
      (p) => (p["optimizer"] === "sgd" ? 1 : 0) + 2 * ((p["skip"] as number | undefined) ?? 0.5),
    );
    // optimizer ¼; skip ½ · 4/12 = 1/6; together 5/12.
    const shares = sharesOf({ parameters, trials });
    expect(Math.abs((shares["optimizer"] as number) - 0.6)).toBeLessThan(0.03);
    expect(Math.abs((shares["skip"] as number) - 0.4)).toBeLessThan(0.03);
    for (const name of ["momentum", "layers", "idle"]) expect(shares[name]).toBeLessThan(0.01);
  });

  test("follow a parameter when it is renamed", () => {
    const parameters: Parameters = {
      a: FLOAT,
      b: { type: "ordinal", values: [1, 2, 4] },
      c: { type: "int", low: 1, high: 9 },
    };
    const trials = tried(parameters, 60, (p) => (p["a"] as number) + (p["b"] as number) ** 2 / (p["c"] as number));
    const renamed = (object: Readonly<Record<string, unknown>>): never =>
      Object.fromEntries(Object.entries(object).map(([name, value]) => [`z${name}`, value])) as never;
    const before = importanceOf({ parameters, trials }).shares;
    const after = importanceOf({
      parameters: renamed(parameters),
      trials: trials.map(({ params, ...rest }) => ({ ...rest, params: renamed(params) })),
    }).shares;
    expect(after).toEqual(before.map(({ parameter, share }) => ({ parameter: `z${parameter}`, share })));
  });

  test("of ten thousand trials come from a random part of them, and it is said", () => {
    const parameters: Parameters = { a: FLOAT, b: FLOAT };
    const trials = tried(parameters, 10_000, (p) => 2 * (p["a"] as number) + (p["b"] as number));
    const importance = importanceOf({ parameters, trials });
    expect(importance).toMatchObject({ trials: 4000, note: "A random part of 10000 trials stands for all of them." });
    expect(Math.abs((importance.shares[0]?.share as number) - 0.8)).toBeLessThan(0.02);
  });
});

describe("values far beyond the others", () => {
  const parameters: Parameters = { a: FLOAT, b: FLOAT, c: FLOAT };
  const regular = tried(parameters, 100, (p) => 2 * (p["a"] as number) + (p["b"] as number));

  test("do not decide alone, and it is said", () => {
    const trials = regular.map((trial, row) => (row % 50 === 7 ? { ...trial, value: 1e18 } : trial));
    const { shares, note } = importanceOf({ parameters, trials });
    expect(note).toBe("2 values lie far beyond the others and count as nearer ones.");
    const one = importanceOf({
      parameters,
      trials: trials.map((trial, row) => (row === 7 ? (regular[7] ?? trial) : trial)),
    });
    expect(one.note).toBe("1 value lies far beyond the others and counts as a nearer one.");
    const nearer = trials.map((trial) => ({ ...trial, value: Math.min(trial.value ?? 0, 1e6) }));
    expect(importanceOf({ parameters, trials: nearer }).shares).toEqual(shares);
  });

  test("are no values of a study in which most are the same", () => {
    const trials = regular.map((trial, row) => ({ ...trial, value: row < 90 ? 1 : (trial.value as number) }));
    expect(importanceOf({ parameters, trials })).toMatchObject({ problem: null, note: null });
  });
});

describe("what compares", () => {
  const parameters: Parameters = { a: FLOAT, b: FLOAT };
  const full = tried(parameters, 40, (p) => p["a"] as number);

  test("are values at the largest budget", () => {
    const early = tried(parameters, 200, (p) => 100 * (p["b"] as number), "early");
    const trials = [...early, ...full.map((trial) => ({ ...trial, budget: 9 }))];
    const mixed = importanceOf({ parameters, trials });
    expect(mixed).toEqual({ ...importanceOf({ parameters, trials: full }), budget: 9 });
    expect(mixed).toMatchObject({ trials: 40, note: null });
    expect(mixed.shares[0]?.parameter).toBe("a");
  });

  test("are no trials without a value", () => {
    const without = full.flatMap((trial) => [trial, { ...trial, value: null, budget: null }]);
    expect(importanceOf({ parameters, trials: without })).toEqual(importanceOf({ parameters, trials: full }));
  });
});

describe("why there is nothing", () => {
  const parameters: Parameters = { a: FLOAT, b: FLOAT };
  const some = (count: number, budget = 1): ImportanceTask["trials"] =>
    tried(parameters, count, (p) => p["a"] as number).map((trial) => ({ ...trial, budget }));

  test.each<[string, ImportanceTask, string]>([
    ["no trials", { parameters, trials: [] }, "No trial has a value: it takes 8 to say which parameters matter."],
    ["one", { parameters, trials: some(1) }, "1 trial has a value: it takes 8 to say which parameters matter."],
    ["too few", { parameters, trials: some(7) }, "7 trials have a value: it takes 8 to say which parameters matter."],
    [
      "too few at the largest budget",
      { parameters, trials: [...some(50), ...some(3, 9)] },
      "3 trials have a value at the largest budget: it takes 8 to say which parameters matter.",
    ],
    [
      "equal values",
      { parameters, trials: tried(parameters, 20, () => 3) },
      "All 20 trials have the same value: no parameter made a difference.",
    ],
    [
      "one parameter",
      { parameters: { a: FLOAT }, trials: tried({ a: FLOAT }, 20, (p) => p["a"] as number) },
      "The study has one parameter: there is nothing to compare it with.",
    ],
    [
      "parameters of one value",
      {
        parameters: { a: { type: "int", low: 1, high: 1 }, b: { type: "categorical", choices: ["x"] } },
        trials: some(20).map((trial) => ({ ...trial, params: { a: 1, b: "x" } })),
      },
      "No parameter alone explains why the trials' values differ.",
    ],
  ])("%s", (_, task, problem) => {
    expect(importanceOf(task)).toMatchObject({ shares: [], problem, note: null });
  });

  test("nothing, with the fewest trials that will do", () => {
    expect(importanceOf({ parameters, trials: some(FEWEST_TRIALS) })).toMatchObject({
      problem: null,
      trials: FEWEST_TRIALS,
    });
  });
});

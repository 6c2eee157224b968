import { describe, expect, it } from "vitest";
import { formatIssue } from "../../src/errors.ts";
import { checkParams } from "../../src/space/check-params.ts";
import type { Parameters } from "../../src/space/parameter.ts";
import { createSpace } from "../../src/space/space.ts";

const parameters: Parameters = {
  learningRate: { type: "float", low: 1e-4, high: 0.3, log: true },
  layers: { type: "int", low: 1, high: 3 },
  dropout: { type: "float", low: 0, high: 0.6, step: 0.05 },
  batchSize: { type: "ordinal", values: [16, 32] },
  optimizer: { type: "categorical", choices: ["sgd", "momentum"] },
  momentum: { type: "float", low: 0.5, high: 0.99, when: { optimizer: ["momentum"] } },
};
const space = createSpace(parameters);
const good = { learningRate: 0.01, layers: 2, dropout: 0.2, batchSize: 32, optimizer: "sgd" };
const check = (params: unknown, path = ""): string[] => checkParams(space, params, path).map(formatIssue);

describe("checkParams", () => {
  it("has nothing to say about a valid configuration", () => {
    expect(check(good)).toEqual([]);
    expect(check({ ...good, optimizer: "momentum", momentum: 0.9 })).toEqual([]);
  });

  it("names the nearest parameter for an unknown one", () => {
    expect(checkParams(space, { ...good, optimzer: "sgd" }, "enqueue.0")).toEqual([
      {
        path: "enqueue.0.optimzer",
        expected: "one of the parameters learningRate, layers, dropout, batchSize, optimizer, momentum",
        received: '"optimzer"',
        hint: 'did you mean "optimizer"?',
      },
    ]);
  });

  it("asks for an active parameter", () => {
    const { layers: _layers, ...rest } = good;
    expect(check({ ...rest, optimizer: "momentum" }, "enqueue.3")).toEqual([
      "enqueue.3.layers: expected an integer from 1 to 3, received nothing — a configuration names every active parameter",
      "enqueue.3.momentum: expected a number from 0.5 to 0.99, received nothing — it is active here",
    ]);
  });

  it("refuses an inactive parameter", () => {
    expect(check({ ...good, momentum: 0.9 })).toEqual([
      'momentum: expected nothing, since momentum is inactive here, received 0.9 — leave it out; it is active when optimizer is "momentum"',
    ]);
  });

  it("refuses values off the bounds, the steps and the choices, all at once and in the order written", () => {
    const params = { optimizer: "sdg", batchSize: 24, dropout: 0.12, layers: 2.5, learningRate: Number.NaN };
    expect(check(params)).toEqual([
      'optimizer: expected "sgd" or "momentum", received "sdg" — did you mean "sgd"?',
      "batchSize: expected 16 or 32, received 24",
      "dropout: expected a number from 0 to 0.6 in steps of 0.05, received 0.12 — the nearest value is 0.1",
      "layers: expected an integer from 1 to 3, received 2.5",
      "learningRate: expected a number from 0.0001 to 0.3, received NaN",
    ]);
  });

  it("names the nearest value on the steps for one that only rounding keeps off them", () => {
    expect(check({ ...good, dropout: 3 * 0.05 })).toEqual([
      "dropout: expected a number from 0 to 0.6 in steps of 0.05, received 0.15000000000000002 — the nearest value is 0.15",
    ]);
  });

  it("does not guess whether a child is active while its parent's value is wrong", () => {
    expect(checkParams(space, { ...good, optimizer: "adam", momentum: 0.9 }, "").map((issue) => issue.path)).toEqual([
      "optimizer",
    ]);
    expect(checkParams(space, { ...good, optimizer: 3 }, "").map((issue) => issue.path)).toEqual(["optimizer"]);
  });

  it("tells a child of an inactive parent to be left out", () => {
    const nested = createSpace({
      root: { type: "categorical", choices: ["on", "off"] },
      middle: { type: "int", low: 0, high: 3, when: { root: ["on"] } },
      leaf: { type: "float", low: 0, high: 1, when: { middle: [2] } },
    });
    expect(checkParams(nested, { root: "off", leaf: 0.5 }, "").map((issue) => issue.path)).toEqual(["leaf"]);
    expect(checkParams(nested, { root: "on", middle: 2 }, "").map((issue) => issue.path)).toEqual(["leaf"]);
    expect(checkParams(nested, { root: "on", middle: 1 }, "")).toEqual([]);
  });

  it.each([null, 3, "adam", [1, 2], undefined])("refuses %j, which is no configuration", (params) => {
    const [issue, ...more] = checkParams(space, params, "enqueue.0");
    expect(issue?.path).toBe("enqueue.0");
    expect(issue?.expected).toBe("an object with a value for each active parameter");
    expect(more).toEqual([]);
  });

  it("takes names that objects inherit for what they are: unknown", () => {
    const issues = checkParams(space, { ...good, constructor: 1, toString: 2 }, "");
    expect(issues.map((issue) => issue.path)).toEqual(["constructor", "toString"]);
    expect(issues[0]?.expected).toMatch(/^one of the parameters/);
  });
});

import { expect, test } from "vitest";
import { checkSpec } from "../../src/space/check-spec.ts";

const SPEC = {
  name: "x",
  metric: { name: "loss", goal: "minimize" },
  parameters: { lr: { type: "float", low: 0, high: 1 } },
};

test.each([
  [{ direction: "maximize" }, "direction", /"goal": "minimize"/],
  [{ n_trials: 5 }, "n_trials", /"stop": \{ "trials"/],
  [{ trials: 5 }, "trials", /"stop": \{ "trials"/],
  [{ metric: { name: "loss", goal: "minimize", direction: "x" } }, "metric.direction", /"goal"/],
  [{ parameters: { lr: { type: "loguniform", low: 1, high: 2 } } }, "parameters.lr.type", /"float" with "log": true/],
  [{ parameters: { lr: { type: "uniform", low: 1, high: 2 } } }, "parameters.lr.type", /"float"/],
  [{ parameters: { lr: { type: "bool" } } }, "parameters.lr.type", /"choices": \[true, false\]/],
  [{ parameters: { lr: { type: "float", low: 0, high: 1, max: 1 } } }, "parameters.lr.max", /"high"/],
  [{ parameters: { lr: { type: "float", min: 0, max: 1 } } }, "parameters.lr.min", /"low"/],
])("%j is told how to write it", (changes, path, hint) => {
  const issue = checkSpec({ ...SPEC, ...changes }).find((each) => each.path === path);
  expect(issue?.hint).toMatch(hint);
});

test("words that are in every object, such as constructor, are none of another tool's", () => {
  expect(checkSpec({ ...SPEC, constructor: 1, toString: 2 }).map(({ path }) => path)).toEqual([
    "constructor",
    "toString",
  ]);
});

import { describe, expect, it } from "vitest";
import { checkSpec } from "../../src/space/check-spec.ts";
import { check, withParameters } from "./example.ts";

describe("the parameters of a spec", () => {
  it.each<[string, Record<string, unknown>, string]>([
    [
      "low above high",
      { type: "float", low: 0.5, high: 0.1 },
      "high: expected at least low, which is 0.5, received 0.1",
    ],
    [
      "log from zero",
      { type: "float", low: 0, high: 1, log: true },
      "low: expected a number above 0, since log is true, received 0",
    ],
    [
      "integers with log from zero",
      { type: "int", low: 0, high: 8, log: true },
      "low: expected an integer of at least 1, since log is true, received 0",
    ],
    [
      "log with a step",
      { type: "float", low: 0.1, high: 1, log: true, step: 0.1 },
      "step: expected nothing, since log is true, received 0.1 — leave out step or log",
    ],
    [
      "integers with log and a step",
      { type: "int", low: 1, high: 9, log: true, step: 2 },
      "step: expected 1, since log is true, received 2 — leave out step or log",
    ],
    [
      "a step that floats cannot count",
      { type: "float", low: 0, high: 1e300, step: 1e-300 },
      "step: expected a step that makes fewer than 2^53 values, received 1e-300 — leave step out for a continuous parameter",
    ],
    [
      "more steps than can be told apart",
      { type: "float", low: 0, high: 1e17, step: 1 },
      "step: expected a step that makes fewer than 2^53 values, received 1 — leave step out for a continuous parameter",
    ],
    [
      "a repeated choice",
      { type: "categorical", choices: ["a", "b", "a"] },
      'choices.2: expected a value that is not yet in the list, received "a" — it repeats item 0',
    ],
    [
      "a repeated value",
      { type: "ordinal", values: [1, 2, 2] },
      "values.2: expected a value that is not yet in the list, received 2 — it repeats item 1",
    ],
  ])("refuses %s", (_, parameter, message) => {
    expect(check(withParameters({ a: parameter }))).toEqual([`parameters.a.${message}`]);
  });

  it.each<[string, Record<string, unknown>]>([
    ["a single value", { type: "float", low: 0.5, high: 0.5 }],
    ["a step that does not divide the range", { type: "float", low: 0, high: 1, step: 0.3 }],
    ["a step that is wider than the range", { type: "int", low: 0, high: 1, step: 5 }],
    ["integers with log and step 1", { type: "int", low: 1, high: 9, log: true, step: 1 }],
    ["the widest range", { type: "float", low: -Number.MAX_VALUE, high: Number.MAX_VALUE }],
    ["choices that only look alike", { type: "categorical", choices: [1, "1", true, "true", null, "null"] }],
  ])("allows %s", (_, parameter) => {
    expect(check(withParameters({ a: parameter }))).toEqual([]);
  });
});

describe("the conditions of a spec", () => {
  const optimizer = { type: "categorical", choices: ["sgd", "adam"] };
  const layers = { type: "int", low: 1, high: 3 };
  const child = (when: unknown): Record<string, unknown> => ({ type: "float", low: 0, high: 1, when });

  it.each<[string, Record<string, unknown>, string]>([
    [
      "an unknown parent",
      { optimizer, a: child({ optimiser: ["sgd"] }) },
      'a.when.optimiser: expected one of the parameters optimizer, received "optimiser" — did you mean "optimizer"?',
    ],
    [
      "itself",
      { a: child({ a: [1] }) },
      'a.when.a: expected another parameter, received "a" — a parameter cannot depend on itself',
    ],
    [
      "a float",
      { b: { type: "float", low: 0, high: 1 }, a: child({ b: [0.5] }) },
      'a.when.b: expected a categorical, ordinal or int parameter, received "b", which is a float',
    ],
    [
      "a word that the parent never has",
      { optimizer, a: child({ optimizer: ["sgd", "adm"] }) },
      'a.when.optimizer.1: expected "sgd" or "adam", received "adm" — did you mean "adam"?',
    ],
    [
      "a number that the parent never has",
      { layers, a: child({ layers: [4] }) },
      "a.when.layers.0: expected an integer from 1 to 3, received 4",
    ],
    [
      "a repeated value",
      { layers, a: child({ layers: [2, 2] }) },
      "a.when.layers.1: expected a value that is not yet in the list, received 2 — it repeats item 0",
    ],
    [
      "no value",
      { layers, a: child({ layers: [] }) },
      "a.when.layers: expected a list with at least one item, received []",
    ],
    ["no parent", { a: child({}) }, "a.when: expected an object with at least one key, received {}"],
    [
      "a cycle",
      {
        a: { ...optimizer, when: { b: ["sgd"] } },
        b: { ...optimizer, when: { c: ["sgd"] } },
        c: { ...optimizer, when: { a: ["sgd"] } },
      },
      "c.when.a: expected conditions that do not lead back to themselves, received a → b → c → a — remove one of these conditions",
    ],
    [
      "a name that objects inherit",
      { optimizer, a: child({ constructor: ["sgd"] }) },
      'a.when.constructor: expected one of the parameters optimizer, received "constructor"',
    ],
  ])("refuse %s", (_, parameters, message) => {
    expect(check(withParameters(parameters))).toEqual([`parameters.${message}`]);
  });

  it("allow several parents, nesting and a shared grandparent", () => {
    const left = { ...layers, when: { optimizer: ["adam"] } };
    const right = { ...layers, when: { optimizer: ["adam"] } };
    expect(check(withParameters({ leaf: child({ left: [1], right: [2, 3] }), left, right, optimizer }))).toEqual([]);
  });

  it("are not judged by a parent that is itself broken", () => {
    const broken = { type: "categorical", choices: ["sgd", "sgd"] };
    expect(checkSpec(withParameters({ broken, a: child({ broken: ["adam"] }) })).map((issue) => issue.path)).toEqual([
      "parameters.broken.choices.1",
    ]);
    const unknown = { type: "categoricl", choices: ["sgd"] };
    expect(checkSpec(withParameters({ unknown, a: child({ unknown: ["x"] }) })).map((issue) => issue.path)).toEqual([
      "parameters.unknown.type",
    ]);
  });
});

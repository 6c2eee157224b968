import { describe, expect, test } from "vitest";
import { readDistribution, toInternal, writeDistribution } from "../../src/exchange/distributions.ts";
import { parsePython, stringifyPython } from "../../src/exchange/python-json.ts";
import type { Parameter } from "../../src/space/parameter.ts";

describe("distributions", () => {
  // As Optuna 2.10 and 3.0 write them.
  test.each([
    [
      '{"name": "UniformDistribution", "attributes": {"low": 0.0, "high": 1.0}}',
      { kind: "float", low: 0, high: 1, log: false, step: null },
    ],
    [
      '{"name": "LogUniformDistribution", "attributes": {"low": 0.1, "high": 1.0}}',
      { kind: "float", low: 0.1, high: 1, log: true, step: null },
    ],
    [
      '{"name": "DiscreteUniformDistribution", "attributes": {"low": 0.0, "high": 1.0, "q": 0.25}}',
      { kind: "float", low: 0, high: 1, log: false, step: 0.25 },
    ],
    [
      '{"name": "IntUniformDistribution", "attributes": {"low": 1, "high": 9, "step": 2}}',
      { kind: "int", low: 1, high: 9, log: false, step: 2 },
    ],
    [
      '{"name": "IntLogUniformDistribution", "attributes": {"low": 1, "high": 9, "step": 1}}',
      { kind: "int", low: 1, high: 9, log: true, step: 1 },
    ],
    [
      '{"name": "CategoricalDistribution", "attributes": {"choices": ["a", [1, 2], NaN, null]}}',
      { kind: "categorical", choices: ["a", "[1,2]", "NaN", null] },
    ],
  ])("%s", (text, distribution) => {
    expect(readDistribution(text)).toEqual(distribution);
  });

  test.each([
    '{"name": "Gaussian", "attributes": {"low": 0, "high": 1}}',
    "[1]",
    "{",
    '{"name": "CategoricalDistribution", "attributes": {"choices": []}}',
  ])("%s is none", (text) => {
    expect(readDistribution(text)).toEqual(expect.stringContaining(text));
  });

  test.each<[Parameter, number, object]>([
    [
      { type: "float", low: 1e-5, high: 1, log: true },
      0.5,
      { kind: "float", low: 1e-5, high: 1, log: true, step: null },
    ],
    [{ type: "int", low: 0, high: 8, step: 2 }, 4, { kind: "int", low: 0, high: 8, log: false, step: 2 }],
    [{ type: "ordinal", values: [8, 16] }, 1, { kind: "categorical", choices: [8, 16] }],
    [{ type: "categorical", choices: [null, "b"] }, 1, { kind: "categorical", choices: [null, "b"] }],
  ])("%o is written as it is read", (parameter, internal, distribution) => {
    expect(readDistribution(writeDistribution(parameter))).toEqual(distribution);
    const value = { float: 0.5, int: 4, ordinal: 16, categorical: "b" }[parameter.type];
    expect(toInternal(parameter, value)).toBe(internal);
  });
});

describe("JSON of Python", () => {
  const text = '{"a":[NaN,-Infinity,Infinity,1],"NaN":"NaN, \\"Infinity\\" \\\\","b":"\\\\"}';
  const value = { a: [NaN, -Infinity, Infinity, 1], NaN: 'NaN, "Infinity" \\', b: "\\" };

  test("reads bare words, and leaves them alone within texts", () => {
    expect(parsePython(text)).toEqual(value);
  });
  test("writes what it reads", () => {
    expect(stringifyPython(value)).toBe(text);
  });
  test.each(["{", "NaNx", "[Infinity", "nan"])("%s is none", (bad) => {
    expect(() => parsePython(bad)).toThrow(SyntaxError);
  });
});

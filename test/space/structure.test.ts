import { describe, expect, it } from "vitest";
import { checkSpec } from "../../src/space/check-spec.ts";
import { check, withCommand, withParameters, withRoot } from "./example.ts";

describe("the structure of a spec", () => {
  it("names the nearest key for a misspelt one, which is then not missing as well", () => {
    expect(checkSpec(withParameters({ learningRate: { type: "float", low: 1e-4, hihg: 0.3, log: true } }))).toEqual([
      {
        path: "parameters.learningRate.hihg",
        expected: "one of the keys type, low, high, log, step, when",
        received: '"hihg"',
        hint: 'did you mean "high"?',
      },
    ]);
    expect(check(withRoot({ objective: { modul: "./train.js" } }))).toEqual([
      'objective.modul: expected one of the keys module, command, report, received "modul" — did you mean "module"?',
    ]);
  });

  it("offers only keys that are not there yet, and forgives only what the misspelt key explains", () => {
    expect(check(withParameters({ a: { type: "float", low: 0, high: 1, hihg: 1 } }))).toEqual([
      'parameters.a.hihg: expected one of the keys type, low, high, log, step, when, received "hihg"',
    ]);
    const both = { module: "a", command: ["b"], repot: {} };
    expect(checkSpec(withRoot({ objective: both })).map((issue) => issue.path)).toEqual([
      "objective",
      "objective.repot",
    ]);
  });

  it.each<[string, unknown, string]>([
    ["null", null, "(document): expected an object, received null"],
    ["a list", [], "(document): expected an object, received []"],
    [
      "a wrong word",
      withRoot({ metric: { name: "loss", goal: "minimise" } }),
      'metric.goal: expected "minimize" or "maximize", received "minimise" — did you mean "minimize"?',
    ],
    [
      "a missing word",
      withRoot({ metric: { name: "loss" } }),
      'metric.goal: expected "minimize" or "maximize", received nothing — the key "goal" is required',
    ],
    [
      "an unsafe folder",
      withRoot({ name: "../digits" }),
      'name: expected the name of a folder: at most 80 letters, digits, dots, hyphens and underscores, starting with a letter, a digit or an underscore, received "../digits"',
    ],
    ["no parameters", withParameters({}), "parameters: expected an object with at least one key, received {}"],
    [
      "a wrong type of parameter",
      withParameters({ a: { type: "flaot", low: 0, high: "x", when: 3 } }),
      'parameters.a.type: expected "float", "int", "ordinal" or "categorical", received "flaot" — did you mean "float"?',
    ],
    [
      "no type of parameter",
      withParameters({ a: { low: 0, high: 1 } }),
      'parameters.a.type: expected "float", "int", "ordinal" or "categorical", received nothing — the key "type" is required',
    ],
    [
      "a missing bound",
      withParameters({ a: { type: "float", low: 0 } }),
      'parameters.a.high: expected a number, received nothing — the key "high" is required',
    ],
    ["a parameter that is a number", withParameters({ a: 3 }), "parameters.a: expected an object, received 3"],
    [
      "a name with braces",
      withParameters({ "{a}": { type: "int", low: 1, high: 2 } }),
      'parameters.{a}: expected a name without braces and control characters, received "{a}"',
    ],
    [
      "a key of another type of parameter",
      withParameters({ a: { type: "int", low: 0, high: 1, choices: [1] } }),
      'parameters.a.choices: expected one of the keys type, low, high, log, step, when, received "choices"',
    ],
    [
      "NaN",
      withParameters({ a: { type: "float", low: Number.NaN, high: 1 } }),
      "parameters.a.low: expected a number, received NaN",
    ],
    [
      "Infinity",
      withParameters({ a: { type: "float", low: 0, high: Infinity } }),
      "parameters.a.high: expected a number, received Infinity",
    ],
    [
      "half an integer",
      withParameters({ a: { type: "int", low: 0.5, high: 3 } }),
      "parameters.a.low: expected an integer from -9007199254740991 to 9007199254740991, received 0.5",
    ],
    [
      "an integer that is not safe",
      withParameters({ a: { type: "int", low: 0, high: 2 ** 53 } }),
      "parameters.a.high: expected an integer from -9007199254740991 to 9007199254740991, received 9007199254740992",
    ],
    [
      "no choices",
      withParameters({ a: { type: "categorical", choices: [] } }),
      "parameters.a.choices: expected a list with at least one item, received []",
    ],
    [
      "no values",
      withParameters({ a: { type: "ordinal", values: [] } }),
      "parameters.a.values: expected a list with at least one item, received []",
    ],
    [
      "a nested choice",
      withParameters({ a: { type: "categorical", choices: ["x", ["y"]] } }),
      'parameters.a.choices.1: expected a number, a string, true or false or null, received ["y"]',
    ],
    [
      "a step of zero",
      withParameters({ a: { type: "float", low: 0, high: 1, step: 0 } }),
      "parameters.a.step: expected a number above 0, received 0",
    ],
    [
      "half a step",
      withParameters({ a: { type: "int", low: 0, high: 3, step: 0.5 } }),
      "parameters.a.step: expected an integer of at least 1, received 0.5",
    ],
    [
      "no objective",
      withRoot({ objective: {} }),
      "objective: expected an object with either module or command, received {}",
    ],
    [
      "an objective that is a path",
      withRoot({ objective: "./a.js" }),
      'objective: expected an object with either module or command, received "./a.js"',
    ],
    [
      "two objectives",
      withRoot({ objective: { module: "a", command: ["b"] } }),
      'objective: expected an object with either module or command, received {"module":"a","command":["b"]}',
    ],
    ["an empty command", withCommand([]), "objective.command: expected a list with at least one item, received []"],
    [
      "half a strategy",
      withRoot({ strategy: { sampler: "gp" } }),
      'strategy.scheduler: expected a word, or an object with name and options, received nothing — the key "scheduler" is required',
    ],
    [
      "a sampler that is a number",
      withRoot({ strategy: { sampler: 3, scheduler: "full" } }),
      "strategy.sampler: expected a word, or an object with name and options, received 3",
    ],
    [
      "a strategy that is a number",
      withRoot({ strategy: 3 }),
      "strategy: expected a word, or an object with sampler and scheduler, received 3",
    ],
    ["a budget of zero", withRoot({ budget: { min: 0, max: 3 } }), "budget.min: expected a number above 0, received 0"],
    [
      "an eta of one",
      withRoot({ budget: { max: 3, eta: 1 } }),
      "budget.eta: expected a number of at least 2, received 1",
    ],
    [
      "no largest budget",
      withRoot({ budget: {} }),
      'budget.max: expected a number above 0, received nothing — the key "max" is required',
    ],
    ["no trials", withRoot({ stop: { trials: 0 } }), "stop.trials: expected an integer of at least 1, received 0"],
    [
      "half a trial",
      withRoot({ stop: { trials: 1.5 } }),
      "stop.trials: expected an integer of at least 1, received 1.5",
    ],
    [
      "no patience",
      withRoot({ stop: { patience: 0 } }),
      "stop.patience: expected an integer of at least 1, received 0",
    ],
    ["a time in numbers", withRoot({ stop: { time: 30 } }), "stop.time: expected a string, received 30"],
    [
      "fewer than no retries",
      withRoot({ trial: { retries: -1 } }),
      "trial.retries: expected an integer of at least 0, received -1",
    ],
    [
      "a wrong word for GPUs",
      withRoot({ workers: { gpus: "all" } }),
      'workers.gpus: expected "auto", "none" or a list of GPU indices and UUIDs, received "all"',
    ],
    [
      "a wrong GPU",
      withRoot({ workers: { gpus: [0, true] } }),
      'workers.gpus: expected "auto", "none" or a list of GPU indices and UUIDs, received [0,true]',
    ],
    ["a seed of true", withRoot({ seed: true }), "seed: expected a number or a string, received true"],
    ["a word for a switch", withRoot({ reproducible: "yes" }), 'reproducible: expected true or false, received "yes"'],
    ["a configuration that is a number", withRoot({ enqueue: [3] }), "enqueue.0: expected an object, received 3"],
  ])("refuses %s, with one issue", (_, document, message) => {
    expect(check(document)).toEqual([message]);
  });
});

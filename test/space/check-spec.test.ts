import { describe, expect, it } from "vitest";
import { checkSpec } from "../../src/space/check-spec.ts";
import { check, COMMAND, EXAMPLE, withCommand, withRoot } from "./example.ts";

describe("the rest of a spec", () => {
  it.each<[string, unknown, string]>([
    [
      "a metric called step",
      withRoot({ metric: { name: "step", goal: "minimize" } }),
      'metric.name: expected a name other than "step", received "step" — a report says its step and its metrics side by side',
    ],
    [
      "a report beside a module",
      withRoot({ objective: { module: "a.js", report: { pattern: "x" } } }),
      'objective.report: expected no report beside a module, received {"pattern":"x"} — a module calls trial.report',
    ],
    [
      "an optional program",
      withCommand([["python3"], "train.py"]),
      'objective.command.0: expected the program to start, as a non-empty word, received ["python3"]',
    ],
    [
      "an unknown placeholder",
      withCommand(["python3", "--lr={learninRate}", '{"lr": 1}', "\\d{3}"]),
      "objective.command.1: expected a placeholder among {learningRate}, {layers}, {dropout}, {batchSize}, {optimizer}, {momentum}, {budget}, {startStep}, {checkpoint}, {seed}, {trial}, received {learninRate} — did you mean {learningRate}?",
    ],
    [
      "an unknown placeholder in a nested list",
      withCommand(["python3", ["--epochs", "{budgt}"]]),
      "objective.command.1.1: expected a placeholder among {learningRate}, {layers}, {dropout}, {batchSize}, {optimizer}, {momentum}, {budget}, {startStep}, {checkpoint}, {seed}, {trial}, received {budgt} — did you mean {budget}?",
    ],
    [
      "a broken pattern",
      withCommand(["a"], { pattern: "(?<step>\\d+" }),
      'objective.report.pattern: expected a regular expression, received "(?<step>\\\\d+" — Invalid regular expression: /(?<step>\\d+/: Unterminated group',
    ],
    [
      "a pattern without the metric",
      withCommand(["a"], { pattern: "(?<step>\\d+) (?<los>\\d+)" }),
      "objective.report.pattern: expected a named group (?<loss>…), received the groups step, los — put (?<loss>…) around what stands for it",
    ],
    [
      "a smallest budget above the largest",
      withRoot({ budget: { min: 9, max: 3 } }),
      "budget.min: expected at most max, which is 3, received 9",
    ],
    [
      "a largest budget below the default of the smallest",
      withRoot({ budget: { max: 0.5 } }),
      "budget.min: expected at most max, which is 0.5, received nothing — left out, min is 1",
    ],
    [
      "an unreadable time",
      withRoot({ stop: { time: "soon" } }),
      'stop.time: expected a time above zero such as "90s", "30m" or "2 days", received "soon"',
    ],
    [
      "a time without a unit",
      withRoot({ trial: { timeout: "30" } }),
      'trial.timeout: expected a time above zero such as "90s", "30m" or "2 days", received "30" — say its unit: "30s"',
    ],
    [
      "a negative time",
      withRoot({ trial: { grace: "-5s" } }),
      'trial.grace: expected a time such as "90s", "30m" or "2 days", received "-5s"',
    ],
    [
      "a silence of zero",
      withRoot({ trial: { idle: "0s" } }),
      'trial.idle: expected a time above zero such as "90s", "30m" or "2 days", received "0s"',
    ],
    [
      "an unreadable size",
      withRoot({ trial: { memory: "4 apples" } }),
      'trial.memory: expected a size above zero such as "512MB" or "4GB", received "4 apples"',
    ],
    [
      "an unreadable size of the disk",
      withRoot({ checkpoints: { disk: "50" } }),
      'checkpoints.disk: expected a size above zero such as "512MB" or "4GB", received "50" — say its unit: "50GB"',
    ],
    [
      "no slot",
      withRoot({ workers: { gpus: "none", cpus: 0 } }),
      "workers.cpus: expected at least 1, since there is no GPU either, received 0",
    ],
    [
      "a GPU for several trials that each have several",
      withRoot({ workers: { trialsPerGpu: 2, gpusPerTrial: 3 } }),
      "workers.gpusPerTrial: expected 1, since trialsPerGpu is 2, received 3 — a GPU is shared by several trials, or a trial has several GPUs",
    ],
    [
      "a GPU that is named twice",
      withRoot({ workers: { gpus: [1, 1] } }),
      "workers.gpus.1: expected a value that is not yet in the list, received 1 — it repeats item 0",
    ],
    [
      "an inactive value in a configuration to try first",
      withRoot({ enqueue: [{ ...EXAMPLE.enqueue?.[0], momentum: 0.9 }] }),
      'enqueue.0.momentum: expected nothing, since momentum is inactive here, received 0.9 — leave it out; it is active when optimizer is "momentum"',
    ],
  ])("refuses %s", (_, document, message) => {
    expect(check(document)).toEqual([message]);
  });

  it("refuses a pattern that has neither group", () => {
    expect(checkSpec(withCommand(["a"], { pattern: "x" })).map((issue) => issue.expected)).toEqual([
      "a named group (?<step>…)",
      "a named group (?<loss>…)",
    ]);
  });

  it("refuses parameters that a command could not tell from the run's own words", () => {
    const { enqueue: _, ...rest } = EXAMPLE;
    const parameters = { seed: { type: "int", low: 1, high: 3 } };
    expect(check({ ...rest, parameters })).toEqual([]);
    expect(check({ ...rest, parameters, objective: { command: ["a"] } })).toEqual([
      'parameters.seed: expected a name other than "budget", "startStep", "checkpoint", "seed" or "trial", which stand for the run in a command, received "seed"',
    ]);
  });

  it("allows a grace of zero, and a value left undefined by a program", () => {
    expect(check(withRoot({ trial: { grace: "0s", memory: undefined }, seed: undefined }))).toEqual([]);
  });
});

describe("several problems", () => {
  it("are found in a configuration to try first even where a parent is broken", () => {
    const parameters = {
      kind: { type: "categorical", choices: ["a", "a"] },
      leaf: { type: "float", low: 0, high: 1, when: { kind: ["a"] } },
      twig: { type: "float", low: 0, high: 1, when: { kind: ["a"] } },
    };
    const enqueue = [{ kind: "b", leaf: 7 }];
    expect(checkSpec(withRoot({ parameters, enqueue })).map((issue) => issue.path)).toEqual([
      "parameters.kind.choices.1",
      "enqueue.0.leaf",
    ]);
  });

  it("are all found, in the order of the document, whatever else is broken", () => {
    const document = {
      name: "a/b",
      naem: 3,
      objective: { ...COMMAND, command: ["python3", "{lr}"] },
      parameters: {
        lr: { type: "float", low: 0, high: "1", log: true },
        units: { type: "int", low: 8, high: 4 },
        kind: { type: "categorical", choices: ["a", "a"], wen: {} },
        leaf: { type: "float", low: 0, high: 1, when: { kind: ["zzz"], units: [100], lr: [1] } },
        last: { type: "int", low: 1, high: 3 },
      },
      stop: { trials: -1, time: "later", patience: 0 },
      enqueue: [{ lr: 5, last: 9, leaf: 0.5, lats: 3 }, {}],
      metric: { name: "step" },
    };
    expect(checkSpec(document).map((issue) => issue.path)).toEqual([
      "name",
      "naem",
      "parameters.lr.low",
      "parameters.lr.high",
      "parameters.units.high",
      "parameters.kind.choices.1",
      "parameters.kind.wen",
      "parameters.leaf.when.lr",
      "stop.trials",
      "stop.time",
      "stop.patience",
      "enqueue.0.last",
      "enqueue.0.lats",
      "enqueue.1.last",
      "metric.name",
      "metric.goal",
    ]);
  });
});

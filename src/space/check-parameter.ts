import { describeValue } from "./describe.ts";
import type { Finding } from "./finding.ts";
import { createGrid } from "./grid.ts";
import type { FloatParameter, IntParameter, Parameter } from "./parameter.ts";
import type { Sound } from "./sound.ts";

/** What is wrong between the fields of one parameter, at paths relative to it. */
export function checkParameter(parameter: Sound<Parameter>): Finding[] {
  switch (parameter.type) {
    case "float":
      return [...checkBounds(parameter), ...checkFloatStep(parameter)];
    case "int":
      return [...checkBounds(parameter), ...checkIntStep(parameter)];
    case "ordinal":
      return checkDistinct(parameter.values, ["values"]);
    case "categorical":
      return checkDistinct(parameter.choices, ["choices"]);
    case undefined:
      return [];
  }
  return [];
}

/** Each item that repeats an earlier one. */
export function checkDistinct(items: readonly unknown[] | undefined, path: readonly string[]): Finding[] {
  const first = new Map<unknown, number>();
  return [...(items ?? []).entries()].flatMap(([index, item]) => {
    const earlier = first.get(item);
    if (item === undefined || earlier === undefined) {
      first.set(item, index);
      return [];
    }
    return [
      {
        path: [...path, String(index)],
        expected: "a value that is not yet in the list",
        received: describeValue(item),
        hint: `it repeats item ${earlier}`,
      },
    ];
  });
}

function checkBounds({ type, low, high, log }: Sound<FloatParameter | IntParameter>): Finding[] {
  const findings: Finding[] = [];
  if (log === true && low !== undefined && low <= 0) {
    const expected =
      type === "int" ? "an integer of at least 1, since log is true" : "a number above 0, since log is true";
    findings.push({ path: ["low"], expected, received: describeValue(low) });
  }
  if (low !== undefined && high !== undefined && low > high) {
    findings.push({ path: ["high"], expected: `at least low, which is ${low}`, received: describeValue(high) });
  }
  return findings;
}

function checkFloatStep({ low, high, log, step }: Sound<FloatParameter>): Finding[] {
  if (step === undefined) return [];
  if (log === true) {
    const hint = "leave out step or log";
    return [{ path: ["step"], expected: "nothing, since log is true", received: describeValue(step), hint }];
  }
  if (low === undefined || high === undefined || low > high) return [];
  if (createGrid(low, high, step).last < Number.MAX_SAFE_INTEGER) return [];
  const hint = "leave step out for a continuous parameter";
  return [
    { path: ["step"], expected: "a step that makes fewer than 2^53 values", received: describeValue(step), hint },
  ];
}

function checkIntStep({ log, step }: Sound<IntParameter>): Finding[] {
  if (log !== true || step === undefined || step === 1) return [];
  const hint = "leave out step or log";
  return [{ path: ["step"], expected: "1, since log is true", received: describeValue(step), hint }];
}

import type { Issue } from "../errors.ts";
import { createGrid } from "../space/grid.ts";
import type { Parameter, Parameters, ParameterValue } from "../space/parameter.ts";
import type { Distribution } from "./distributions.ts";
import { inferConditions, type SeenTrial } from "./infer-conditions.ts";

/** A parameter's distribution in one trial. */
export interface SeenDistribution {
  readonly trial: number;
  readonly distribution: Distribution;
}

/**
 * The space that trials were drawn from: of a range that changed over the study all of it, of conditions those that the trials
 * show.
 *
 * @param seen by the parameters' names, in their order
 * @param issues takes parameters that changed their kind
 */
export function inferSpace(
  seen: ReadonlyMap<string, readonly SeenDistribution[]>,
  trials: readonly SeenTrial[],
  issues: Issue[],
): Parameters {
  const flat = [...seen].flatMap(([name, distributions]) => {
    const parameter = join(name, distributions, issues);
    return parameter === undefined ? [] : [[name, parameter] as const];
  });
  return inferConditions(Object.fromEntries(flat), trials);
}

function join(name: string, seen: readonly SeenDistribution[], issues: Issue[]): Parameter | undefined {
  const [first] = seen;
  if (first === undefined) return undefined;
  const odd = seen.find(({ distribution }) => kindOf(distribution) !== kindOf(first.distribution));
  if (odd !== undefined) {
    issues.push({
      path: `trials.${odd.trial}.${name}`,
      expected: `${kindOf(first.distribution)}, as in trial ${first.trial}`,
      received: kindOf(odd.distribution),
    });
    return undefined;
  }
  const all = seen.map(({ distribution }) => distribution);
  if (first.distribution.kind === "categorical") {
    const choices = all.flatMap((each) => (each.kind === "categorical" ? each.choices : []));
    return { type: "categorical", choices: [...new Set(choices)] };
  }
  const ranges = all.filter((each) => each.kind !== "categorical");
  const low = Math.min(...ranges.map((range) => range.low));
  const high = Math.max(...ranges.map((range) => range.high));
  const step = commonStep(
    ranges.map((range) => ({ low: range.low, step: range.step })),
    low,
    high,
  );
  const { kind, log } = first.distribution;
  return {
    type: kind,
    low,
    high,
    ...(log ? { log } : {}),
    // 1 is what an int has anyway.
    ...(step === undefined || (kind === "int" && step === 1) ? {} : { step }),
  };
}

function kindOf(distribution: Distribution): string {
  return distribution.kind !== "categorical" && distribution.log ? `${distribution.kind} with log` : distribution.kind;
}

/** The step of all ranges, where their values lie on one grid. */
function commonStep(
  ranges: readonly { readonly low: number; readonly step: number | null }[],
  low: number,
  high: number,
): number | undefined {
  const step = ranges[0]?.step ?? null;
  if (step === null || ranges.some((range) => range.step !== step)) return undefined;
  const grid = createGrid(low, high, step);
  return ranges.every((range) => grid.has(range.low)) ? step : undefined;
}

/** A value as the space has it: a float that rounding moved off its steps is put back. */
export function settle(parameter: Parameter | undefined, value: ParameterValue): ParameterValue {
  if (parameter?.type === "int" && typeof value === "number") return Math.round(value);
  if (parameter?.type !== "float" || parameter.step === undefined || typeof value !== "number") return value;
  const { low, high, step } = parameter;
  const grid = createGrid(low, high, step);
  const nearest = grid.value(Math.min(Math.max(Math.round((value - low) / step), 0), grid.last));
  return Math.abs(nearest - value) <= 1e-8 * step ? nearest : value;
}

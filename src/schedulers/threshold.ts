import type { OptionRule, OptionRules, Options, Problem } from "../space/component-options.ts";
import type { Scheduler } from "./scheduler.ts";
import { createStoppingRule, WARMUP } from "./stopping-rule.ts";
import { metricOf } from "../history/curve.ts";

const BOUND = { low: -Infinity, high: Infinity } as const;

export const THRESHOLD_OPTIONS: ThresholdRules = {
  lower: { ...BOUND, default: -Infinity, meaning: "a run is stopped where its metric is below" },
  upper: { ...BOUND, default: Infinity, meaning: "a run is stopped where its metric is above" },
  warmup: WARMUP,
};

type ThresholdRules = Readonly<Record<"lower" | "upper" | "warmup", OptionRule>>;

/** At least one bound is there, and something lies between two of them. */
export function thresholdProblem(options: Options<OptionRules>): Problem | undefined {
  const { lower, upper } = options as Options<ThresholdRules>;
  if (lower === -Infinity && upper === Infinity)
    return {
      expected: '"lower" or "upper", or both, for "threshold"',
      received: "neither",
      hint: 'write for example { "name": "threshold", "upper": 10 }',
    };
  return lower <= upper
    ? undefined
    : { expected: '"lower" to be at most "upper"', received: `lower ${lower} and upper ${upper}` };
}

/** Every trial starts with the whole budget, and is stopped at a report whose metric is beyond a bound. */
export function createThresholdScheduler(options: Options<OptionRules>): Scheduler {
  const { lower, upper, warmup } = options as Options<ThresholdRules>;
  return createStoppingRule(warmup, ({ curve, study }, step) => {
    const { name } = study.settings.metric;
    const value = metricOf(curve.at(-1)?.metrics ?? {}, name);
    if (value === undefined || (value >= lower && value <= upper)) return undefined;
    const bound = value < lower ? `below the lower bound of ${lower}` : `above the upper bound of ${upper}`;
    return `stopped at step ${step}: its ${name}, ${value}, is ${bound}`;
  });
}

import type { Component } from "../../src/space/spec.ts";

/** Options without which a scheduler cannot be, or would stop nothing, or nothing in the shadow, in the short studies of these tests. */
const OPTIONS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  median: { startup: 2, shadow: 30 },
  percentile: { startup: 2, shadow: 30 },
  asha: { shadow: 30 },
  threshold: { upper: 1.2, warmup: 1 },
  patient: { patience: 1 },
};

/** Options that are values of the metric, as they read for its negation. */
const MIRRORED: Readonly<Record<string, string>> = { lower: "upper", upper: "lower" };

/**
 * A scheduler by its word, with the options that short studies need.
 *
 * @param goal to maximize, the metric is the negation of that which these options are for
 */
export function schedulerOf(name: string, goal: "minimize" | "maximize" = "minimize"): Component {
  const options = Object.entries(OPTIONS[name] ?? {});
  const mirrored = options.map(([option, value]): readonly [string, number] => {
    const other = MIRRORED[option];
    return other === undefined || goal === "minimize" ? [option, value] : [other, -value];
  });
  return options.length === 0 ? name : { name, ...Object.fromEntries(mirrored) };
}

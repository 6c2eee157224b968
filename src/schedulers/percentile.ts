import type { OptionRule, OptionRules, Options } from "../space/component-options.ts";
import { BestSoFar } from "./best-so-far.ts";
import { Peers } from "./peers.ts";
import type { DecideTask, Scheduler } from "./scheduler.ts";
import { loosening, SHADOW } from "./shadow.ts";
import { createStoppingRule, WARMUP } from "./stopping-rule.ts";

const RULES: PercentileRules = {
  percentile: {
    default: 25,
    low: 0,
    high: 100,
    meaning: "the best so many percent go on: 25 stops more trials than 50, the median",
  },
  startup: { default: 5, low: 1, high: Infinity, whole: true, meaning: "trials to complete before any is stopped" },
  warmup: WARMUP,
  shadow: SHADOW,
};

type PercentileRules = Readonly<Record<"percentile" | "startup" | "warmup" | "shadow", OptionRule>>;

export const PERCENTILE_OPTIONS: PercentileRules = RULES;
/** The median rule's own, whose `percentile` is older than the word of that name. */
export const MEDIAN_OPTIONS: PercentileRules = { ...RULES, percentile: { ...RULES.percentile, default: 50 } };

/**
 * Every trial starts with the whole budget, and is stopped at a report where its best value so far is worse than a
 * percentile, such as the median, of the best values that completed trials had by the same step. After the median stopping
 * rule of Golovin et al., "Google Vizier: a service for black-box optimization", KDD 2017, section 3.2.2, which compares
 * with their running means instead. Where stops in the shadow were wrong, more than that percentile goes on.
 */
export function createPercentileScheduler(options: Options<OptionRules>): Scheduler {
  const { percentile: given, startup, warmup, shadow } = options as Options<PercentileRules>;
  const known = new WeakMap<Study, Peers>();
  const bestSoFar = new BestSoFar();

  const judge = ({ curve, outcomes, study }: DecideTask, step: number): string | undefined => {
    const peers = known.get(study) ?? new Peers(study);
    known.set(study, peers);
    const { name, goal } = study.settings.metric;
    const { factor, words } = loosening(outcomes);
    const percentile = factor === 1 ? given : Number((100 - (100 - given) * factor).toPrecision(4));
    const share = goal === "minimize" ? percentile / 100 : 1 - percentile / 100;
    const threshold = peers.quantile(outcomes, step, share, startup);
    const best = threshold && bestSoFar.by(curve, study, step);
    if (threshold === undefined || best === undefined || study.compare(best, threshold.value) <= 0) return undefined;
    const limit = percentile === 50 ? "the median" : `the limit of the best ${percentile}%`;
    return `stopped at step ${step}: its best ${name} by then, ${best}, is worse than ${threshold.value}, ${limit} of ${threshold.of} completed trials${words}`;
  };
  return createStoppingRule(warmup, judge, shadow);
}

type Study = DecideTask["study"];

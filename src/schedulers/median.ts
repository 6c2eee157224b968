import type { ReportView } from "../history/view.ts";
import type { OptionRule, OptionRules, Options } from "../space/component-options.ts";
import { createFullScheduler } from "./full.ts";
import { Peers } from "./peers.ts";
import type { DecideTask, Scheduler, Verdict } from "./scheduler.ts";

export const MEDIAN_OPTIONS: MedianRules = {
  percentile: {
    default: 50,
    low: 0,
    high: 100,
    meaning: "the best so many percent go on: 25 stops more trials than 50, the median",
  },
  startup: { default: 5, low: 1, high: Infinity, whole: true, meaning: "trials to complete before any is stopped" },
  warmup: { default: 0, low: 0, high: Infinity, meaning: "steps that every trial may do" },
};

type MedianRules = Readonly<Record<"percentile" | "startup" | "warmup", OptionRule>>;

const CONTINUE: Verdict = { kind: "continue" };

/**
 * Every trial starts with the whole budget, and is stopped at a report where its best value so far is worse than the
 * median, or another percentile, of the best values that completed trials had by the same step. After the median stopping
 * rule of Golovin et al., "Google Vizier: a service for black-box optimization", KDD 2017, section 3.2.2, which compares
 * with their running means instead.
 */
export function createMedianScheduler(options: Options<OptionRules>): Scheduler {
  const { percentile, startup, warmup } = options as Options<MedianRules>;
  const known = new WeakMap<Study, Peers>();

  const decide = ({ run, curve, outcomes, study }: DecideTask): Verdict => {
    const step = curve.at(-1)?.step ?? 0;
    if (step <= warmup || (study.settings.budget !== null && step >= run.budget)) return CONTINUE;
    const peers = known.get(study) ?? new Peers(study);
    known.set(study, peers);
    const share = study.settings.metric.goal === "minimize" ? percentile / 100 : 1 - percentile / 100;
    const threshold = peers.quantile(outcomes, step, share, startup);
    const best = threshold && bestIfWorse(curve, threshold.value, study);
    if (threshold === undefined || best === undefined) return CONTINUE;
    const limit = percentile === 50 ? "the median" : `the limit of the best ${percentile}%`;
    return {
      kind: "stop",
      reason: `stopped at step ${step}: its best ${study.settings.metric.name} by then, ${best}, is worse than ${threshold.value}, ${limit} of ${threshold.of} completed trials`,
    };
  };
  const full = createFullScheduler();
  return { next: (history, canSample) => full.next(history, canSample), decide };
}

type Study = DecideTask["study"];

/** The best value of a curve when it is worse than the limit. The latest values tell soonest that it is not. */
function bestIfWorse(curve: readonly ReportView[], limit: number, study: Study): number | undefined {
  const { name } = study.settings.metric;
  let best: number | undefined;
  for (let index = curve.length - 1; index >= 0; index--) {
    const value = curve[index]?.metrics[name];
    if (value === undefined) continue;
    if (study.compare(value, limit) <= 0) return undefined;
    if (best === undefined || study.compare(value, best) < 0) best = value;
  }
  return best;
}

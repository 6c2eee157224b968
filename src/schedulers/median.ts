import { quantile } from "simple-statistics";
import type { Outcome, ReportView } from "../history/view.ts";
import type { OptionRule, OptionRules, Options } from "../space/component-options.ts";
import { createFullScheduler } from "./full.ts";
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
  const bestBy = rememberBest();

  const decide = ({ run, curve, outcomes, study }: DecideTask): Verdict => {
    const step = curve.at(-1)?.step ?? 0;
    if (step <= warmup || (study.settings.budget !== null && step >= run.budget)) return CONTINUE;
    const best = bestOf(curve, study).at(-1)?.value;
    const peers = outcomes
      .filter(({ kind }) => kind === "completed")
      .map((outcome) => bestBy(outcome, step, study))
      .filter((value) => value !== undefined);
    if (best === undefined || peers.length < startup) return CONTINUE;
    const share = study.settings.metric.goal === "minimize" ? percentile / 100 : 1 - percentile / 100;
    const threshold = quantile(peers, share);
    if (study.compare(best, threshold) <= 0) return CONTINUE;
    const limit = percentile === 50 ? "the median" : `the limit of the best ${percentile}%`;
    return {
      kind: "stop",
      reason: `stopped at step ${step}: its best ${study.settings.metric.name} by then, ${best}, is worse than ${threshold}, ${limit} of ${peers.length} completed trials`,
    };
  };
  const full = createFullScheduler();
  return { next: (history) => full.next(history), decide };
}

type Study = DecideTask["study"];

interface BestBy {
  readonly step: number;
  readonly value: number;
}

/** The best value of a curve by each of its steps. */
function bestOf(curve: readonly ReportView[], study: Study): readonly BestBy[] {
  const best: BestBy[] = [];
  for (const { step, metrics } of curve) {
    const value = metrics[study.settings.metric.name];
    if (value === undefined) continue;
    const before = best.at(-1)?.value;
    best.push({ step, value: before === undefined || study.compare(value, before) < 0 ? value : before });
  }
  return best;
}

/** An ended curve does not change: its best values are computed once. */
function rememberBest(): (outcome: Outcome, step: number, study: Study) => number | undefined {
  const known = new WeakMap<Outcome, readonly BestBy[]>();
  return (outcome, step, study) => {
    let best = known.get(outcome);
    if (best === undefined) known.set(outcome, (best = bestOf(outcome.curve, study)));
    return best.findLast((each) => each.step <= step)?.value;
  };
}

import { metricOf } from "../history/curve.ts";
import type { ReportView } from "../history/view.ts";
import type { OptionRule, OptionRules, Options } from "../space/component-options.ts";
import { BestSoFar } from "./best-so-far.ts";
import type { DecideTask, Scheduler } from "./scheduler.ts";
import { createStoppingRule, WARMUP } from "./stopping-rule.ts";

export const PATIENT_OPTIONS: PatientRules = {
  patience: { default: 5, low: 1, high: Infinity, meaning: "steps without an improvement that every trial may do" },
  delta: {
    default: 0,
    low: 0,
    high: Infinity,
    meaning: "an improvement is more than this, in the metric's own measure",
  },
  warmup: WARMUP,
};

type PatientRules = Readonly<Record<"patience" | "delta" | "warmup", OptionRule>>;

/**
 * Every trial starts with the whole budget, and is stopped at a report when the best value of the last `patience` steps is
 * not better by more than `delta` than the best before them: its curve stands still. The condition is that of Optuna's
 * PatientPruner, counted in steps instead of reports.
 */
export function createPatientScheduler(options: Options<OptionRules>): Scheduler {
  const { patience, delta, warmup } = options as Options<PatientRules>;
  const bestSoFar = new BestSoFar();
  return createStoppingRule(warmup, ({ curve, study }, step) => {
    const { name, goal } = study.settings.metric;
    const before = bestSoFar.by(curve, study, step - patience);
    const since = bestAfter(curve, study, step - patience);
    if (before === undefined || since === undefined) return undefined;
    if ((goal === "minimize" ? before - since : since - before) > delta) return undefined;
    const than = delta === 0 ? "no better" : `not better by more than ${delta}`;
    return `stopped at step ${step}: its best ${name} of the last ${patience} steps, ${since}, is ${than} than ${before}, its best before`;
  });
}

/** The best value at the steps after one; undefined where none was told. */
function bestAfter(curve: readonly ReportView[], study: DecideTask["study"], step: number): number | undefined {
  const { name } = study.settings.metric;
  let best: number | undefined;
  for (let index = curve.length - 1; index >= 0; index--) {
    const report = curve[index] as ReportView;
    if (report.step <= step) break;
    const value = metricOf(report.metrics, name);
    if (value !== undefined && (best === undefined || study.compare(value, best) <= 0)) best = value;
  }
  return best;
}

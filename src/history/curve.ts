import type { Metrics } from "./events.ts";
import type { ReportView } from "./view.ts";

/** A trial's curve: what it told, ascending steps. The one place that says which report counts. */

/**
 * A report joins the curve in its place, whenever it is told. A step told twice has the metrics of both, and of a metric told
 * twice the later word.
 *
 * @returns what the curve now has at the step
 */
export function addToCurve(curve: ReportView[], step: number, metrics: Metrics): ReportView {
  let at = curve.length;
  while (at > 0 && (curve[at - 1] as ReportView).step >= step) at--;
  const before = curve[at]?.step === step ? curve[at] : undefined;
  const report = { step, metrics: before === undefined ? metrics : { ...before.metrics, ...metrics } };
  curve.splice(at, before === undefined ? 0 : 1, report);
  return report;
}

/** A metric as it was told; undefined where it was not. A metric may be called "constructor". */
export function metricOf(metrics: Metrics, name: string): number | undefined {
  return Object.hasOwn(metrics, name) ? metrics[name] : undefined;
}

/** The metric in the result of a completed run, which cannot be without it. @throws TypeError */
export function resultOf(metrics: Metrics, name: string): number {
  const value = metricOf(metrics, name);
  if (value === undefined) throw new TypeError(`a run completed without a value for ${JSON.stringify(name)}`);
  return value;
}

/** The last step, from `first` on, at which a metric was told. */
export function lastTold(curve: readonly ReportView[], metric: string, first = 0): ReportView | undefined {
  return curve.findLast(({ step, metrics }) => step >= first && Object.hasOwn(metrics, metric));
}

/** A metric where it was told last. */
export function lastValue(curve: readonly ReportView[], metric: string): number | undefined {
  return lastTold(curve, metric)?.metrics[metric];
}

/** A metric at a budget; of a run that first speaks beyond it, the nearest there is. */
export function valueAt(curve: readonly ReportView[], metric: string, budget: number): number | undefined {
  const told = curve.filter(({ metrics }) => Object.hasOwn(metrics, metric));
  const report = told.findLast(({ step }) => step <= budget) ?? told.find(({ step }) => step > budget);
  return report?.metrics[metric];
}

import type { Cause, CauseKind, Metrics, RunOutcome } from "../history/events.ts";
import type { ReportView } from "../history/view.ts";
import { stepProblem, type Told, type ToldMetrics, type ToldOutcome } from "../workers/told.ts";

/**
 * The boundary between what an objective says and what the journal holds. The study's metric is a finite number: where anything
 * else came in its place, the run has failed with what came as its cause, and nothing that was told before stands for it.
 */

type Failure = RunOutcome & { readonly kind: "failed" };

interface Checked {
  /** Finite numbers only. */
  readonly metrics: Metrics;
  /** Names of side metrics that were left out, because what came was no finite number. */
  readonly omitted?: readonly string[];
}

/** What of a report the journal can hold, or why its run has failed. */
export function checkReport(
  metric: string,
  step: Told,
  metrics: ToldMetrics,
): ({ readonly step: number } & Checked) | Failure {
  if (typeof step === "string" || stepProblem(step) !== undefined)
    return failure(
      "bad-report",
      `a report told ${metric} at no step: expected a number of at least 0, received ${step}`,
    );
  const checked = checkMetrics(metric, metrics, `at step ${step}`);
  return "kind" in checked ? checked : { step, ...checked };
}

/**
 * What the journal holds of a run's end. A completed run gives the study's metric in its result, else in its reports.
 *
 * @param last the last step of the run that told the metric
 */
export function checkOutcome(metric: string, outcome: ToldOutcome, last: ReportView | undefined): RunOutcome {
  if (outcome.kind !== "completed") return outcome;
  const { metrics: result } = outcome;
  const checked = checkMetrics(
    metric,
    Object.hasOwn(result, metric) ? result : { ...last?.metrics, ...result },
    "in its result",
  );
  if ("kind" in checked) return checked;
  if (Object.hasOwn(checked.metrics, metric)) return { kind: "completed", ...checked };
  return failure("no-result", `it ended without a value for ${metric}: return { ${metric} } or report it`);
}

function checkMetrics(metric: string, told: ToldMetrics, where: string): Checked | Failure {
  const value = Object.hasOwn(told, metric) ? told[metric] : 0;
  if (!Number.isFinite(value)) return failure("non-finite", `${metric} was ${value} ${where}`);
  const [finite, others] = [Object.entries(told).filter(isFiniteNumber), Object.keys(told)];
  const metrics = Object.fromEntries(finite);
  const omitted = others.filter((name) => !Object.hasOwn(metrics, name));
  return { metrics, ...(omitted.length === 0 ? {} : { omitted }) };
}

function isFiniteNumber(entry: readonly [string, Told]): entry is [string, number] {
  return Number.isFinite(entry[1]);
}

function failure(kind: CauseKind, message: string): Failure {
  const cause: Cause = { kind, message };
  return { kind: "failed", cause };
}

import type { Metrics, RunOutcome } from "../history/events.ts";
import type { ReportView } from "../history/view.ts";

/**
 * The boundary between what an objective says and what the journal holds: JSON has no NaN, and a loss that is no number
 * must never become null or 0.
 */

type Failure = RunOutcome & { readonly kind: "failed" };

export interface CheckedMetrics {
  /** Finite numbers only. */
  readonly metrics: Metrics;
  /** Names of side metrics that were left out because they were not finite. */
  readonly omitted: { readonly omitted?: readonly string[] };
  /** The study's metric itself is not finite. */
  readonly failure: Failure | undefined;
}

/** @param where for the failure's words, such as "at step 3" */
export function checkMetrics(metric: string, metrics: Metrics, where: string): CheckedMetrics {
  const value = metrics[metric];
  if (value !== undefined && !Number.isFinite(value))
    return { metrics: {}, omitted: {}, failure: nonFinite(`${metric} was ${value} ${where}`) };
  const names = Object.keys(metrics);
  const omitted = names.filter((name) => !Number.isFinite(metrics[name]));
  if (omitted.length === 0) return { metrics, omitted: {}, failure: undefined };
  const finite = Object.fromEntries(
    names.filter((name) => !omitted.includes(name)).map((name) => [name, metrics[name] as number]),
  );
  return { metrics: finite, omitted: { omitted }, failure: undefined };
}

/** A completed run must give the study's metric, in its result or in its last report; else it has failed. */
export function checkOutcome(metric: string, outcome: RunOutcome, last: ReportView | undefined): RunOutcome {
  if (outcome.kind !== "completed") return outcome;
  const metrics = outcome.metrics[metric] === undefined ? { ...last?.metrics, ...outcome.metrics } : outcome.metrics;
  const checked = checkMetrics(metric, metrics, "in its result");
  if (checked.failure !== undefined) return checked.failure;
  if (checked.metrics[metric] === undefined)
    return {
      kind: "failed",
      cause: {
        kind: "no-result",
        message: `it ended without a value for ${metric}: return { ${metric} } or report it`,
      },
    };
  return { kind: "completed", metrics: checked.metrics, ...checked.omitted };
}

function nonFinite(message: string): Failure {
  return { kind: "failed", cause: { kind: "non-finite", message } };
}

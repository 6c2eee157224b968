import { failed } from "./failure.ts";
import { type ToldOutcome, toldMetrics } from "./told.ts";
import { describe } from "./words.ts";

/**
 * What an objective's return value means: an object of metrics, the study's metric alone as a number, or nothing. What lacks
 * the study's metric leaves it to the reports, if they told it. Anything else is a failure in words.
 *
 * @param reported the run has reported the study's metric
 */
export function toOutcome(value: unknown, metric: string, reported: boolean): ToldOutcome {
  if (typeof value === "number") return { kind: "completed", metrics: { [metric]: value } };
  const expected = `expected the objective to return { ${metric}: number } or a number`;
  if (value !== undefined && (typeof value !== "object" || value === null || Array.isArray(value)))
    return failed("no-result", `${expected}, received ${describe(value)}`);
  const metrics = toldMetrics(value ?? {});
  if (reported || Object.hasOwn(metrics, metric)) return { kind: "completed", metrics };
  const names = Object.keys(metrics).map((name) => `"${name}"`);
  const only = value === undefined ? "nothing" : names.length === 0 ? "{}" : `only ${names.join(", ")}`;
  return failed("no-result", `${expected}, or to report "${metric}"; it returned ${only} and reported no "${metric}"`);
}

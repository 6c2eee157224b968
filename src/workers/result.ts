import type { Metrics, RunOutcome } from "../history/events.ts";
import { failed } from "./failure.ts";
import { describe } from "./words.ts";

/**
 * What an objective's return value means: an object of metrics, the study's metric alone as a number, or nothing, which
 * stands for its last report (`last`, undefined when there was none). Anything else is a failure in words.
 */
export function toOutcome(value: unknown, metric: string, last: Metrics | undefined): RunOutcome {
  if (typeof value === "number") return { kind: "completed", metrics: { [metric]: value } };
  const expected = `expected the objective to return { ${metric}: number } or a number`;
  if (value === undefined) {
    if (last !== undefined) return { kind: "completed", metrics: last };
    return failed(
      "no-result",
      `${expected}, or to report "${metric}"; it returned nothing and reported no "${metric}"`,
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return failed("no-result", `${expected}, received ${describe(value)}`);
  }
  const metrics: Record<string, number> = {};
  for (const [name, number] of Object.entries(value)) {
    if (typeof number !== "number") {
      return failed("no-result", `${expected}; its "${name}" is ${describe(number)}, not a number`);
    }
    metrics[name] = number;
  }
  if (metric in metrics) return { kind: "completed", metrics };
  const names = Object.keys(metrics).map((name) => `"${name}"`);
  return failed("no-result", `${expected}; it has ${names.length === 0 ? "nothing" : `only ${names.join(", ")}`}`);
}

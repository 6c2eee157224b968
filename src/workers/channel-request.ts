import type { Metrics } from "../history/events.ts";

/** What a program asks of its channel; `problem` says what is wrong with a message that asks for nothing. */
export type ChannelRequest = { readonly id: number; readonly problem?: undefined } & (
  | { readonly kind: "report"; readonly step: number | undefined; readonly metrics: Metrics }
  | { readonly kind: "checkpoint"; readonly step: number }
);

interface BadRequest {
  readonly id: number | null;
  readonly problem: string;
}

/** JSON has no number for them. */
const NON_FINITE: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity, "-Infinity": -Infinity };

/** Reads `{"id": 1, "report": {"loss": 0.4}, "step": 3}`, without `step` for a result, or `{"id": 2, "checkpoint": 3}`. */
export function readRequest(line: string): ChannelRequest | BadRequest {
  const message = parse(line);
  const id = message["id"];
  if (typeof id !== "number") return { id: null, problem: 'expected a JSON object with a number as its "id"' };
  const { report, step, checkpoint } = message;
  if (checkpoint !== undefined) {
    if (typeof checkpoint === "number" && Number.isSafeInteger(checkpoint) && checkpoint >= 0)
      return { id, kind: "checkpoint", step: checkpoint };
    return { id, problem: `expected a whole step of at least 0, received ${JSON.stringify(checkpoint)}` };
  }
  if (step !== undefined && !(typeof step === "number" && step >= 0))
    return { id, problem: `expected a step of at least 0, received ${JSON.stringify(step)}` };
  const metrics = readMetrics(report);
  if (metrics === undefined)
    return { id, problem: `expected at least one metric, each of them a number, received ${JSON.stringify(report)}` };
  return { id, kind: "report", step, metrics };
}

/** Metrics as JSON has them, with words for what is not finite; undefined where they are none. */
export function readMetrics(report: unknown): Metrics | undefined {
  if (typeof report !== "object" || report === null || Array.isArray(report)) return undefined;
  const entries = Object.entries(report).map(([name, value]) => [name, readNumber(value)] as const);
  if (entries.length === 0 || entries.some(([, value]) => value === undefined)) return undefined;
  return Object.fromEntries(entries) as Metrics;
}

function readNumber(value: unknown): number | undefined {
  return typeof value === "number" ? value : typeof value === "string" ? NON_FINITE[value] : undefined;
}

function parse(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

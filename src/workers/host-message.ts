import { CAUSES, type CheckpointContent } from "../history/events.ts";
import { failed } from "./failure.ts";
import type { FromHost } from "./messages.ts";
import type { Told, ToldMetrics, ToldOutcome } from "./told.ts";
import { describe } from "./words.ts";

/**
 * What came from a trial host, where it is a message as the host sends them; undefined for anything else. The host runs user
 * code, which can write to its channel.
 */
export function readHostMessage(message: unknown): FromHost | undefined {
  if (typeof message !== "object" || message === null) return undefined;
  const { type, id, step, metrics, bytes, content, outcome, clean } = message as Record<string, unknown>;
  switch (type) {
    case "report":
      return isCount(id) && isTold(step) && isMetrics(metrics) ? { type, id, step, metrics } : undefined;
    case "checkpoint":
      return isCount(id) && isCount(step) && isCount(bytes) && isContent(content)
        ? { type, id, step, bytes, content }
        : undefined;
    case "result": {
      const read = readOutcome(outcome);
      return read === undefined ? undefined : { type, outcome: read };
    }
    case "awake":
      return { type };
    case "settled":
      return typeof clean === "boolean" ? { type, clean } : undefined;
    default:
      return undefined;
  }
}

function readOutcome(outcome: unknown): ToldOutcome | undefined {
  if (typeof outcome !== "object" || outcome === null) return undefined;
  const { kind, metrics, cause } = outcome as Record<string, unknown>;
  if (kind === "completed") return isMetrics(metrics) ? { kind, metrics } : undefined;
  if (kind !== "failed" || typeof cause !== "object" || cause === null) return undefined;
  const { kind: why, message, detail } = cause as Record<string, unknown>;
  const kindOfCause = CAUSES.find((known) => known === why);
  if (kindOfCause === undefined) return undefined;
  if (typeof message !== "string" || (detail !== undefined && typeof detail !== "string"))
    return failed("error", `it was told as failed, with ${describe(message)} as the cause`);
  return failed(kindOfCause, message, detail);
}

function isContent(value: unknown): value is CheckpointContent {
  const { files, length } = (value ?? {}) as Record<string, unknown>;
  return isCount(files) && isCount(length);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** A number, or in words what came in its place. */
function isTold(value: unknown): value is Told {
  return typeof value === "number" || typeof value === "string";
}

function isMetrics(value: unknown): value is ToldMetrics {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(isTold);
}

import type { Cause } from "../history/events.ts";
import type { MemoryUse } from "./process-memory.ts";

/** The causes of runs that exceeded a limit, in words. Times in milliseconds, memory in bytes. */

export function timeoutCause(timeout: number): Cause {
  return { kind: "timeout", message: `ran longer than ${inTime(timeout)}` };
}

export function idleCause(idle: number): Cause {
  return { kind: "idle", message: `reported nothing for ${inTime(idle)}` };
}

export function memoryCause({ bytes, shared }: MemoryUse, limit: number): Cause {
  const counted = shared === "not" ? " (what its processes may share is not counted: the kernel does not tell it)" : "";
  return { kind: "memory", message: `used ${inBytes(bytes)}${counted}, over the limit of ${inBytes(limit)}` };
}

/** A delay that setTimeout can hold: it takes anything above 24.8 days for "at once". */
export function timerDelay(milliseconds: number): number {
  return Math.min(milliseconds, 2 ** 31 - 1);
}

/** Whole units as the spec's words mean them: 1 MB is 1024 × 1024 bytes. */
function inBytes(bytes: number): string {
  const megabytes = bytes / 2 ** 20;
  if (megabytes < 10_000) return `${Math.round(megabytes)} MB`;
  return `${(megabytes / 1024).toFixed(1)} GB`;
}

function inTime(milliseconds: number): string {
  if (milliseconds < 1_000) return `${milliseconds} ms`;
  const seconds = milliseconds / 1_000;
  if (seconds < 120) return `${Number(seconds.toFixed(1))} s`;
  return seconds < 7_200 ? `${Number((seconds / 60).toFixed(1))} min` : `${Number((seconds / 3_600).toFixed(1))} h`;
}

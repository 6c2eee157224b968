import type { Failure } from "./failure.ts";
import { failed } from "./failure.ts";
import { firstLine } from "./words.ts";

/** How a process ended: a code, or the signal that ended it. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The failure of an objective that ended so; `errors` is the end of its stderr. */
export function exitFailure({ code, signal }: ProcessExit, errors: string): Failure {
  if (signal !== null) return failed("signal", `was ended by ${signal}`, errors);
  const last = errors.trimEnd().split("\n").at(-1) ?? "";
  return failed("exit", firstLine(`left with code ${code}${last === "" ? "" : `: ${last.trim()}`}`), errors);
}

import type { Failure } from "./failure.ts";
import { failed } from "./failure.ts";

/** How a process ended: a code, or the signal that ended it. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The failure of an objective that ended so; `errors` is the end of its stderr. */
export function exitFailure({ code, signal }: ProcessExit, errors: string): Failure {
  if (signal !== null) return failed("signal", `was ended by ${signal}`, errors);
  return failed("exit", `left with code ${code}`, errors);
}

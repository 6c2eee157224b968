import { classOf } from "./failure-class.ts";
import type { Failure } from "./failure.ts";
import { failed } from "./failure.ts";
import { firstLine } from "./words.ts";

/** How a process ended: a code, or the signal that ended it. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Signals by which a machine or its queue asks a process to go. */
const ASKING: ReadonlySet<string> = new Set(["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1", "SIGXCPU"]);

/** The code by which a shell says that its command was killed. */
const KILLED = 137;

/**
 * The failure of an objective that ended so, and was not sent a signal by its study.
 *
 * @param errors the end of its stderr
 * @param starved the kernel has killed a process for want of memory meanwhile
 */
export function exitFailure({ code, signal }: ProcessExit, errors: string, starved: boolean): Failure {
  if (starved && (signal === "SIGKILL" || code === KILLED))
    return failed(
      "host-memory",
      "the kernel killed it, since the machine or its control group ran out of memory",
      errors,
    );
  const kind = classOf(errors);
  if (signal !== null) {
    const asked = ASKING.has(signal);
    const message = asked ? `was ended by ${signal}, which the study did not send` : `was ended by ${signal}`;
    return failed(kind ?? (asked ? "preempted" : "signal"), message, errors);
  }
  const last = errors.trimEnd().split("\n").at(-1) ?? "";
  return failed(kind ?? "exit", firstLine(`left with code ${code}${last === "" ? "" : `: ${last.trim()}`}`), errors);
}

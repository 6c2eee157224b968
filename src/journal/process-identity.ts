import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Which process it is, among all processes of all machines that share a disk. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the kernel's ticks since the boot; a number is used again by another process. */
  readonly start: string;
  /** For people: names are not unique. */
  readonly host: string;
  /** Where the number means this process: one boot of one machine, one namespace of process numbers. "" where nobody knows. */
  readonly scope: string;
}

/** Whether a process lives, as far as it can be told from here. */
export type Fate = "alive" | "dead" | "unknown";

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, start: statusOf(process.pid)?.start ?? "", host: hostname(), scope: scope() };
}

export function fateOf({ pid, start, scope: where }: ProcessIdentity): Fate {
  if (where === "" || where !== scope()) return "unknown";
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return "dead";
  }
  const status = statusOf(pid);
  // Another user's process may be hidden; that there is one was said above.
  if (status === undefined) return "alive";
  return status.ended || status.start !== start ? "dead" : "alive";
}

function scope(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return "";
  }
}

/** From /proc/PID/stat: what follows the name, which may hold anything, begins with the state (field 3); the start is field 22. */
function statusOf(pid: number): { readonly start: string; readonly ended: boolean } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { start: fields[19] ?? "", ended: fields[0] === "Z" || fields[0] === "X" };
  } catch {
    return undefined;
  }
}

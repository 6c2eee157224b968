import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

/** Which processes are alive, from /proc on Linux and from `ps` elsewhere. Zombies count as dead: they only wait to be reaped. */

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** When it started, in the kernel's ticks; 0 where the table was read from `ps`. */
  readonly startedAt: number;
  /** Resident memory in bytes; 0 where the table was read from /proc. */
  readonly memory: number;
}

/**
 * Every living process that this user can see.
 *
 * @param from only those of this number or above, on Linux
 */
export function listProcesses(from = 0): ProcessEntry[] {
  return process.platform === "linux" ? fromProc(from) : fromPs();
}

/** The number of the last process that was started, on Linux; 0 where it is not told. */
export function lastProcess(): number {
  return Number(readOrEmpty("/proc/loadavg").trim().split(" ").at(-1));
}

/** 0 is no process. */
export function isAlive(pid: number | undefined): boolean {
  return pid !== undefined && pid !== 0 && exists(pid) && entryOf(pid) !== undefined;
}

/** A living process; undefined when there is none of this number. */
export function entryOf(pid: number): ProcessEntry | undefined {
  if (pid <= 0) return undefined;
  return process.platform === "linux" ? fromStat(String(pid)) : fromPs().find((entry) => entry.pid === pid);
}

/** The children of a process that have not left it, on Linux. */
export function childrenOf(pid: number): readonly number[] {
  return namesIn(`/proc/${pid}/task`).flatMap((thread) =>
    readOrEmpty(`/proc/${pid}/task/${thread}/children`)
      .split(" ")
      .filter((child) => child !== "")
      .map(Number),
  );
}

/** Whether there is such a process, a zombie included. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function fromProc(from: number): ProcessEntry[] {
  const entries: ProcessEntry[] = [];
  for (const name of readdirSync("/proc")) {
    const entry = /^\d+$/.test(name) && Number(name) >= from ? fromStat(name) : undefined;
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

function fromStat(pid: string): ProcessEntry | undefined {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  // "pid (name) state parent group …", where the name may hold spaces and parentheses; the time of the start is the 22nd of all.
  const [state, parent, group, ...others] = stat.slice(stat.lastIndexOf(")") + 2).split(" ", 20);
  if (parent === undefined || group === undefined || state === "Z" || state === "X") return undefined;
  return { pid: Number(pid), parent: Number(parent), group: Number(group), startedAt: Number(others[16]), memory: 0 };
}

function fromPs(): ProcessEntry[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,pgid=,rss=,stat="], { encoding: "utf8" });
  const entries: ProcessEntry[] = [];
  for (const line of table.split("\n")) {
    const [pid, parent, group, kilobytes, state] = line.trim().split(/\s+/);
    if (state === undefined || state.startsWith("Z")) continue;
    entries.push({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      startedAt: 0,
      memory: Number(kilobytes) * 1024,
    });
  }
  return entries;
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return ""; // the process ended meanwhile
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

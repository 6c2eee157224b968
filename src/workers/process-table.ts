import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

/** Which processes are alive, from /proc on Linux and from `ps` elsewhere. Zombies count as dead: they only wait to be reaped. */

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Resident memory in bytes; 0 where the table was read from /proc. */
  readonly memory: number;
}

/** Every living process that this user can see. */
export function listProcesses(): ProcessEntry[] {
  return process.platform === "linux" ? fromProc() : fromPs();
}

/** 0 is no process. */
export function isAlive(pid: number | undefined): boolean {
  if (pid === undefined || pid === 0 || !exists(pid)) return false;
  return process.platform === "linux"
    ? entryOf(String(pid)) !== undefined
    : fromPs().some((entry) => entry.pid === pid);
}

/** The living members of a process group. */
export function groupMembers(group: number): number[] {
  if (!exists(-group)) return [];
  return listProcesses()
    .filter((entry) => entry.group === group)
    .map((entry) => entry.pid);
}

/** Resident memory of a process and its descendants, in bytes; pages that they share count once for each. */
export function treeMemory(root: number): number {
  return process.platform === "linux" ? procTreeMemory(root) : psTreeMemory(root);
}

/** Whether a process, or for a negative id a process group, has any member, be it a zombie. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function fromProc(): ProcessEntry[] {
  const entries: ProcessEntry[] = [];
  for (const name of readdirSync("/proc")) {
    const entry = /^\d+$/.test(name) ? entryOf(name) : undefined;
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

function entryOf(pid: string): ProcessEntry | undefined {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  // "pid (name) state parent group …", where the name may hold spaces and parentheses.
  const [state, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ", 3);
  if (parent === undefined || group === undefined || state === "Z" || state === "X") return undefined;
  return { pid: Number(pid), parent: Number(parent), group: Number(group), memory: 0 };
}

function procTreeMemory(pid: number): number {
  const resident = /^VmRSS:\s+(\d+) kB/m.exec(readOrEmpty(`/proc/${pid}/status`));
  let bytes = Number(resident?.[1] ?? 0) * 1024;
  for (const thread of namesIn(`/proc/${pid}/task`)) {
    for (const child of readOrEmpty(`/proc/${pid}/task/${thread}/children`).split(" ")) {
      if (child !== "") bytes += procTreeMemory(Number(child));
    }
  }
  return bytes;
}

function psTreeMemory(root: number): number {
  const entries = fromPs();
  const tree = new Set([root]);
  for (let before = 0; before !== tree.size;) {
    before = tree.size;
    for (const entry of entries) if (tree.has(entry.parent)) tree.add(entry.pid);
  }
  return entries.reduce((bytes, entry) => (tree.has(entry.pid) ? bytes + entry.memory : bytes), 0);
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

import { execFileSync } from "node:child_process";
import { GPUS_VARIABLE } from "../devices/slot.ts";
import { HpoError } from "../errors.ts";
import { environmentOf } from "./process-environment.ts";
import { listProcesses } from "./process-table.ts";
import { MARKER } from "./study-marker.ts";

/** Milliseconds between two looks, and for a killed process to disappear. */
const LOOK = 20;
const KILLED = 5_000;

/**
 * Ends the processes that an earlier coordinator of the study left. They get `grace` milliseconds to leave by themselves,
 * as the launchers of a dead coordinator do, and are killed then. Resolves when none is left; throws an HpoError that
 * names the process which cannot be ended.
 */
export async function endOrphans(studyId: string, grace: number): Promise<{ killed: number }> {
  const killAt = performance.now() + grace;
  const killed = new Set<number>();
  // What is found at first may start others until it is killed, so the search is repeated.
  for (;;) {
    const left = findMarked(studyId);
    if (left.length === 0) return { killed: killed.size };
    const now = performance.now();
    if (now >= killAt + KILLED) throw cannotEnd(left[0] ?? 0, "it was killed, but is still there");
    if (now >= killAt) {
      for (const pid of left) if (kill(pid)) killed.add(pid);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
}

/** The living processes of this user with the study's marker in the environment they were started with, but for this one. */
export function findMarked(studyId: string): number[] {
  const entry = `${MARKER}=${studyId}`;
  const marked = process.platform === "linux" ? markedInProc(entry) : markedByPs(entry);
  return marked.filter((pid) => pid !== process.pid);
}

/** A living process of this user for each of the GPUs that one is pinned to, by the GPU's UUID; this one does not count. */
export function findPinned(uuids: readonly string[]): ReadonlyMap<string, number> {
  const pinned = new Map<string, number>();
  if (process.platform !== "linux") return pinned;
  for (const { pid } of listProcesses()) {
    const environment = environmentOf(pid).toString("latin1");
    const gpus = new RegExp(`\0${GPUS_VARIABLE}=([^\0]*)\0`).exec(environment)?.[1]?.split(",") ?? [];
    if (pid === process.pid || !environment.includes(`\0${MARKER}=`)) continue;
    for (const uuid of uuids) if (gpus.includes(uuid)) pinned.set(uuid, pid);
  }
  return pinned;
}

function markedInProc(entry: string): number[] {
  const pids = listProcesses().map(({ pid }) => pid);
  return pids.filter((pid) => environmentOf(pid).includes(`\0${entry}\0`));
}

function markedByPs(entry: string): number[] {
  const table = execFileSync("ps", ["-A", "-E", "-ww", "-o", "pid=,command="], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  const lines = table.split("\n").filter((line) => `${line} `.includes(` ${entry} `));
  return lines.map((line) => Number.parseInt(line, 10));
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw cannotEnd(pid, "this user may not end it", error);
  }
}

function cannotEnd(pid: number, why: string, cause?: unknown): HpoError {
  const text = `process ${pid} of an earlier session of this study must end before the study goes on: ${why}. End it, then try again.`;
  return new HpoError("study-locked", text, { cause });
}

import { readFileSync } from "node:fs";
import { listProcesses } from "./process-table.ts";

export interface MemoryUse {
  readonly bytes: number;
  /** How pages that several processes share were counted. */
  readonly shared: "once" | "for each" | "not";
}

/**
 * What processes use together. Where that may be above `limit`, pages that they share are counted once: it takes the kernel
 * far longer to tell. Processes of which it does not tell that count without the pages that they may share.
 *
 * @param limit bytes
 */
export function memoryOf(pids: readonly number[], limit: number): MemoryUse {
  if (process.platform !== "linux") return { bytes: fromTable(pids), shared: "for each" };
  const resident = pids.reduce((sum, pid) => sum + kilobytes(`/proc/${pid}/status`, "VmRSS"), 0);
  if (resident <= limit) return { bytes: resident, shared: "for each" };
  let bytes = 0;
  let shared: MemoryUse["shared"] = "once";
  for (const pid of pids) {
    const rollup = read(`/proc/${pid}/smaps_rollup`);
    if (rollup === "" && kilobytes(`/proc/${pid}/status`, "VmRSS") > 0) shared = "not";
    bytes += rollup === "" ? kilobytes(`/proc/${pid}/status`, "RssAnon") : valueOf(rollup, "Pss");
  }
  return { bytes, shared };
}

function fromTable(pids: readonly number[]): number {
  const counted = new Set(pids);
  return listProcesses().reduce((sum, { pid, memory }) => (counted.has(pid) ? sum + memory : sum), 0);
}

function kilobytes(file: string, name: string): number {
  return valueOf(read(file), name);
}

/** Bytes of a line such as "Pss:   1234 kB"; 0 where there is none. */
function valueOf(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0) * 1024;
}

function read(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return ""; // it has ended meanwhile, or is another user's
  }
}

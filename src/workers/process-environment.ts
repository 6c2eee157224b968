import { readFileSync } from "node:fs";

/** The environment that a process was started with, a zero byte around each entry; empty for another user's, or one that is gone. */
export function environmentOf(pid: number): Buffer {
  try {
    return Buffer.concat([Buffer.from("\0"), readFileSync(`/proc/${pid}/environ`)]);
  } catch {
    return Buffer.alloc(0);
  }
}

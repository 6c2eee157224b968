import { randomUUID } from "node:crypto";
import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sizeInWords } from "../space/units.ts";

/** The least room that is worth starting a run for, in bytes; what is written to see whether a quota allows it. */
const LEAST = 1 << 20;

/**
 * Why there is no room on a folder's disk, in words; undefined where there is.
 *
 * @param wanted bytes that the next thing to be written takes
 */
export function noRoom(folder: string, wanted: number): string | undefined {
  const needed = Math.max(LEAST, wanted);
  const probe = join(folder, `.room-${randomUUID()}`);
  try {
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize;
    if (free < needed) return `${sizeInWords(free)} are free in ${folder}, and ${sizeInWords(needed)} are needed`;
    writeFileSync(probe, Buffer.alloc(LEAST), { flush: true });
    return undefined;
  } catch (error) {
    return `nothing can be written in ${folder}: ${(error as Error).message}`;
  } finally {
    rmSync(probe, { force: true });
  }
}

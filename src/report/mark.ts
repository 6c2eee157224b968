import { closeSync, openSync, readSync } from "node:fs";
import type { ReportData } from "../views/payload.ts";

const MARK = "<!-- Made by hpo study report";

/** How far into a file its mark may stand, in bytes. */
const REACH = 256;

/** A comment at the beginning of what is written, by which it is known again. */
export function markOf({ engine }: Pick<ReportData, "engine">): string {
  return `${MARK}, hpo ${engine} -->`;
}

/** Whether a file is a report or a picture that was written before; one that cannot be read is not known to be. */
export function isMarked(file: string): boolean {
  try {
    const descriptor = openSync(file, "r");
    try {
      const start = Buffer.alloc(REACH);
      return start.toString("latin1", 0, readSync(descriptor, start, 0, REACH, 0)).includes(MARK);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return false;
  }
}

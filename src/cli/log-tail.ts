import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { trialFolder } from "../study/study-folder.ts";
import { oneLine } from "./text/words.ts";

/** Lines shown of each log, and the bytes read to find them. */
const LINES = 10;
const BYTES = 64 * 1024;

/** The end of one of a trial's logs. */
export interface LogTail {
  readonly file: string;
  /** Without control characters. */
  readonly lines: readonly string[];
}

/** The ends of what a trial printed; a log that is empty or absent is left out. */
export function readLogTails(folder: string, trial: number): readonly LogTail[] {
  return logTails(trialFolder(folder, trial));
}

/** @param folder of one trial */
export function logTails(folder: string): readonly LogTail[] {
  return ["stdout.log", "stderr.log"].flatMap((name) => {
    const file = join(folder, name);
    const lines = lastLines(file);
    return lines.length === 0 ? [] : [{ file, lines }];
  });
}

function lastLines(file: string): readonly string[] {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch {
    return [];
  }
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, BYTES));
    const read = readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    const lines = buffer.toString("utf8", 0, read).trimEnd().split("\n");
    return lines
      .slice(-LINES)
      .map(oneLine)
      .filter((line) => line !== "");
  } finally {
    closeSync(descriptor);
  }
}

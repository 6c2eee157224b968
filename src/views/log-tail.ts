import { closeSync, fstatSync, readSync } from "node:fs";
import { join } from "node:path";
import { openRegular } from "../files/open-regular.ts";
import { trialFolder } from "../study/study-folder.ts";
import { oneLine } from "./words.ts";

/** The end of one of a trial's logs. */
export interface LogTail {
  readonly file: string;
  /** Without control characters. */
  readonly lines: readonly string[];
  /** Bytes that the log's bound has kept out of the file. */
  readonly leftOut: number;
}

/** More than the bound of a run's log, in bytes: only a file that is none is cut. */
const LONGEST_LOG = 64 << 20;

/** The ends of what a trial printed; a log that is empty or absent is left out. */
export function readLogTails(folder: string, trial: number, lines?: number): readonly LogTail[] {
  return logTails(trialFolder(folder, trial), lines);
}

/**
 * @param folder of one trial
 * @param last how many lines of each
 */
export function logTails(folder: string, last = 10): readonly LogTail[] {
  return ["stdout.log", "stderr.log"].flatMap((name) => {
    const file = join(folder, name);
    const text = readEnd(file);
    const lines = text.trimEnd().split("\n").slice(-last).map(oneLine);
    const cuts = [...text.matchAll(/^… (\d+) bytes left out …$/gm)].map((match) => Number(match[1]));
    const leftOut = cuts.reduce((sum, bytes) => sum + bytes, 0);
    const shown = lines.filter((line) => line !== "");
    return shown.length === 0 ? [] : [{ file, lines: shown, leftOut }];
  });
}

/** What a log says; nothing where it is not there, or cannot be read. */
function readEnd(file: string): string {
  let descriptor: number;
  try {
    descriptor = openRegular(file);
  } catch {
    return "";
  }
  try {
    const { size } = fstatSync(descriptor);
    const data = Buffer.alloc(Math.min(size, LONGEST_LOG));
    const read = readSync(descriptor, data, 0, data.length, size - data.length);
    return data.toString("utf8", 0, read);
  } catch {
    return "";
  } finally {
    closeSync(descriptor);
  }
}

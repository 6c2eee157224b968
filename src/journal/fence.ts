import {
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { syncFolder } from "../files/sync-folder.ts";

/**
 * Puts a copy in a journal's place, so that a writer which lost its lock, and may wake up, writes to a file that nobody reads. It
 * tells nothing that it has written since: it looks for its file after each flush. What it told before is in the copy.
 */
export function fenceOff(path: string): void {
  const old = openSync(path, "r");
  const fresh = `${path}.fresh`;
  try {
    copyFileSync(path, fresh, constants.COPYFILE_FICLONE);
    const file = openSync(fresh, "r+");
    try {
      renameSync(fresh, path);
      append(file, old);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    syncFolder(dirname(path));
  } finally {
    closeSync(old);
  }
}

/** What the old file has beyond the new one: it came while the copy was made. */
function append(file: number, old: number): void {
  const chunk = Buffer.allocUnsafe(1 << 16);
  let { size } = fstatSync(file);
  for (let read = readSync(old, chunk, 0, chunk.length, size); read > 0;) {
    for (let written = 0; written < read;) written += writeSync(file, chunk, written, read - written, size + written);
    size += read;
    read = readSync(old, chunk, 0, chunk.length, size);
  }
}

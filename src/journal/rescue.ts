import { closeSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { tmpdir } from "node:os";

/** Bytes that are kept of a journal's end: of a file that others cut, they are all that is left. */
const KEPT = 16 << 20;

const CHUNK = 1 << 20;

/** The end of a journal, so that it can be saved when its file is taken away. */
export class Rescue {
  readonly #kept: Buffer[] = [];
  #bytes = 0;

  /** Takes the end of what earlier processes wrote. @param size of the file, in bytes */
  readEnd(descriptor: number, size: number): void {
    const length = Math.min(size, KEPT);
    const end = readPart(descriptor, size - length, length);
    if (end.length === length) this.add(end);
  }

  /** Takes what was written. */
  add(data: Buffer): void {
    this.#kept.push(data);
    this.#bytes += data.length;
    while (this.#bytes > KEPT && this.#kept.length > 1) this.#bytes -= (this.#kept.shift() as Buffer).length;
  }

  /**
   * Writes a journal's bytes to a new file, near to where it was: first to its folder, then to those above, then to where there is
   * room for anything.
   *
   * @param path of the journal
   * @param descriptor of its file, which may be nowhere any more
   * @param size bytes that were written to it
   * @param rest what was not written
   * @returns what was saved where, in words
   */
  save(path: string, descriptor: number, size: number, rest: Buffer): string {
    const from = size - this.#bytes;
    const before = readPart(descriptor, 0, from);
    const isWhole = before.length === from;
    const parts = [...(isWhole ? [before] : []), ...this.#kept, rest];
    const what = isWhole ? "all that was told" : `the last ${this.#bytes + rest.length} bytes of what was told`;
    const stamp = new Date().toISOString().replaceAll(/[:.]/g, "-");
    const folder = dirname(path);
    const files = [
      join(folder, `journal.rescued-${stamp}.jsonl`),
      ...[dirname(folder), process.cwd(), tmpdir()].map((place) =>
        join(place, `${basename(folder)}.journal.rescued-${stamp}.jsonl`),
      ),
    ];
    for (const file of files) if (tryToWrite(file, parts)) return `${what} is kept in ${file}`;
    return "what was told could not be kept elsewhere";
  }
}

/** @returns fewer bytes where the file has no more, or cannot be read */
function readPart(descriptor: number, start: number, length: number): Buffer {
  const data = Buffer.allocUnsafe(length);
  let read = 0;
  try {
    while (read < length) {
      const got = readSync(descriptor, data, read, Math.min(CHUNK, length - read), start + read);
      if (got === 0) break;
      read += got;
    }
  } catch {
    // A network file system may have lost it.
  }
  return data.subarray(0, read);
}

function tryToWrite(file: string, parts: readonly Buffer[]): boolean {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, "wx");
    for (const part of parts)
      for (let written = 0; written < part.length;) written += writeSync(descriptor, part, written);
    fsyncSync(descriptor);
    return true;
  } catch {
    return false;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

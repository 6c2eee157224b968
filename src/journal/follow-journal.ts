import { closeSync, fstatSync, readSync, type Stats } from "node:fs";
import { HpoError } from "../errors.ts";
import { openRegular } from "../files/open-regular.ts";
import type { Recorded } from "../history/events.ts";
import { impossibleEvent, JournalLines } from "./read-journal.ts";

const NEWLINE = 0x0a;

/** Who hears of a journal that is followed. */
export interface JournalListener {
  /** The journal begins: what came before, if anything, is void. */
  begin(): void;
  /** The next event. What it throws makes the journal a damaged one. */
  event(event: Recorded): void;
}

/** How far a piece of reading came. `more`: there is more to read at once; `absent`: there is no such file (any more). */
export type Progress = "more" | "end" | "absent";

/**
 * Reads a journal that another process goes on writing: each call the whole lines that are new since the last one. A torn
 * last line is left until it is whole, or a resume has cut it off. A journal that was replaced is read from its start.
 */
export class JournalFollower {
  readonly #file: string;
  readonly #listener: JournalListener;
  #lines: JournalLines;
  /** Whole lines that were read, in bytes. */
  #bytes = 0;
  #inode = -1;
  /** It was read again from its start since it could be read to its end. */
  #again = false;
  #failure: { readonly error: HpoError; readonly mark: string } | undefined;

  constructor(file: string, listener: JournalListener) {
    this.#file = file;
    this.#listener = listener;
    this.#lines = new JournalLines(file);
  }

  /**
   * Reads on.
   *
   * @param most about how many bytes at once, so that others have their turn
   * @throws HpoError "journal-damaged", again and again until the file has changed; any error of the file system
   */
  read(most: number): Progress {
    const descriptor = openIfThere(this.#file);
    if (descriptor === undefined) {
      if (this.#inode !== -1) this.#begin(-1);
      return "absent";
    }
    try {
      return this.#readOn(descriptor, most);
    } finally {
      closeSync(descriptor);
    }
  }

  #readOn(descriptor: number, most: number): Progress {
    const stats = fstatSync(descriptor);
    if (this.#failure !== undefined) {
      if (this.#failure.mark === markOf(stats)) throw this.#failure.error;
      this.#begin(stats.ino);
    }
    // Only a torn line is ever cut off, and none of it was counted.
    if (stats.ino !== this.#inode || stats.size < this.#bytes) this.#begin(stats.ino);
    try {
      const left = stats.size - this.#bytes;
      const taken = this.#take(readFrom(descriptor, this.#bytes, Math.min(most, left)));
      // A line longer than a piece is read whole.
      if (taken === 0 && left > most) this.#take(readFrom(descriptor, this.#bytes, left));
      if (taken > 0 && taken < left) return "more";
    } catch (error) {
      return this.#fail(error, stats);
    }
    this.#again = false;
    return "end";
  }

  /** @returns the bytes of its whole lines */
  #take(data: Buffer): number {
    let start = 0;
    for (let end = data.indexOf(NEWLINE); end !== -1; end = data.indexOf(NEWLINE, start)) {
      const event = this.#lines.read(data, start, end);
      try {
        this.#listener.event(event);
      } catch (error) {
        throw impossibleEvent(this.#file, event, error);
      }
      this.#bytes += end + 1 - start;
      start = end + 1;
    }
    return start;
  }

  /** Where a file was replaced in its place, what follows what was read is no line; the start tells. */
  #fail(error: unknown, stats: Stats): Progress {
    if (!(error instanceof HpoError)) throw error;
    if (!this.#again) {
      this.#begin(stats.ino);
      this.#again = true;
      return "more";
    }
    this.#failure = { error, mark: markOf(stats) };
    throw error;
  }

  #begin(inode: number): void {
    this.#lines = new JournalLines(this.#file);
    this.#bytes = 0;
    this.#inode = inode;
    this.#again = false;
    this.#failure = undefined;
    this.#listener.begin();
  }
}

function openIfThere(file: string): number | undefined {
  try {
    return openRegular(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

function readFrom(descriptor: number, position: number, length: number): Buffer {
  const data = Buffer.allocUnsafe(length);
  let read = 0;
  while (read < length) {
    const got = readSync(descriptor, data, read, length - read, position + read);
    if (got === 0) break;
    read += got;
  }
  return data.subarray(0, read);
}

function markOf({ ino, size, mtimeMs }: Stats): string {
  return `${ino} ${size} ${mtimeMs}`;
}

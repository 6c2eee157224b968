import { closeSync, fstatSync, readSync } from "node:fs";
import { HpoError } from "../errors.ts";
import { openRegular } from "../files/open-regular.ts";
import { JOURNAL_VERSION, type Recorded } from "../history/events.ts";
import { eventProblem } from "./check-event.ts";
import { decodeLine } from "./line.ts";

const CHUNK = 1 << 18;
const NEWLINE = 0x0a;

/** What a journal's file holds besides its events. */
export interface JournalExtent {
  /** Bytes of whole lines. */
  readonly bytes: number;
  /** Bytes of a torn last line, written by a coordinator that died in the middle of it. */
  readonly torn: number;
  /** The file that was read: another one may take its name. */
  readonly inode: number;
}

/**
 * Reads a journal from its start and hands each event to `each`.
 *
 * A last line without its newline is torn: it is counted and left out. Any other line that cannot be read raises an
 * HpoError "journal-damaged" that names file, line and cause; so does a gap in the sequence or an unknown version.
 */
export function readJournal(file: string, each: (event: Recorded) => void): JournalExtent {
  const lines = new JournalLines(file);
  return readLines(file, (data, start, end) => {
    each(lines.read(data, start, end));
    return true;
  });
}

/**
 * Reads the first event of a journal, and no more of it.
 *
 * @returns undefined where no line is whole
 * @throws HpoError "journal-damaged"
 */
export function readFirstEvent(file: string): Recorded | undefined {
  const lines = new JournalLines(file);
  let first: Recorded | undefined;
  readLines(file, (data, start, end) => {
    first = lines.read(data, start, end);
    return false;
  });
  return first;
}

/** Reads a journal's whole lines, one after the other, from the first. */
export class JournalLines {
  readonly #file: string;
  #seq = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /**
   * @param data holds from `start` to `end` the next line, without its newline
   * @throws HpoError "journal-damaged"
   */
  read(data: Buffer, start: number, end: number): Recorded {
    const seq = this.#seq;
    const decoded = decodeLine(data, start, end);
    if ("problem" in decoded) throw damaged(this.#file, seq + 1, decoded.problem);
    const { event } = decoded;
    if (event.seq !== seq) throw damaged(this.#file, seq + 1, `it is event ${event.seq}, where ${seq} was expected`);
    if (seq === 0) checkVersion(this.#file, event);
    const again = seq > 0 && event.type === "study-created";
    const problem = again ? "a study is created once" : decoded.isChecked ? undefined : eventProblem(event);
    if (problem !== undefined) throw damaged(this.#file, seq + 1, problem);
    this.#seq++;
    return event;
  }
}

/** What a line holds that is sound in itself, and cannot follow those before it. */
export function impossibleEvent(file: string, { seq }: Recorded, error: unknown): HpoError {
  return new HpoError("journal-damaged", `${file}, line ${seq + 1} cannot be: ${(error as Error).message}`, {
    cause: error,
  });
}

function checkVersion(file: string, event: Recorded): void {
  if (event.type !== "study-created")
    throw damaged(file, 1, `it is "${event.type}", where a journal begins with "study-created"`);
  if (event.version !== JOURNAL_VERSION)
    throw new HpoError(
      "journal-damaged",
      `${file} has format version ${event.version} (written by hpo ${event.engine}); this hpo reads version ${JOURNAL_VERSION}: use the hpo that wrote it, or a newer one`,
    );
}

function damaged(file: string, line: number, problem: string): HpoError {
  return new HpoError(
    "journal-damaged",
    `${file}, line ${line} cannot be read: ${problem}. The file was changed by something else than hpo, or the disk is failing; restore it from a copy (nothing was changed here)`,
  );
}

/**
 * Calls `each` with the place of every whole line, while it returns true. The file is read in pieces, since it may be larger than
 * a string.
 */
function readLines(file: string, each: (data: Buffer, start: number, end: number) => boolean): JournalExtent {
  const descriptor = openRegular(file);
  try {
    let chunk = Buffer.allocUnsafe(CHUNK);
    let torn = 0;
    let bytes = 0;
    for (;;) {
      // A line longer than the piece is read whole.
      if (torn === chunk.length) chunk = Buffer.concat([chunk], 2 * chunk.length);
      const read = readSync(descriptor, chunk, torn, chunk.length - torn, null);
      if (read === 0) return { bytes, torn, inode: fstatSync(descriptor).ino };
      const data = chunk.subarray(0, torn + read);
      let start = 0;
      for (let end = data.indexOf(NEWLINE, torn); end !== -1; end = data.indexOf(NEWLINE, start)) {
        const goesOn = each(data, start, end);
        start = end + 1;
        if (!goesOn) return { bytes: bytes + start, torn: 0, inode: fstatSync(descriptor).ino };
      }
      bytes += start;
      torn = data.length - start;
      data.copyWithin(0, start);
    }
  } finally {
    closeSync(descriptor);
  }
}

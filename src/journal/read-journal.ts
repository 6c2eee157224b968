import { closeSync, fstatSync, readSync } from "node:fs";
import { HpoError } from "../errors.ts";
import { openRegular } from "../files/open-regular.ts";
import { JOURNAL_VERSION, type Recorded } from "../history/events.ts";
import { eventProblem } from "./check-event.ts";
import { decodeLine } from "./line.ts";

const CHUNK = 1 << 20;
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
  return readLines(file, (line) => each(lines.read(line)));
}

/** Reads a journal's whole lines, one after the other, from the first. */
export class JournalLines {
  readonly #file: string;
  #seq = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /**
   * @param line the next one, without its newline
   * @throws HpoError "journal-damaged"
   */
  read(line: string): Recorded {
    const seq = this.#seq;
    const decoded = decodeLine(line);
    if ("problem" in decoded) throw damaged(this.#file, seq + 1, decoded.problem);
    const { event } = decoded;
    if (event.seq !== seq) throw damaged(this.#file, seq + 1, `it is event ${event.seq}, where ${seq} was expected`);
    if (seq === 0) checkVersion(this.#file, event);
    const again = seq > 0 && event.type === "study-created";
    const problem = again ? "a study is created once" : eventProblem(event);
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

/** Calls `each` with every whole line. The file is read in pieces, since it may be larger than a string. */
function readLines(file: string, each: (line: string) => void): JournalExtent {
  const descriptor = openRegular(file);
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    let rest: Buffer = Buffer.alloc(0);
    let bytes = 0;
    for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk)) {
      const data = rest.length === 0 ? chunk.subarray(0, read) : Buffer.concat([rest, chunk.subarray(0, read)]);
      let start = 0;
      for (let end = data.indexOf(NEWLINE); end !== -1; end = data.indexOf(NEWLINE, start)) {
        each(data.toString("utf8", start, end));
        start = end + 1;
      }
      bytes += start;
      rest = Buffer.from(data.subarray(start));
    }
    return { bytes, torn: rest.length, inode: fstatSync(descriptor).ino };
  } finally {
    closeSync(descriptor);
  }
}

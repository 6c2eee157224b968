import { closeSync, fdatasync, fstatSync, fsyncSync, ftruncateSync, openSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { HpoError } from "../errors.ts";
import { syncFolder } from "../files/sync-folder.ts";
import { refusalOf } from "../files/system-error.ts";
import type { Recorded } from "../history/events.ts";
import type { Journal } from "./journal.ts";
import { encodeLine } from "./line.ts";
import type { JournalExtent } from "./read-journal.ts";
import { Rescue } from "./rescue.ts";

const datasync = promisify(fdatasync);

/** How the journal's process lost the lock, in words; undefined while it holds it. */
type Loss = () => string | undefined;

/**
 * Events as lines of a file, written in order; `commit` groups whatever has come meanwhile into one flush to the disk. Before
 * a write and after each flush the path must still name the file, with the bytes that were left in it: what was told is where
 * everybody looks for it. Otherwise the journal ends, and what it wrote is saved elsewhere.
 */
export class FileJournal implements Journal {
  commits = 0;
  readonly #path: string;
  readonly #file: number;
  readonly #loss: Loss;
  readonly #rescue = new Rescue();
  #size: number;
  #lines: string[] = [];
  #durable: number;
  #flushing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #failure: HpoError | undefined;

  private constructor(path: string, file: number, size: number, loss: Loss = () => undefined) {
    this.#path = path;
    this.#file = file;
    this.#loss = loss;
    this.#size = size;
    this.#durable = size;
  }

  /** Creates an empty journal; an existing file is an error. The new name itself is made durable. */
  static create(path: string, loss?: Loss): FileJournal {
    const file = openSync(path, "wx+");
    syncFolder(dirname(path));
    return new FileJournal(path, file, 0, loss);
  }

  /**
   * Opens a journal to go on with it, and cuts off a torn last line; never anything that was not read.
   *
   * @param extent as `readJournal` found it
   * @throws HpoError "study-locked" when the file is not what was read any more
   */
  static resume(path: string, { bytes, torn, inode }: JournalExtent, loss?: Loss): FileJournal {
    const file = openSync(path, "r+");
    const { size, ino } = fstatSync(file);
    if (size !== bytes + torn || ino !== inode) {
      closeSync(file);
      throw new HpoError(
        "study-locked",
        `${path} changed while it was opened: another process writes to it; end that first`,
      );
    }
    if (torn > 0) ftruncateSync(file, bytes);
    fsyncSync(file);
    const journal = new FileJournal(path, file, bytes, loss);
    journal.#rescue.readEnd(file, bytes);
    return journal;
  }

  append(event: Recorded): void {
    this.#lines.push(encodeLine(event));
  }

  /** @throws HpoError "journal-unwritable" */
  commit(): Promise<void> {
    this.#next ??= this.#flushing
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        this.#flushing = this.#flush();
        return this.#flushing;
      });
    return this.#next;
  }

  /** @throws HpoError "journal-unwritable" */
  close(): void {
    try {
      this.write();
    } finally {
      closeSync(this.#file);
    }
  }

  async #flush(): Promise<void> {
    this.write();
    if (this.#durable === this.#size) return;
    const size = this.#size;
    try {
      await datasync(this.#file);
    } catch (error) {
      throw this.#fail(error);
    }
    this.#assertInPlace();
    this.#durable = size;
    this.commits++;
  }

  /** @throws HpoError "journal-unwritable" */
  write(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#lines.length === 0) return;
    this.#assertInPlace();
    const data = this.#takeLines();
    try {
      for (let written = 0; written < data.length;)
        written += writeSync(this.#file, data, written, data.length - written, this.#size + written);
    } catch (error) {
      throw this.#fail(error);
    }
    this.#size += data.length;
    this.#rescue.add(data);
  }

  #takeLines(): Buffer {
    const data = Buffer.from(this.#lines.map((line) => `${line}\n`).join(""));
    this.#lines = [];
    return data;
  }

  /** The lock keeps other processes away; what changes the file all the same shows here. */
  #assertInPlace(): void {
    const problem = this.#displacement();
    if (problem === undefined) return;
    const saved = this.#rescue.save(this.#path, this.#file, this.#size, this.#takeLines());
    this.#failure = new HpoError(
      "journal-unwritable",
      `${this.#path} is not what this process wrote any more: ${problem}. The study stops here; ${saved}. To go on with it, put that in the place of the journal, then resume the study`,
    );
    throw this.#failure;
  }

  #displacement(): string | undefined {
    try {
      const there = statSync(this.#path, { throwIfNoEntry: false });
      if (there === undefined) return "it was removed, or its folder was renamed";
      const { size, ino, dev } = fstatSync(this.#file);
      if (there.ino !== ino || there.dev !== dev) return "another file is in its place";
      if (size !== this.#size)
        return `it has ${size} bytes where this process left ${this.#size}: another process writes to it`;
      return this.#loss();
    } catch (error) {
      return refusalOf(error)?.says ?? (error as Error).message;
    }
  }

  #fail(error: unknown): HpoError {
    const { says, cure } = refusalOf(error) ?? { says: (error as Error).message, cure: "see to it" };
    this.#failure = new HpoError(
      "journal-unwritable",
      `${this.#path} cannot be written: ${says}. The study stops here; ${cure}, then resume it`,
      { cause: error },
    );
    return this.#failure;
  }
}

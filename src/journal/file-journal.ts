import { closeSync, fdatasync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { HpoError } from "../errors.ts";
import type { Recorded } from "../history/events.ts";
import type { Journal } from "./journal.ts";
import { encodeLine } from "./line.ts";

const datasync = promisify(fdatasync);

/** Events as lines of a file, written in order; `commit` groups whatever has come meanwhile into one flush to the disk. */
export class FileJournal implements Journal {
  commits = 0;
  readonly #path: string;
  readonly #file: number;
  #size: number;
  #lines: string[] = [];
  #durable: number;
  #flushing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #failure: HpoError | undefined;

  private constructor(path: string, file: number, size: number) {
    this.#path = path;
    this.#file = file;
    this.#size = size;
    this.#durable = size;
  }

  /** Creates an empty journal; an existing file is an error. The new name itself is made durable. */
  static create(path: string): FileJournal {
    const file = openSync(path, "ax");
    const folder = openSync(dirname(path), "r");
    fsyncSync(folder);
    closeSync(folder);
    return new FileJournal(path, file, 0);
  }

  /**
   * Opens a journal to go on with it, and cuts off a torn last line.
   *
   * @param bytes the length of its whole lines, as `readJournal` found it
   */
  static resume(path: string, bytes: number): FileJournal {
    const file = openSync(path, "r+");
    ftruncateSync(file, bytes);
    fsyncSync(file);
    return new FileJournal(path, file, bytes);
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
    this.#durable = size;
    this.commits++;
  }

  /** @throws HpoError "journal-unwritable" */
  write(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#lines.length === 0) return;
    const data = Buffer.from(`${this.#lines.join("\n")}\n`);
    this.#lines = [];
    try {
      this.#checkAlone();
      for (let written = 0; written < data.length;)
        written += writeSync(this.#file, data, written, data.length - written, this.#size + written);
    } catch (error) {
      throw this.#fail(error);
    }
    this.#size += data.length;
  }

  /** The lock keeps other coordinators of this machine away; one that shares the disk from elsewhere shows by its bytes. */
  #checkAlone(): void {
    const { size } = fstatSync(this.#file);
    if (size !== this.#size)
      throw new Error(`it has ${size} bytes where this process left ${this.#size}: another process writes to it`);
  }

  #fail(error: unknown): HpoError {
    this.#failure = new HpoError(
      "journal-unwritable",
      `${this.#path} cannot be written: ${(error as Error).message}. The study stops here; free the disk or end the other process, then resume it`,
      { cause: error },
    );
    return this.#failure;
  }
}

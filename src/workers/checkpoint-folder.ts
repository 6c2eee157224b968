import { existsSync, readdirSync, rmSync } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe } from "./words.ts";

/** Names of checkpoints being written; what is left of them belongs to a run that died. */
const UNFINISHED = ".unfinished-";

/** What `stat` counts in, in bytes, whatever the file system. */
const BLOCK = 512;

/** A trial's folder of checkpoints, `<folder>/<step>/`: a step's folder is there whole or not at all. */
export class CheckpointFolder {
  readonly #folder: string;
  readonly #startStep: number;
  #saved: number;
  /** The folders above are on disk for good. */
  #placed = false;
  /** Saves run one after another, in the order in which they were asked for. */
  #queue: Promise<void> = Promise.resolve();

  constructor(folder: string, startStep: number) {
    this.#folder = folder;
    this.#startStep = startStep;
    this.#saved = startStep - 1;
  }

  /** The files that a run starts from. */
  get start(): string {
    return join(this.#folder, String(this.#startStep - 1));
  }

  /**
   * Writes a checkpoint so that it survives a crash at any point: temporary folder, sync, rename, sync, journal, and only
   * then are the ones removed that the journal needs no more.
   */
  async save(
    step: number,
    write: (directory: string) => void | Promise<void>,
    journal: (step: number, bytes: number) => Promise<number>,
  ): Promise<void> {
    if (!Number.isSafeInteger(step) || step < this.#startStep) {
      const expected = `a whole number of at least ${this.#startStep}, the run's startStep`;
      throw new TypeError(`checkpoint.save expects "step" to be ${expected}, received ${describe(step)}`);
    }
    if (step <= this.#saved) {
      throw new TypeError(`checkpoint.save expects steps to grow: step ${this.#saved} is saved, received ${step}`);
    }
    if (typeof write !== "function") {
      throw new TypeError(`checkpoint.save expects a function (directory) => …, received ${describe(write)}`);
    }
    const before = this.#saved;
    this.#saved = step;
    const saving = this.#queue.then(() => this.#write(step, write));
    this.#queue = saving.then(
      () => undefined,
      () => {
        if (this.#saved === step) this.#saved = before;
      },
    );
    const bytes = await saving;
    const oldest = await journal(step, bytes);
    removeSteps(this.#folder, (other) => other < oldest);
  }

  /** @returns what it takes on disk, in bytes */
  async #write(step: number, write: (directory: string) => void | Promise<void>): Promise<number> {
    const temporary = join(this.#folder, `${UNFINISHED}${step}`);
    await mkdir(temporary, { recursive: true });
    let bytes: number;
    try {
      await write(temporary);
      bytes = await syncTree(temporary);
      await rename(temporary, join(this.#folder, String(step)));
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      throw error;
    }
    await syncOne(this.#folder);
    if (this.#placed) return bytes;
    // The first one may have come with its trial's folder.
    await syncOne(dirname(this.#folder));
    await syncOne(dirname(dirname(this.#folder)));
    this.#placed = true;
    return bytes;
  }
}

/**
 * Leaves only the checkpoint that a run starts from: others are not in the journal, or are older than it.
 * Throws an Error in words when that one is missing.
 */
export function prepareCheckpoints(folder: string, startStep: number): void {
  tidyCheckpoints(folder, [startStep - 1]);
  const start = new CheckpointFolder(folder, startStep).start;
  if (startStep > 1 && !existsSync(start)) {
    throw new Error(`expected the checkpoint of step ${startStep - 1} in ${start}, but that folder is missing`);
  }
}

/** Leaves only the checkpoints of the steps in `keep`, and nothing half-written. Throws where that cannot be. */
export function tidyCheckpoints(folder: string, keep: readonly number[]): void {
  removeSteps(folder, (step) => !keep.includes(step));
  for (const name of namesIn(folder)) {
    if (name.startsWith(UNFINISHED)) remove(folder, name);
  }
}

/** Removes the checkpoints of the steps that `unwanted` names; other files in the folder are left alone. */
export function removeSteps(folder: string, unwanted: (step: number) => boolean): void {
  for (const name of namesIn(folder)) {
    if (/^\d+$/.test(name) && unwanted(Number(name))) remove(folder, name);
  }
}

/**
 * Makes a step's complete checkpoint survive a power cut. Rejects when there is none.
 *
 * @returns what it takes on disk, in bytes
 */
export async function syncStep(folder: string, step: number): Promise<number> {
  const bytes = await syncTree(join(folder, String(step)));
  await syncOne(folder);
  return bytes;
}

function remove(folder: string, name: string): void {
  rmSync(join(folder, name), { recursive: true, force: true });
}

/** What is in the folder; nothing when nothing was saved yet. */
function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Symbolic links are not followed. @returns what it takes on disk, in bytes */
async function syncTree(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += await syncTree(path);
    else if (entry.isFile()) bytes += await syncOne(path);
  }
  return bytes + (await syncOne(folder));
}

/** @returns what it takes on disk, in bytes: its length where that is more, as in a sparse or a compressed file */
async function syncOne(path: string): Promise<number> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
    const { size, blocks } = await handle.stat();
    return Math.max(size, blocks * BLOCK);
  } finally {
    await handle.close();
  }
}

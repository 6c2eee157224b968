import { accessSync, constants, existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { CheckpointContent } from "../history/events.ts";
import { describe } from "./words.ts";

/** Names of checkpoints being written; what is left of them belongs to a run that died. */
const UNFINISHED = ".unfinished-";

/** What `stat` counts in, in bytes, whatever the file system. */
const BLOCK = 512;

/** What a checkpoint comes to. */
export interface CheckpointSize {
  /** On disk. */
  readonly bytes: number;
  readonly content: CheckpointContent;
}

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
    journal: (step: number, size: CheckpointSize) => Promise<number>,
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
    const size = await saving;
    const oldest = await journal(step, size);
    removeSteps(this.#folder, (other) => other < oldest);
  }

  async #write(step: number, write: (directory: string) => void | Promise<void>): Promise<CheckpointSize> {
    const temporary = join(this.#folder, `${UNFINISHED}${step}`);
    await mkdir(temporary, { recursive: true });
    let size: CheckpointSize;
    try {
      await write(temporary);
      size = await syncTree(temporary);
      await rename(temporary, join(this.#folder, String(step)));
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      throw error;
    }
    await syncOne(this.#folder);
    if (this.#placed) return size;
    // The first one may have come with its trial's folder.
    await syncOne(dirname(this.#folder));
    await syncOne(dirname(dirname(this.#folder)));
    this.#placed = true;
    return size;
  }
}

/**
 * Makes a trial's folder ready for a run: leaves only the checkpoint that it starts from, since others are not in the journal, or
 * are older than it. What is in the way and cannot be removed is set aside. Throws an Error in words when the checkpoint is missing.
 */
export function prepareCheckpoints(folder: string, startStep: number): void {
  if (existsSync(folder) && !statSync(folder).isDirectory()) setAside(folder);
  const step = startStep - 1;
  for (const name of namesIn(folder)) {
    if (!name.startsWith(UNFINISHED) && !(/^\d+$/.test(name) && Number(name) !== step)) continue;
    try {
      remove(folder, name);
    } catch {
      setAside(join(folder, name));
    }
  }
  const problem = startStep > 1 ? checkpointProblem(folder, step, undefined) : undefined;
  if (problem !== undefined) throw new Error(`expected the checkpoint of step ${step}, but ${problem}`);
}

/**
 * Why a run cannot start from the checkpoint of a step, in words; undefined when it can. What lies there beside its files is no
 * fault, and what their bytes say only the objective can judge.
 *
 * @param content what it held when it was saved
 */
export function checkpointProblem(
  folder: string,
  step: number,
  content: CheckpointContent | undefined,
): string | undefined {
  const path = join(folder, String(step));
  try {
    const { files, length } = contentOf(path);
    if (content === undefined || (files >= content.files && length >= content.length)) return undefined;
    const [now, before] = [inFiles({ files, length }), inFiles(content)];
    return `${path} is damaged: it holds ${now}, and held ${before} when it was saved`;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return `${path} is missing`;
    return code === "ENOTDIR" ? `${path} is no folder` : `${path} cannot be read: ${message}`;
  }
}

/** Throws for what cannot be read. */
function contentOf(folder: string): CheckpointContent {
  let [files, length] = [0, 0];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const inner = contentOf(path);
      files += inner.files;
      length += inner.length;
    } else if (entry.isFile()) {
      accessSync(path, constants.R_OK);
      files += 1;
      length += statSync(path).size;
    }
  }
  return { files, length };
}

function inFiles({ files, length }: CheckpointContent): string {
  return `${files === 1 ? "1 file" : `${files} files`} of ${length} bytes`;
}

/** Takes something out of the way of a checkpoint, where people find it. */
function setAside(path: string): void {
  let number = 1;
  while (existsSync(`${path}.set-aside-${number}`)) number++;
  renameSync(path, `${path}.set-aside-${number}`);
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

/** Makes a step's complete checkpoint survive a power cut, and measures it. Rejects when there is none. */
export async function syncStep(folder: string, step: number): Promise<CheckpointSize> {
  const size = await syncTree(join(folder, String(step)));
  await syncOne(folder);
  return size;
}

function remove(folder: string, name: string): void {
  rmSync(join(folder, name), { recursive: true, force: true });
}

/** What is in the folder; nothing when nothing was saved yet. */
function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Symbolic links are not followed. */
async function syncTree(folder: string): Promise<CheckpointSize> {
  const whole = { bytes: 0, content: { files: 0, length: 0 } };
  const add = ({ bytes, content }: CheckpointSize): void => {
    whole.bytes += bytes;
    whole.content.files += content.files;
    whole.content.length += content.length;
  };
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) add(await syncTree(path));
    else if (entry.isFile()) {
      const { bytes, length } = await syncOne(path);
      add({ bytes, content: { files: 1, length } });
    }
  }
  const { bytes } = await syncOne(folder);
  return { ...whole, bytes: whole.bytes + bytes };
}

/** @returns its length, and what it takes on disk: its length where that is more, as in a sparse or a compressed file; in bytes */
async function syncOne(path: string): Promise<{ readonly bytes: number; readonly length: number }> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
    const { size, blocks } = await handle.stat();
    return { bytes: Math.max(size, blocks * BLOCK), length: size };
  } finally {
    await handle.close();
  }
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where the checkpoints of a study in memory live: a temporary folder, made when first needed. */
export class ScratchFolder {
  #root: string | undefined;

  get made(): boolean {
    return this.#root !== undefined;
  }

  /** The trial's folder in it, absolute; only the root exists. */
  ofTrial(trial: number): string {
    this.#root ??= mkdtempSync(join(tmpdir(), "hpo-"));
    return join(this.#root, String(trial));
  }

  remove(): void {
    if (this.#root !== undefined) rmSync(this.#root, { recursive: true, force: true });
    this.#root = undefined;
  }
}

import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where the checkpoints of a study in memory live: a temporary folder, which exists once something is saved there. */
export class ScratchFolder {
  readonly #root: string = join(tmpdir(), `hpo-${randomUUID()}`);

  /** The trial's folder in it, absolute. */
  ofTrial(trial: number): string {
    return join(this.#root, String(trial));
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}

import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A trial with its folder, absolute; null for a study in memory. */
export interface TrialPlace {
  readonly trial: number;
  readonly directory: string | null;
}

/** Where the checkpoints of a study in memory live: a temporary folder, which exists once something is saved there. */
export class ScratchFolder {
  readonly #root: string = join(tmpdir(), `hpo-${randomUUID()}`);

  /** The folder of a trial's checkpoints, absolute: in here where the trial has none of its own. */
  checkpoints({ trial, directory }: TrialPlace): string {
    return join(directory ?? join(this.#root, String(trial)), "checkpoint");
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}

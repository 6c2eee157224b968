import { tmpdir } from "node:os";
import { noRoom } from "../workers/disk-room.ts";
import type { Coordinator } from "./coordinator.ts";

/** A disk that was full is looked at so often; the first look comes later each time it was full again. In milliseconds. */
const LOOK = 1_000;

/** How long a full disk is waited for, in milliseconds. */
const LONGEST = 60_000;

/**
 * Waits for room on the study's disk while its history says that there is none, and notes what came of it: a timer's event, like the
 * end of the study's time. Starts nothing while it waits already.
 */
export class RoomWatch {
  readonly #coordinator: Coordinator;
  readonly #folder: string;
  readonly #onChange: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param folder the study's; null in memory @param onChange the history has changed */
  constructor(coordinator: Coordinator, folder: string | null, onChange: () => void) {
    this.#coordinator = coordinator;
    this.#onChange = onChange;
    this.#folder = folder ?? tmpdir();
  }

  /** Looks at the history. */
  follow(): void {
    const { isFull, times } = this.#coordinator.history.disk;
    if (!isFull || this.#timer !== undefined) return;
    const start = performance.now();
    const look = (): void => {
      const problem = noRoom(this.#folder, this.#wanted);
      if (problem !== undefined && performance.now() - start < LONGEST) {
        this.#timer = setTimeout(look, LOOK);
        return;
      }
      this.#timer = undefined;
      const message = problem ?? `there is room again in ${this.#folder}`;
      this.#coordinator.record({ type: "disk-checked", full: problem !== undefined, message });
      this.#onChange();
    };
    this.#timer = setTimeout(look, LOOK * 2 ** (times - 1));
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** What the largest checkpoint of a trial takes, twice: the old one stays until the new one is there. */
  get #wanted(): number {
    const largest = this.#coordinator.history.trials.reduce((most, trial) => Math.max(most, trial.checkpointBytes), 0);
    return 2 * largest;
  }
}

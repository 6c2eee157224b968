import type { Recorded } from "../history/events.ts";

/**
 * Where events go. `append` keeps the order; nothing is lost between `append` and `commit` but by a death of the process.
 * One writer at a time; a failed write leaves the journal unusable, and every later call rejects with the same error.
 */
export interface Journal {
  /** Takes an event to be written, in order. Returns at once. */
  append(event: Recorded): void;
  /** Hands everything appended so far to the operating system: it survives the death of this process, and others can read it. */
  write(): void;
  /** Resolves when everything appended so far would survive a loss of power. Concurrent calls share one flush. */
  commit(): Promise<void>;
  /** Writes what is left, without waiting for the disk, and lets go of the file. */
  close(): void;
  /** How many durable flushes there were. */
  readonly commits: number;
}

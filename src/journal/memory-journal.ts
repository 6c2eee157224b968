import type { Recorded } from "../history/events.ts";
import type { Journal } from "./journal.ts";

/** The journal of a study in memory: its events live in the history alone, and are gone with the process. */
export class MemoryJournal implements Journal {
  readonly commits = 0;

  append(_event: Recorded): void {}

  write(): void {}

  async commit(): Promise<void> {}

  close(): void {}
}

import type { Recorded } from "../history/events.ts";
import type { Journal } from "./journal.ts";

/** A journal that is gone with the process. */
export class MemoryJournal implements Journal {
  readonly commits = 0;
  readonly events: Recorded[] = [];

  append(event: Recorded): void {
    this.events.push(event);
  }

  async commit(): Promise<void> {}

  async close(): Promise<void> {}
}

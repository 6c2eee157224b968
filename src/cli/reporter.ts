import type { Device } from "../devices/gpu.ts";
import type { Recorded } from "../history/events.ts";
import type { Ending } from "./text/ending.ts";

/** A slot as far as those need it who tell of it. */
export type SlotName = Pick<Device, "kind" | "slot">;

/** Who tells a running study: one for each way of looking at it. */
export interface Reporter {
  /** Something about the start: what was chosen, cut, found changed. */
  note(line: string): void;
  /** An event that is durable. */
  event(event: Recorded): void;
  /** The first Ctrl-C: what it does, and how to go on. */
  interrupting(lines: readonly string[]): void;
  /** The last word. */
  end(ending: Ending): void;
  /** Whatever it holds of the terminal is given back. Called once, also after an error. */
  close(): void;
}

import type { Answer, ProcessOrder } from "./messages.ts";
import type { ToldOutcome } from "./told.ts";

/** An open run as the launcher sees it, whatever its kind. */
export interface LauncherRun {
  /** Resolves when nothing of the run is alive. */
  readonly ended: Promise<ToldOutcome>;
  answer(answer: Answer): void;
  /** The coordinator is gone. */
  abandon(): void;
}

/** Starts the runs of one slot, one after another. */
export interface Runner {
  start(order: ProcessOrder): LauncherRun;
  /** After a run: get ready for the next one. */
  warm(): void;
  /** Resolves when no process of the slot is left; no run is open. */
  close(): Promise<void>;
}

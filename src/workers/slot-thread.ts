import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { SlotTask, ThreadData } from "./messages.ts";
import { makePids } from "./slot-pids.ts";

const THREAD = fileURLToPath(new URL("./slot-worker.js", import.meta.url));

/** A slot's thread, which has its launcher started: a Piscina pool of one. */
export interface SlotThread {
  readonly pool: Piscina<SlotTask, void>;
  /** The process ids of its launcher and its objective's process group, which outlive it. */
  readonly pids: Int32Array;
}

let ahead: SlotThread | undefined;

/**
 * Starts one slot's thread and launcher before it is known what they will serve, so that two starts of a process lie
 * beside the reading of the spec and not behind it. The next slot takes it.
 */
export function startThreadAhead(): void {
  ahead ??= makeThread(undefined);
}

/** The thread that was started ahead, or a new one, whose launcher carries the study's mark. */
export function takeThread(studyId: string): SlotThread {
  const thread = ahead ?? makeThread(studyId);
  ahead = undefined;
  return thread;
}

function makeThread(studyId: string | undefined): SlotThread {
  const pids = makePids();
  const pool = new Piscina<SlotTask, void>({
    filename: THREAD,
    minThreads: 1,
    maxThreads: 1,
    // The default blocks the thread between tasks, and with it the launcher's messages.
    atomics: "disabled",
    recordTiming: false,
    workerData: { pids, studyId } satisfies ThreadData,
  });
  return { pool, pids };
}

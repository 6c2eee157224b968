import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { Transferable } from "node:worker_threads";
import { Piscina } from "piscina";
import type { SlotTask, ThreadData } from "./messages.ts";
import { makePids } from "./slot-pids.ts";

const THREAD = fileURLToPath(new URL("./slot-worker.js", import.meta.url));

/** Marks the processes of this coordinator, whatever study they serve. */
export const SESSION_ID: string = randomUUID();

let ahead: SlotThread | undefined;

/**
 * Starts one slot's thread and launcher before everything is known that they will serve, so that two starts of a process lie
 * beside the reading of the spec and not behind it. The next slot of the same study takes it.
 */
export function startThreadAhead(studyId: string): void {
  ahead ??= new SlotThread(studyId);
}

/** The thread that was started ahead, or a new one. Its launcher carries the study's mark. */
export function takeThread(studyId: string): SlotThread {
  const thread = ahead?.studyId === studyId ? ahead : new SlotThread(studyId);
  if (ahead !== thread) void ahead?.destroy();
  ahead = undefined;
  return thread;
}

/** A slot's thread, which has its launcher started: a Piscina pool of one. */
export class SlotThread {
  readonly studyId: string;
  /** The process ids of its launcher and its objective's process group, which outlive it. */
  readonly pids: Int32Array = makePids();
  readonly #pool: Piscina<SlotTask, string | undefined> | undefined;
  /** What a pool whose thread could not start never settles. */
  readonly #open = new Set<(error: unknown) => void>();
  #failure: { readonly error: unknown } | undefined;

  constructor(studyId: string) {
    this.studyId = studyId;
    try {
      this.#pool = new Piscina<SlotTask, string | undefined>({
        filename: THREAD,
        minThreads: 1,
        maxThreads: 1,
        // The default blocks the thread between tasks, and with it the launcher's messages.
        atomics: "disabled",
        recordTiming: false,
        workerData: { pids: this.pids, studyId, session: SESSION_ID } satisfies ThreadData,
      });
      this.#pool.on("error", (error: unknown) => this.#fail(error));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The thread could not be started, or has died. It is not used again: after one failed start Piscina never replaces threads. */
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Has the thread do a task, and gives its answer. Rejects when the thread ends, or has not even started. */
  async run(task: SlotTask, transferList: readonly Transferable[] = []): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined || this.#pool === undefined) return reject(this.#failure?.error);
      this.#open.add(reject);
      void this.#pool
        .run(task, { transferList: [...transferList] })
        .then(resolve, (error: unknown) => {
          this.#fail(error);
          reject(error);
        })
        .finally(() => this.#open.delete(reject));
    });
  }

  async destroy(): Promise<void> {
    this.#fail(new Error("its thread was ended"));
    await this.#pool?.destroy();
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    for (const reject of this.#open) reject(error);
    this.#open.clear();
  }
}

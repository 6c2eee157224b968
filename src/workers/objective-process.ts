import { type ChildProcess, spawn } from "node:child_process";
import type { ProcessExit } from "./process-exit.ts";
import { STREAMS, type StreamName } from "./streams.ts";

/** Milliseconds to wait for the end of the output of a process that has ended: someone outside its group may hold it. */
const DRAIN = 500;

export interface ObjectiveProcessOptions {
  readonly env: NodeJS.ProcessEnv;
  /** @default this process's own */
  readonly cwd?: string;
  /** A channel for messages. @default false */
  readonly ipc?: boolean;
}

/** A child in a process group of its own, whose output is read all the time. */
export class ObjectiveProcess {
  readonly child: ChildProcess;
  /** Resolves when the process itself has ended, or rejects with why it could not be started. */
  readonly exited: Promise<ProcessExit>;
  readonly #drained: Promise<unknown>;
  /** Output that came while nobody listened, such as a warning at the start. */
  readonly #early: [StreamName, Buffer][] = [];
  #onOutput: ((stream: StreamName, chunk: Buffer) => void) | undefined;

  constructor(command: string, words: readonly string[], options: ObjectiveProcessOptions) {
    this.child = spawn(command, words, {
      env: options.env,
      cwd: options.cwd,
      detached: true,
      serialization: "advanced",
      stdio: ["ignore", "pipe", "pipe", ...(options.ipc === true ? (["ipc"] as const) : [])],
    });
    const { child } = this;
    this.exited = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) => resolve({ code, signal }));
    });
    this.exited.catch(() => {}); // whoever needs it awaits it
    this.#drained = new Promise((resolve) => child.once("close", resolve));
    for (const stream of STREAMS) {
      child[stream]?.on("data", (chunk: Buffer) => {
        if (this.#onOutput === undefined) this.#early.push([stream, chunk]);
        else this.#onOutput(stream, chunk);
      });
    }
  }

  /** Leader and id of its process group; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Who gets the output from now on. */
  set onOutput(listener: (stream: StreamName, chunk: Buffer) => void) {
    this.#onOutput = listener;
    for (const [stream, chunk] of this.#early.splice(0)) listener(stream, chunk);
  }

  /** Waits until the output of the ended process is read. */
  async drain(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([this.#drained, new Promise((resolve) => (timer = setTimeout(resolve, DRAIN)))]);
    clearTimeout(timer);
    for (const stream of STREAMS) this.child[stream]?.destroy();
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import { CHANNEL } from "./framed-channel.ts";
import { Family, type FamilyName } from "./family.ts";
import type { ProcessExit } from "./process-exit.ts";
import { STREAMS, type StreamName } from "./streams.ts";

/** Milliseconds to wait for the end of the output of a process that has ended: someone outside its family may hold it. */
const DRAIN = 500;

/** Milliseconds that a piece of output may take: then everything else of this process has its turn first. */
const PIECE = 10;

/** What the machine lacks for another process: no fault of the objective's, and it may pass. */
const SCARCE: ReadonlySet<string | undefined> = new Set(["EAGAIN", "EMFILE", "ENFILE", "ENOMEM"]);

export interface ObjectiveProcessOptions {
  readonly env: NodeJS.ProcessEnv;
  /** @default this process's own */
  readonly cwd?: string;
  /** A channel of its own, as descriptor {@link CHANNEL}. @default false */
  readonly channel?: boolean;
  /** What its descendants are known by. */
  readonly family: Omit<FamilyName, "group">;
}

/** A child in a process group of its own, whose output is read all the time. */
export class ObjectiveProcess {
  readonly family: Family;
  /** How it ended; undefined while it lives. */
  exit: ProcessExit | undefined;
  /** Why it could not be started. */
  problem: NodeJS.ErrnoException | undefined;
  readonly #child: ChildProcess | undefined;
  readonly #onEnd = new Set<() => void>();
  #closed = false;
  #paused = false;
  #onClosed: () => void = () => {};
  /** Output that came while nobody listened, such as a warning at the start. */
  readonly #early: [StreamName, Buffer][] = [];
  #onOutput: ((stream: StreamName, chunk: Buffer) => void) | undefined;

  constructor(command: string, words: readonly string[], options: ObjectiveProcessOptions) {
    const { env, cwd, channel = false } = options;
    try {
      this.#child = spawn(command, words, {
        env,
        cwd,
        detached: true,
        stdio: ["ignore", "pipe", "pipe", ...(channel ? (["pipe"] as const) : [])],
      });
    } catch (error) {
      this.problem = error as NodeJS.ErrnoException;
    }
    this.family = new Family({ ...options.family, group: this.pid ?? 0 });
    const child = this.#child;
    child?.on("error", (error) => {
      if (child.pid !== undefined) return; // of a signal that came too late
      this.problem = error;
      this.#end();
    });
    child?.once("exit", (code, signal) => {
      this.exit = { code, signal };
      this.#end();
    });
    child?.once("close", () => {
      this.#closed = true;
      this.#onClosed();
    });
    for (const stream of STREAMS) {
      child?.[stream]?.on("data", (chunk: Buffer) => {
        const began = performance.now();
        if (this.#onOutput === undefined) this.#early.push([stream, chunk]);
        else this.#onOutput(stream, chunk);
        if (performance.now() - began > PIECE) this.#restFrom(stream);
      });
    }
  }

  /** Leader and id of its process group; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The machine could not start it, for no fault of the objective. */
  get scarce(): boolean {
    return SCARCE.has(this.problem?.code);
  }

  /** The launcher's end of its channel; undefined without one. */
  get channel(): Duplex | undefined {
    return this.#child?.stdio[CHANNEL] as Duplex | undefined;
  }

  /** Calls back once when it has ended, or could not be started. Gives the way to take that back. */
  onEnd(listener: () => void): () => void {
    if (this.exit !== undefined || this.problem !== undefined) queueMicrotask(listener);
    else this.#onEnd.add(listener);
    return () => this.#onEnd.delete(listener);
  }

  async ended(): Promise<void> {
    return new Promise((resolve) => this.onEnd(resolve));
  }

  #end(): void {
    for (const listener of this.#onEnd) listener();
    this.#onEnd.clear();
  }

  /** Who gets the output from now on. */
  set onOutput(listener: (stream: StreamName, chunk: Buffer) => void) {
    this.#onOutput = listener;
    for (const [stream, chunk] of this.#early.splice(0)) listener(stream, chunk);
  }

  /** Stops and starts the reading of its output; while it is stopped, a process that writes on has to wait. */
  pause(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    for (const stream of STREAMS) {
      if (paused) this.#child?.[stream]?.pause();
      else this.#child?.[stream]?.resume();
    }
  }

  #restFrom(stream: StreamName): void {
    this.#child?.[stream]?.pause();
    setImmediate(() => {
      if (!this.#paused) this.#child?.[stream]?.resume();
    });
  }

  /** Waits until the output of the ended process is read. */
  async drain(): Promise<void> {
    if (!this.#closed) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, DRAIN);
        this.#onClosed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    for (const stream of STREAMS) this.#child?.[stream]?.destroy();
    this.channel?.destroy();
  }
}

import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { MessagePort } from "node:worker_threads";
import { failed } from "./failure.ts";
import type { Answer, FromLauncher, LauncherSetup, ProcessOrder, SlotSetup } from "./messages.ts";
import { OutputTail } from "./output-tail.ts";
import { post } from "./post.ts";
import { GROUP, LAUNCHER } from "./slot-pids.ts";
import { endGroup } from "./process-group.ts";
import { MARKER } from "./study-marker.ts";
import { messageOf } from "./words.ts";
import type { ToldOutcome } from "./told.ts";

const PROGRAM = fileURLToPath(new URL("./launcher.js", import.meta.url));

/** The slot's launcher, seen from its thread: started at once, and again after a death. */
export class LauncherProcess {
  readonly #pids: Int32Array;
  readonly #child: ChildProcess;
  readonly #errors = new OutputTail();
  /** Resolves with how it ended, in words, once its process group's objective is gone too. */
  readonly gone: Promise<ToldOutcome>;

  /** @param pids where its process id and that of its group are noted: they outlive the thread */
  constructor(pids: Int32Array, studyId: string | undefined) {
    this.#pids = pids;
    const { NODE_OPTIONS: _, ...environment } = process.env;
    this.#child = fork(PROGRAM, [], {
      // Its own session: Ctrl-C in the terminal reaches the coordinator alone.
      detached: true,
      execArgv: [],
      env: { ...environment, ...(studyId === undefined ? {} : { [MARKER]: studyId }) },
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    pids[LAUNCHER] = this.#child.pid ?? 0;
    this.#child.stderr?.on("data", (chunk: Buffer) => this.#errors.push(chunk));
    this.#child.on("message", (message: FromLauncher) => {
      if (message.type === "group") pids[GROUP] = message.pid;
    });
    this.gone = this.#watch();
  }

  /** Tells it what it serves; comes before the first run. */
  setUp(setup: SlotSetup): void {
    const message: LauncherSetup = {
      ...setup,
      nodeOptions: process.env["NODE_OPTIONS"] ?? null,
      execArgv: process.execArgv,
    };
    this.#child.send(message, () => {});
  }

  get dead(): boolean {
    return this.#child.pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Has one run done; its calls go through `port`. Resolves when it has ended. */
  async run(order: ProcessOrder, port: MessagePort): Promise<void> {
    const ended = new Promise<ToldOutcome>((resolve) => {
      this.#child.on("message", function pass(this: ChildProcess, message: FromLauncher) {
        if (message.type === "report" || message.type === "checkpoint") post(port, message);
        if (message.type !== "ended") return;
        this.off("message", pass);
        resolve(message.outcome);
      });
    });
    port.on("message", (answer: Answer) => this.#child.send(answer, () => {}));
    this.#child.send({ type: "run", order }, () => {});
    const outcome = await Promise.race([ended, this.gone]);
    post(port, { type: "ended", outcome });
    port.close();
  }

  /** Has it end what it has and leave. */
  async close(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.gone;
  }

  async #watch(): Promise<ToldOutcome> {
    const outcome = await new Promise<ToldOutcome>((resolve) => {
      this.#child.once("error", (error) => resolve(failed("launch", `cannot start a launcher: ${messageOf(error)}`)));
      this.#child.once("exit", (code, signal) => {
        const how = signal === null ? `left with code ${code}` : `was ended by ${signal}`;
        resolve(failed(signal === null ? "launch" : "signal", `the run's launcher ${how}`, this.#errors.lines(20)));
      });
    });
    await endGroup(this.#pids[GROUP], 0);
    this.#pids[GROUP] = 0;
    return outcome;
  }
}

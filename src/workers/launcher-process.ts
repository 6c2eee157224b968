import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { MessagePort } from "node:worker_threads";
import { SLOT_VARIABLE } from "../devices/slot.ts";
import { type Failure, failed } from "./failure.ts";
import { endFamily } from "./family.ts";
import type { Answer, FromLauncher, LauncherSetup, ProcessOrder, SlotSetup, ToLauncher } from "./messages.ts";
import { OutputTail } from "./output-tail.ts";
import { post } from "./post.ts";
import { GROUP, LAUNCHER } from "./slot-pids.ts";
import { MARKER, SESSION } from "./study-marker.ts";
import { firstLine, messageOf } from "./words.ts";
import type { ToldOutcome } from "./told.ts";

const PROGRAM = fileURLToPath(new URL("./launcher.js", import.meta.url));

/** How many questions in a row a launcher may leave without an answer. */
const UNANSWERED = 4;
/** How long it may be silent, in milliseconds, before it is known what it serves. */
const SILENCE = 60_000;

/** How long it may take to start, in milliseconds. */
const START = 20_000;

interface OpenRun {
  readonly port: MessagePort;
  readonly end: (outcome: ToldOutcome) => void;
}

/** The slot's launcher, seen from its thread: started at once, and again after a death. */
export class LauncherProcess {
  readonly #pids: Int32Array;
  readonly #studyId: string;
  readonly #child: ChildProcess | undefined;
  readonly #errors = new OutputTail();
  #setup: SlotSetup | undefined;
  #open: OpenRun | undefined;
  /** Questions without an answer, while a run is open. */
  #asked = 0;
  #silent = false;
  #isReady = false;
  #ended = false;
  /** What a run ends as that it does not serve to its end, once nothing of it is left. */
  #outcome: ToldOutcome | undefined;
  #resolveReady: (problem: string | undefined) => void = () => {};
  #resolveGone: () => void = () => {};
  /** Resolves when it can serve runs, or with why it cannot. */
  readonly ready: Promise<string | undefined> = new Promise((resolve) => (this.#resolveReady = resolve));
  /** Resolves once it has ended, and its objective's processes too. */
  readonly gone: Promise<void> = new Promise((resolve) => (this.#resolveGone = resolve));

  /** @param pids where its process id and that of its group are noted: they outlive the thread */
  constructor(pids: Int32Array, studyId: string, session: string) {
    this.#pids = pids;
    this.#studyId = studyId;
    try {
      this.#child = this.#start(session);
    } catch (error) {
      void this.#end(failed("launch", `cannot start a launcher: ${messageOf(error)}`));
    }
  }

  #start(session: string): ChildProcess {
    const { NODE_OPTIONS: _, [SLOT_VARIABLE]: __, ...environment } = process.env;
    const child = fork(PROGRAM, [], {
      // Its own session: Ctrl-C in the terminal reaches the coordinator alone.
      detached: true,
      execArgv: [],
      env: { ...environment, [MARKER]: this.#studyId, [SESSION]: session },
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#pids[LAUNCHER] = child.pid ?? 0;
    child.stderr?.on("data", (chunk: Buffer) => this.#errors.push(chunk));
    child.on("message", (message: FromLauncher) => this.#hear(message));
    child.on("error", (error) => {
      // Once it runs, an error is one of its channel, and its end follows.
      if (child.pid === undefined) void this.#end(failed("launch", `cannot start a launcher: ${messageOf(error)}`));
    });
    child.once("exit", (code, signal) => {
      const how =
        !this.#isReady && this.#silent
          ? "did not start in time and was ended"
          : this.#silent
            ? `did not answer for ${(this.#setup?.silence ?? SILENCE) / 1_000} seconds and was ended`
            : signal === null
              ? `exited with code ${code}`
              : `was ended by ${signal}`;
      const kind = signal === null || this.#silent ? "launch" : "signal";
      void this.#end(failed(kind, `the run's launcher ${how}`, this.#errors.lines(20)));
    });
    return child;
  }

  /** Tells it what it serves; comes before the first run. */
  setUp(setup: SlotSetup): void {
    this.#setup = setup;
    // Node hangs at its start where it gets no threads.
    const late = setTimeout(() => this.#kill(), Math.min(setup.silence, START));
    void this.ready.then(() => clearTimeout(late));
    const { silence: _, ...served } = setup;
    this.#send({ ...served, nodeOptions: process.env["NODE_OPTIONS"] ?? null, execArgv: process.execArgv });
  }

  get dead(): boolean {
    return (
      this.#ended || this.#child?.pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null
    );
  }

  /** Has one run done; its calls go through `port`. Resolves when it has ended. */
  async run(order: ProcessOrder, port: MessagePort): Promise<void> {
    const questions = setInterval(() => this.#ask(), (this.#setup?.silence ?? SILENCE) / UNANSWERED);
    const outcome = await new Promise<ToldOutcome>((resolve) => {
      this.#asked = 0;
      this.#open = { port, end: resolve };
      port.on("message", (answer: Answer) => this.#send(answer));
      this.#send({ type: "run", order });
      if (this.#outcome !== undefined) resolve(this.#outcome);
    });
    clearInterval(questions);
    this.#open = undefined;
    post(port, { type: "ended", outcome });
    port.close();
  }

  /** Has it end what it has and leave; one that does not is ended. */
  async close(): Promise<void> {
    if (this.#child?.connected === true) this.#child.disconnect();
    const { limits, silence = SILENCE } = this.#setup ?? {};
    const late = setTimeout(() => this.#kill(), (limits?.grace ?? 0) + silence);
    await this.gone;
    clearTimeout(late);
  }

  #hear(message: FromLauncher): void {
    switch (message.type) {
      case "ready":
        this.#isReady = true;
        return this.#resolveReady(undefined);
      case "awake":
        this.#asked = 0;
        return;
      case "group":
        this.#pids[GROUP] = message.pid;
        return;
      case "ended":
        return this.#open?.end(message.outcome);
      default:
        if (this.#open !== undefined) post(this.#open.port, message);
    }
  }

  /** Counts questions and not the time: when the whole machine was suspended, nobody was silent. */
  #ask(): void {
    if (this.#asked++ < UNANSWERED) this.#send({ type: "ask" });
    else this.#kill();
  }

  #kill(): void {
    this.#silent = true;
    this.#child?.kill("SIGKILL");
  }

  #send(message: LauncherSetup | ToLauncher): void {
    // A child that could not be started has no channel.
    if (this.#child?.connected === true) this.#child.send(message, () => {});
  }

  /** @param failure how it ended: the run's, where it had come so far that it can serve runs */
  async #end(failure: Failure): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    const { message, detail } = failure.cause;
    const reason = detail === undefined ? message : `${message}: ${firstLine(detail)}`;
    this.#resolveReady(reason);
    await endFamily({ group: this.#pids[GROUP] ?? 0, studyId: this.#studyId, slot: this.#setup?.device.slot }, 0);
    this.#pids[GROUP] = 0;
    this.#outcome = this.#isReady ? failure : { kind: "lost", reason };
    this.#open?.end(this.#outcome);
    this.#resolveGone();
  }
}

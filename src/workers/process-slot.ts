import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { RunListener, SlotWait } from "./dispatcher.ts";
import { failed } from "./failure.ts";
import { endFamily } from "./family.ts";
import type { FromRun, ProcessOrder, SlotSetup, SlotTask } from "./messages.ts";
import { post } from "./post.ts";
import { signalProcess } from "./process-group.ts";
import { isAlive } from "./process-table.ts";
import { GROUP, LAUNCHER } from "./slot-pids.ts";
import type { SlotGpus } from "./slot-gpus.ts";
import { type SlotThread, takeThread } from "./slot-thread.ts";
import { messageOf } from "./words.ts";
import type { ToldOutcome } from "./told.ts";

/** How often the end of a launcher without its thread is looked for, in milliseconds. */
const LOOK = 20;
/** A slot that cannot start is tried again after the first time, then twice as long each time, at most the longest; in milliseconds. */
const LONGEST = 60_000;
/** So many starts in a row that fail leave no hope that it is over soon. */
const HOPELESS = 5;

/** So many looks at its GPUs, of which none was good, are not told. */
const SILENT = 2;

interface OpenRun {
  readonly listener: RunListener;
  readonly port: MessagePort;
  readonly ended: Promise<void>;
  stopped: boolean;
}

/** One slot, seen from the coordinator: a Piscina pool of a single thread, and the run that is open on it. */
export class ProcessSlot {
  /** Hears that the slot takes no run for now, and when it does again (undefined). */
  onWait: (wait: SlotWait | undefined) => void = () => {};
  readonly #setup: SlotSetup;
  readonly #firstWait: number;
  readonly #gpus: SlotGpus | undefined;
  #thread: SlotThread;
  /** Why thread and launcher cannot be had, in words; undefined when they are there. */
  #prepared: Promise<string | undefined>;
  #open: OpenRun | undefined;
  /** Starts that failed in a row. */
  #failures = 0;
  #again: NodeJS.Timeout | undefined;
  #preparing = false;
  #closed = false;

  /** @param firstWait milliseconds before a slot that cannot start is tried again */
  constructor(setup: SlotSetup, firstWait: number, gpus?: SlotGpus) {
    this.#setup = setup;
    this.#firstWait = firstWait;
    this.#gpus = gpus;
    this.#thread = takeThread(setup.studyId);
    this.#prepared = this.#prepare();
  }

  start(order: ProcessOrder, listener: RunListener): void {
    const { port1, port2 } = new MessageChannel();
    const told = new Promise<ToldOutcome>((resolve) => {
      port1.on("message", (message: FromRun) => {
        if (message.type === "ended") resolve(message.outcome);
        else this.#hear(message);
      });
    });
    const ended = this.#run({ type: "run", order, port: port2 }, told).then((outcome) => {
      const open = this.#open;
      this.#open = undefined;
      port1.close();
      if (outcome.kind !== "lost") this.#failures = 0;
      else if (this.#again === undefined) this.#wait(outcome.reason);
      if (this.#again === undefined) this.#lookAfter(outcome);
      listener.ended(open?.stopped === true ? { kind: "stopped" } : outcome);
    });
    this.#open = { listener, port: port1, ended, stopped: false };
  }

  stop(reason: string): void {
    if (this.#open === undefined || this.#open.stopped) return;
    this.#open.stopped = true;
    post(this.#open.port, { type: "stop", reason });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#again);
    this.stop("the study was closed");
    if (this.#preparing) await this.#giveUp();
    await this.#open?.ended;
    await this.#prepared;
    try {
      await this.#thread.run({ type: "close" });
    } catch {
      await this.#outlive();
    }
    await this.#thread.destroy();
  }

  #hear(call: Exclude<FromRun, { readonly type: "ended" }>): void {
    const open = this.#open;
    if (open === undefined) return;
    const { id } = call;
    if (call.type === "report") {
      const decision = open.listener.reported(call.step, call.metrics);
      if (decision.action === "stop") this.stop(decision.reason);
      post(open.port, { type: "decision", id, decision });
      return;
    }
    open.listener.checkpointed(call.step, call.bytes, call.content).then(
      (oldest) => post(open.port, { type: "checkpointed", id, oldest, error: null }),
      (error: unknown) => post(open.port, { type: "checkpointed", id, oldest: 0, error: messageOf(error) }),
    );
  }

  async #run(task: Extract<SlotTask, { readonly type: "run" }>, told: Promise<ToldOutcome>): Promise<ToldOutcome> {
    // One that died while it was idle.
    if (this.#thread.failed) this.#prepared = this.#prepare();
    const problem = await this.#prepared;
    if (problem !== undefined) return { kind: "lost", reason: problem };
    try {
      await this.#thread.run(task, [task.port]);
      return await told;
    } catch (error) {
      this.#prepared = this.#prepare();
      await this.#prepared;
      return failed("launch", `the thread of ${task.order.slot} ended: ${messageOf(error)}`);
    }
  }

  /** What is just being started serves nothing yet. */
  async #giveUp(): Promise<void> {
    await this.#thread.destroy();
    const launcher = this.#thread.pids[LAUNCHER] ?? 0;
    if (launcher !== 0) signalProcess(launcher, "SIGKILL");
  }

  /** Has thread and launcher started, and the slot wait where they cannot be. */
  async #prepare(): Promise<string | undefined> {
    this.#preparing = true;
    const problem = await this.#setUp();
    this.#preparing = false;
    if (problem !== undefined) this.#wait(problem);
    return problem;
  }

  async #setUp(): Promise<string | undefined> {
    try {
      if (this.#thread.failed) {
        await this.#thread.destroy();
        await this.#outlive();
        this.#thread = takeThread(this.#setup.studyId);
      }
      return await this.#thread.run({ type: "setup", setup: this.#setup });
    } catch (error) {
      return `its thread cannot be started: ${messageOf(error)}`;
    }
  }

  #wait(reason: string): void {
    if (this.#closed) return;
    const delay = Math.min(LONGEST, this.#firstWait * 2 ** this.#failures++);
    clearTimeout(this.#again);
    this.#again = setTimeout(() => void this.#tryAgain(), delay);
    this.onWait({ reason, hopeless: this.#failures >= HOPELESS });
  }

  async #tryAgain(): Promise<void> {
    this.#again = undefined;
    this.#prepared = this.#prepare();
    if ((await this.#prepared) !== undefined || this.#closed) return;
    if (this.#gpus === undefined) this.onWait(undefined);
    else await this.#lookAt(this.#gpus, 0);
  }

  /** A slot with GPUs for itself takes the next run when they are as they were before the last one. */
  #lookAfter(outcome: ToldOutcome): void {
    if (this.#gpus === undefined || this.#closed) return;
    const rest = this.#gpus.rest(outcome);
    this.onWait({ reason: rest?.reason, hopeless: false });
    this.#lookLater(this.#gpus, rest?.time ?? 0, 0);
  }

  #lookLater(gpus: SlotGpus, delay: number, looks: number): void {
    this.#again = setTimeout(() => {
      this.#again = undefined;
      void this.#lookAt(gpus, looks);
    }, delay);
  }

  async #lookAt(gpus: SlotGpus, looks: number): Promise<void> {
    const problem = await gpus.problem(this.#thread.pids[GROUP] ?? 0);
    if (this.#closed) return;
    if (problem === undefined) return this.onWait(undefined);
    // A driver takes a moment to give back what a process had.
    if (looks >= SILENT) this.onWait({ reason: problem, hopeless: false });
    this.#lookLater(gpus, Math.min(LONGEST, this.#firstWait * 2 ** looks), looks + 1);
  }

  /** Waits until a dead thread's launcher has ended its group and itself, and ends the group where the launcher is dead. */
  async #outlive(): Promise<void> {
    const { pids, studyId } = this.#thread;
    const killAt = performance.now() + this.#setup.limits.grace + this.#setup.silence;
    while (isAlive(pids[LAUNCHER])) {
      if (performance.now() > killAt) signalProcess(pids[LAUNCHER] ?? 0, "SIGKILL");
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
    await endFamily({ group: pids[GROUP] ?? 0, studyId, slot: this.#setup.device.slot }, 0);
  }
}

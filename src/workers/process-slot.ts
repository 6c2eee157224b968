import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { RunListener } from "./dispatcher.ts";
import { failed } from "./failure.ts";
import type { FromRun, ProcessOrder, SlotSetup, SlotTask } from "./messages.ts";
import { post } from "./post.ts";
import { endGroup } from "./process-group.ts";
import { isAlive } from "./process-table.ts";
import { GROUP, LAUNCHER } from "./slot-pids.ts";
import { takeThread, type SlotThread } from "./slot-thread.ts";
import type { ToldOutcome } from "./told.ts";
import { messageOf } from "./words.ts";

/** How often the end of a launcher without its thread is looked for, in milliseconds. */
const LOOK = 20;

interface OpenRun {
  readonly listener: RunListener;
  readonly port: MessagePort;
  readonly ended: Promise<void>;
  stopped: boolean;
}

/** One slot, seen from the coordinator: a Piscina pool of a single thread, and the run that is open on it. */
export class ProcessSlot {
  readonly #setup: SlotSetup;
  #thread: SlotThread;
  /** A thread died while it was idle. */
  #broken = false;
  #open: OpenRun | undefined;

  constructor(setup: SlotSetup) {
    this.#setup = setup;
    this.#thread = this.#startThread();
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
    this.stop("the study was closed");
    await this.#open?.ended;
    try {
      await this.#thread.pool.run({ type: "close" });
    } catch {
      await this.#outlive();
    }
    await this.#thread.pool.destroy();
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
    open.listener.checkpointed(call.step, call.bytes).then(
      (oldest) => post(open.port, { type: "checkpointed", id, oldest, error: null }),
      (error: unknown) => post(open.port, { type: "checkpointed", id, oldest: 0, error: messageOf(error) }),
    );
  }

  async #run(task: Extract<SlotTask, { readonly type: "run" }>, told: Promise<ToldOutcome>): Promise<ToldOutcome> {
    try {
      if (this.#broken) await this.#renew();
      await this.#thread.pool.run(task, { transferList: [task.port] });
      return await told;
    } catch (error) {
      await this.#renew();
      return failed("launch", `the thread of ${task.order.slot} ended: ${messageOf(error)}`);
    }
  }

  /** A pool whose thread died is not used again: after one failed start Piscina never replaces threads. */
  async #renew(): Promise<void> {
    this.#broken = false;
    await this.#thread.pool.destroy();
    await this.#outlive();
    this.#thread = this.#startThread();
  }

  /** Waits until a dead thread's launcher has ended its group and itself, and ends the group where the launcher is dead. */
  async #outlive(): Promise<void> {
    const { pids } = this.#thread;
    while (isAlive(pids[LAUNCHER])) await new Promise((resolve) => setTimeout(resolve, LOOK));
    await endGroup(pids[GROUP], 0);
  }

  #startThread(): SlotThread {
    const thread = takeThread(this.#setup.studyId);
    thread.pool.on("error", () => (this.#broken = true));
    // A thread that dies of it is found broken by the first run.
    thread.pool.run({ type: "setup", setup: this.#setup }).catch(() => (this.#broken = true));
    return thread;
  }
}

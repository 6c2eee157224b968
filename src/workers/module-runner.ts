import { randomBytes } from "node:crypto";
import { HostProcess } from "./host-process.ts";
import { type LauncherContext, say } from "./launcher-context.ts";
import type { LauncherRun, Runner } from "./launcher-run.ts";
import type { ProcessOrder } from "./messages.ts";
import { ModuleRun } from "./module-run.ts";
import { messageOf } from "./words.ts";
import type { ToldOutcome } from "./told.ts";

/** Runs a module in a trial host that stays warm from run to run while runs leave nothing behind in it. */
export class ModuleRunner implements Runner {
  readonly #path: string;
  readonly #context: LauncherContext;
  #host: HostProcess | undefined;

  constructor(path: string, context: LauncherContext, host: HostProcess | undefined) {
    this.#path = path;
    this.#context = context;
    if (host === undefined) this.warm();
    else this.#keep(host);
  }

  start(order: ProcessOrder): LauncherRun {
    this.warm();
    const host = this.#host;
    if (host?.process.pid === undefined) return { ended: this.#notStarted(host), answer: () => {}, abandon: () => {} };
    const endMark = `\0hpo:${randomBytes(12).toString("hex")}\n`;
    const run = new ModuleRun(host, order, endMark, this.#context);
    host.send({ type: "run", order, endMark });
    return {
      ended: this.#finish(run, host),
      answer: (answer) => run.answer(answer),
      abandon: () => run.guard.abandon(),
    };
  }

  warm(): void {
    if (this.#host === undefined) this.#keep(new HostProcess(this.#path, this.#context));
  }

  async close(): Promise<void> {
    const host = this.#host;
    this.#host = undefined;
    await host?.process.family.end(this.#context.limits.grace / 2);
  }

  async #finish(run: ModuleRun, host: HostProcess): Promise<ToldOutcome> {
    const { outcome, reusable } = await run.finished;
    if (!reusable) {
      this.#forget(host);
      await host.process.family.end(run.guard.graceLeft);
      say({ type: "group", pid: 0 });
      await host.process.drain();
    }
    run.closeOutput();
    return outcome;
  }

  /** The objective has no part in it: its slot could not start a process. */
  async #notStarted(host: HostProcess | undefined): Promise<ToldOutcome> {
    await host?.process.ended();
    this.#host = undefined;
    const why = messageOf(host?.process.problem ?? new Error("it has no process id"));
    return { kind: "lost", reason: `cannot start a process for the objective: ${why}` };
  }

  /** A host that dies while it rests is replaced when the next run needs one. */
  #keep(host: HostProcess): void {
    this.#host = host;
    host.process.onEnd(() => this.#forget(host));
  }

  #forget(host: HostProcess): void {
    if (this.#host !== host) return;
    this.#host = undefined;
    // Its number may soon be another group's; while members of this one live, it stays known.
    if (host.process.pid !== undefined && host.process.family.members().length === 0) say({ type: "group", pid: 0 });
  }
}

import { randomBytes } from "node:crypto";
import { failedBy } from "./failure.ts";
import { type LauncherContext, say } from "./launcher-context.ts";
import type { LauncherRun, Runner } from "./launcher-run.ts";
import type { ProcessOrder, ToHost } from "./messages.ts";
import { ModuleRun } from "./module-run.ts";
import type { ObjectiveProcess } from "./objective-process.ts";
import { endGroup } from "./process-group.ts";
import { groupMembers } from "./process-table.ts";
import { startHost } from "./start-host.ts";
import type { ToldOutcome } from "./told.ts";

/** Runs a module in a trial host that stays warm from run to run while runs leave nothing behind in it. */
export class ModuleRunner implements Runner {
  readonly #path: string;
  readonly #context: LauncherContext;
  #host: ObjectiveProcess | undefined;

  constructor(path: string, context: LauncherContext, host: ObjectiveProcess | undefined) {
    this.#path = path;
    this.#context = context;
    if (host === undefined) this.warm();
    else this.#keep(host);
  }

  start(order: ProcessOrder): LauncherRun {
    this.warm();
    const host = this.#host;
    if (host?.pid === undefined) return { ended: this.#notStarted(host), answer: () => {}, abandon: () => {} };
    const endMark = `\0hpo:${randomBytes(12).toString("hex")}\n`;
    const run = new ModuleRun(host, host.pid, order, endMark, this.#context);
    host.child.send({ type: "run", order, endMark } satisfies ToHost, () => {});
    return {
      ended: this.#finish(run, host, host.pid),
      answer: (answer) => run.answer(answer),
      abandon: () => run.guard.abandon(),
    };
  }

  warm(): void {
    if (this.#host === undefined) this.#keep(startHost(this.#path, this.#context));
  }

  async close(): Promise<void> {
    const pid = this.#host?.pid;
    this.#host = undefined;
    if (pid !== undefined) await endGroup(pid, this.#context.limits.grace / 2);
  }

  async #finish(run: ModuleRun, host: ObjectiveProcess, group: number): Promise<ToldOutcome> {
    const { outcome, reusable } = await run.finished;
    if (!reusable) {
      this.#forget(host);
      await endGroup(group, run.guard.graceLeft);
      say({ type: "group", pid: 0 });
      await host.drain();
    }
    run.closeOutput();
    return outcome;
  }

  async #notStarted(host: ObjectiveProcess | undefined): Promise<ToldOutcome> {
    try {
      await host?.exited;
      throw new Error("it has no process id");
    } catch (error) {
      return failedBy("launch", error, "cannot start a process for the objective: ");
    }
  }

  /** A host that dies while it rests is replaced when the next run needs one. */
  #keep(host: ObjectiveProcess): void {
    this.#host = host;
    void host.exited.finally(() => this.#forget(host)).catch(() => {});
  }

  #forget(host: ObjectiveProcess): void {
    if (this.#host !== host) return;
    this.#host = undefined;
    // Its number may soon be another group's; while members of this one live, it stays known.
    if (host.pid !== undefined && groupMembers(host.pid).length === 0) say({ type: "group", pid: 0 });
  }
}

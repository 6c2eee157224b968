import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { RunOutcome } from "../history/events.ts";
import type { TrialLimits } from "../history/settings.ts";
import { failedBy } from "./failure.ts";
import type { LauncherRun, Runner, RunnerChannel } from "./launcher-run.ts";
import type { HostSetup, ProcessOrder, ToHost } from "./messages.ts";
import { ModuleRun } from "./module-run.ts";
import { ObjectiveProcess } from "./objective-process.ts";
import { endGroup } from "./process-group.ts";

const HOST = fileURLToPath(new URL("./trial-host.js", import.meta.url));

/** Runs a module in a trial host that stays warm from run to run while runs leave nothing behind in it. */
export class ModuleRunner implements Runner {
  readonly #setup: HostSetup;
  readonly #limits: TrialLimits;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #channel: RunnerChannel;
  #host: ObjectiveProcess | undefined;

  constructor(setup: HostSetup, limits: TrialLimits, environment: NodeJS.ProcessEnv, channel: RunnerChannel) {
    this.#setup = setup;
    this.#limits = limits;
    this.#environment = environment;
    this.#channel = channel;
    this.warm();
  }

  start(order: ProcessOrder): LauncherRun {
    this.warm();
    const host = this.#host;
    if (host?.pid === undefined) return { ended: this.#notStarted(host), answer: () => {}, abandon: () => {} };
    const endMark = `\0hpo:${randomBytes(12).toString("hex")}\n`;
    const run = new ModuleRun(host, host.pid, order, endMark, this.#limits, this.#channel);
    host.child.send({ type: "run", order, endMark } satisfies ToHost, () => {});
    return {
      ended: this.#finish(run, host, host.pid),
      answer: (answer) => run.answer(answer),
      abandon: () => run.guard.abandon(),
    };
  }

  warm(): void {
    if (this.#host !== undefined) return;
    const host = new ObjectiveProcess(
      process.execPath,
      [HOST, JSON.stringify(this.#setup)],
      { env: this.#environment },
      true,
    );
    this.#host = host;
    if (host.pid !== undefined) this.#channel.group(host.pid);
    // One that dies while it rests is replaced when the next run needs it.
    void host.exited.finally(() => this.#forget(host)).catch(() => {});
  }

  async close(): Promise<void> {
    const pid = this.#host?.pid;
    this.#host = undefined;
    if (pid !== undefined) await endGroup(pid, this.#limits.grace / 2);
  }

  async #finish(run: ModuleRun, host: ObjectiveProcess, group: number): Promise<RunOutcome> {
    const { outcome, reusable } = await run.finished;
    if (!reusable) {
      this.#forget(host);
      await endGroup(group, run.guard.graceLeft);
      await host.drain();
    }
    run.closeOutput();
    return outcome;
  }

  async #notStarted(host: ObjectiveProcess | undefined): Promise<RunOutcome> {
    try {
      await host?.exited;
      throw new Error("it has no process id");
    } catch (error) {
      return failedBy("launch", error, "cannot start a process for the objective: ");
    }
  }

  #forget(host: ObjectiveProcess): void {
    if (this.#host === host) this.#host = undefined;
  }
}

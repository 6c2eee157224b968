import type { RunOutcome } from "../history/events.ts";
import type { TrialLimits } from "../history/settings.ts";
import { MarkFilter } from "./mark-filter.ts";
import type { Answer, FromHost, ProcessOrder } from "./messages.ts";
import type { RunnerChannel } from "./launcher-run.ts";
import type { ObjectiveProcess } from "./objective-process.ts";
import { exitFailure } from "./process-exit.ts";
import { groupMembers } from "./process-table.ts";
import { RunGuard } from "./run-guard.ts";
import { RunOutput } from "./run-output.ts";

/** Milliseconds for the last output to come once the result is there; after that the streams cannot be trusted. */
const LAST_OUTPUT = 500;

interface Finish {
  readonly outcome: RunOutcome;
  /** The host may serve the next run. */
  readonly reusable: boolean;
}

/** One run of a module in a trial host, seen from the launcher. */
export class ModuleRun {
  readonly guard: RunGuard;
  /** Resolves when the objective is done; its processes may still be alive. */
  readonly finished: Promise<Finish>;
  readonly #output: RunOutput;
  readonly #host: ObjectiveProcess;
  readonly #group: number;
  readonly #limits: TrialLimits;
  readonly #channel: RunnerChannel;
  #filters: readonly MarkFilter[] = [];

  constructor(
    host: ObjectiveProcess,
    group: number,
    order: ProcessOrder,
    endMark: string,
    limits: TrialLimits,
    channel: RunnerChannel,
  ) {
    this.#host = host;
    this.#group = group;
    this.#limits = limits;
    this.#channel = channel;
    this.#output = new RunOutput(order);
    this.guard = new RunGuard(group, limits);
    const marked = this.#collect(endMark);
    this.finished = this.#follow(marked);
  }

  answer(answer: Answer): void {
    if (answer.type === "stop") this.guard.stop(this.#limits.grace / 2);
    this.#host.child.send(answer, () => {});
  }

  /** No more output of the run will come. */
  closeOutput(): void {
    for (const filter of this.#filters) filter.end();
    this.#output.end();
  }

  async #follow(marked: Promise<unknown>): Promise<Finish> {
    let onMessage: (message: FromHost) => void = () => {};
    const answered = new Promise<Finish>((resolve) => {
      onMessage = (message) => {
        if (message.type !== "result") this.#pass(message);
        else resolve({ outcome: message.outcome, reusable: message.clean });
      };
    });
    this.#host.child.on("message", onMessage);
    const finish = await Promise.race([answered, this.#died()]);
    this.#host.child.off("message", onMessage);
    this.guard.close();
    const { verdict, signalled } = this.guard;
    const whole = finish.reusable && !signalled && (await within(marked, LAST_OUTPUT));
    const alone = whole && groupMembers(this.#group).every((pid) => pid === this.#group);
    return { outcome: verdict ?? finish.outcome, reusable: alone };
  }

  #pass(call: Exclude<FromHost, { readonly type: "result" }>): void {
    if (call.type === "report") this.guard.heard();
    this.#channel.call(call);
  }

  async #died(): Promise<Finish> {
    const exit = await this.#host.exited;
    await this.#host.drain();
    this.closeOutput();
    return { outcome: exitFailure(exit, this.#output.errors), reusable: false };
  }

  /** Collects both streams up to the end mark; resolves when both marks came. */
  #collect(endMark: string): Promise<unknown> {
    const marks: Promise<void>[] = [];
    const filter = (stream: "stdout" | "stderr"): MarkFilter => {
      let seen: () => void = () => {};
      marks.push(new Promise((resolve) => (seen = resolve)));
      return new MarkFilter(endMark, (bytes) => this.#output.write(stream, bytes), seen);
    };
    const filters = { stdout: filter("stdout"), stderr: filter("stderr") };
    this.#filters = Object.values(filters);
    this.#host.onOutput = (stream, chunk) => filters[stream].push(chunk);
    return Promise.all(marks);
  }
}

/** Whether `promise` resolves within so many milliseconds. */
async function within(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), milliseconds)));
  const inTime = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}

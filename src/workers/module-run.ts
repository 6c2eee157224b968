import { failed } from "./failure.ts";
import type { HostProcess } from "./host-process.ts";
import type { LauncherContext } from "./launcher-context.ts";
import { MarkFilter } from "./mark-filter.ts";
import type { Answer, ProcessOrder } from "./messages.ts";
import { exitFailure } from "./process-exit.ts";
import { RunGuard } from "./run-guard.ts";
import { RunOutput } from "./run-output.ts";
import type { StreamName } from "./streams.ts";
import type { ToldOutcome } from "./told.ts";

/** Milliseconds, or the grace where it is longer, for the last output to come once the result is there. */
const LAST_OUTPUT = 500;
/** How often that time starts again while output still comes. */
const MOST_WAITS = 20;

/** How long a host may take to start, in milliseconds. */
const AWAKE = 20_000;

interface Finish {
  readonly outcome: ToldOutcome;
  /** The host may serve the next run. */
  readonly reusable: boolean;
}

/** One run of a module in a trial host, seen from the launcher. */
export class ModuleRun {
  readonly guard: RunGuard;
  /** Resolves when the objective is done; its processes may still be alive. */
  readonly finished: Promise<Finish>;
  readonly #output: RunOutput;
  readonly #host: HostProcess;
  readonly #context: LauncherContext;
  #filters: readonly MarkFilter[] = [];
  /** Chunks of output. */
  #received = 0;

  constructor(host: HostProcess, order: ProcessOrder, endMark: string, context: LauncherContext) {
    this.#host = host;
    this.#context = context;
    this.#output = new RunOutput(order);
    this.guard = new RunGuard(host.process.family, context.limits);
    const marked = this.#collect(endMark);
    this.finished = this.#follow(marked);
  }

  answer(answer: Answer): void {
    if (answer.type === "stop") this.guard.stop(this.#context.limits.grace / 2);
    this.#host.send(answer);
  }

  /** No more output of the run will come. */
  closeOutput(): void {
    for (const filter of this.#filters) filter.end();
    this.#output.end();
  }

  async #follow(marked: Promise<unknown>): Promise<Finish> {
    const { process } = this.#host;
    // The host outlives the run: nothing of the run may hang on what lives as long as the host.
    let forget = (): unknown => undefined;
    const died = new Promise<ToldOutcome>((resolve) => {
      forget = process.onEnd(() => void this.#died().then(resolve));
    });
    const { answered, settled } = this.#listen();
    // Node hangs at its start where it gets no threads.
    const asleep = setTimeout(() => !this.#host.awake && process.family.signal("SIGKILL"), AWAKE);
    const outcome = await Promise.race([answered, died]);
    clearTimeout(asleep);
    this.guard.close();
    const whole = Promise.all([settled, marked]).then(([clean]) => clean);
    const patience = Math.max(this.#context.limits.grace, LAST_OUTPUT);
    const clean = await within(Promise.race([whole, died.then(() => false)]), patience, () => this.#received);
    forget();
    const { verdict, signalled } = this.guard;
    const reusable = clean && !signalled && process.family.members().every((pid) => pid === process.pid);
    return { outcome: verdict ?? outcome, reusable };
  }

  /** What the host says of this run; neither promise settles when it dies. */
  #listen(): { readonly answered: Promise<ToldOutcome>; readonly settled: Promise<boolean> } {
    let answer: (outcome: ToldOutcome) => void = () => {};
    let settle: (clean: boolean) => void = () => {};
    const answered = new Promise<ToldOutcome>((resolve) => (answer = resolve));
    const settled = new Promise<boolean>((resolve) => (settle = resolve));
    this.#host.onMessage = (message) => {
      switch (message.type) {
        case "result":
          return answer(message.outcome);
        case "settled":
          return settle(message.clean);
        case "awake":
          return;
        case "report":
          this.guard.heard();
          return this.#context.call(message);
        case "checkpoint":
          return this.#context.call(message);
      }
    };
    this.#host.onBroken = (problem) => {
      answer(failed("error", `the objective broke its channel to hpo: ${problem}`, this.#output.errors));
      settle(false);
    };
    return { answered, settled };
  }

  async #died(): Promise<ToldOutcome> {
    const { process, awake } = this.#host;
    await process.drain();
    this.closeOutput();
    const failure = exitFailure(process.exit ?? { code: null, signal: null }, this.#output.errors, this.guard.starved);
    if (awake) return failure;
    return {
      kind: "lost",
      reason: `the process for the objective ended before it had started: ${failure.cause.message}`,
    };
  }

  /** Collects both streams up to the end mark; resolves when both marks came. */
  #collect(endMark: string): Promise<unknown> {
    const marks: Promise<void>[] = [];
    const filter = (stream: StreamName): MarkFilter => {
      let seen: () => void = () => {};
      marks.push(new Promise((resolve) => (seen = resolve)));
      return new MarkFilter(endMark, (bytes) => this.#output.write(stream, bytes), seen);
    };
    const filters = { stdout: filter("stdout"), stderr: filter("stderr") };
    this.#filters = Object.values(filters);
    this.#host.process.onOutput = (stream, chunk) => {
      this.#received++;
      filters[stream].push(chunk);
    };
    return Promise.all(marks);
  }
}

/** What `promise` gives, or false when nothing has come of it for so long. */
async function within(promise: Promise<boolean>, milliseconds: number, progress: () => number): Promise<boolean> {
  for (let waits = 0, before = -1; waits < MOST_WAITS && progress() > before; waits++) {
    before = progress();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), milliseconds)));
    const inTime = await Promise.race([promise, late]);
    clearTimeout(timer);
    if (inTime !== undefined) return inTime;
  }
  return false;
}

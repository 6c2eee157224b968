import type { ChannelListener } from "./command-channel.ts";
import { removeSteps, syncStep } from "./checkpoint-folder.ts";
import type { Decision } from "./dispatcher.ts";
import { LineSplitter } from "./line-splitter.ts";
import type { Answer, Call, ProcessOrder } from "./messages.ts";
import { type LineReader, type OutputLine, readJsonLine } from "./output-line.ts";
import type { StreamName } from "./streams.ts";
import { stepProblem, type Told, type ToldMetrics } from "./told.ts";

/** Turns what a command says, on its output or over its channel, into reports, checkpoints and a result. */
export class CommandReports implements ChannelListener {
  readonly #order: ProcessOrder;
  readonly #metric: string;
  readonly #call: (call: Call) => void;
  readonly #splitters: Readonly<Record<StreamName, LineSplitter>>;
  #result: ToldMetrics = {};
  /** The study's metric was told. */
  #told = false;
  #ids = 0;
  #unanswered = 0;
  /** Who waits for the answer to a call, by its id. */
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #checkpoints: Promise<void> = Promise.resolve();
  #saved: number;

  /** @param matched what a line says by the study's pattern; undefined without one */
  constructor(order: ProcessOrder, metric: string, matched: LineReader | undefined, call: (call: Call) => void) {
    this.#order = order;
    this.#metric = metric;
    this.#call = call;
    this.#saved = order.startStep - 1;
    const hear = (said: OutputLine): void => this.#hear(said);
    this.#splitters = {
      stdout: new LineSplitter((line) => {
        const said = readJsonLine(line, metric);
        if (matched === undefined || said.some(({ checkpoint }) => checkpoint !== undefined)) said.forEach(hear);
        else hear(matched(line));
      }),
      stderr: new LineSplitter((line) => {
        if (matched !== undefined) hear(matched(line));
      }),
    };
  }

  push(stream: StreamName, chunk: Buffer): void {
    this.#splitters[stream].push(chunk);
  }

  /** Reports that the coordinator has not answered yet. */
  get unanswered(): number {
    return this.#unanswered;
  }

  /** What lines without a step said, a metric told twice with its later word; undefined when no line told the study's metric. */
  get result(): ToldMetrics | undefined {
    return this.#told ? this.#result : undefined;
  }

  /** The output is over. Resolves when every checkpoint it named has been told on. */
  async end(): Promise<void> {
    this.#splitters.stdout.end();
    this.#splitters.stderr.end();
    await this.#checkpoints;
  }

  answer(answer: Answer): void {
    if (answer.type === "stop") return;
    if (answer.type === "decision") this.#unanswered -= 1;
    else if (answer.error === null) removeSteps(this.#order.checkpoints, (other) => other < answer.oldest);
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
  }

  async report(step: number | undefined, metrics: ToldMetrics): Promise<Decision> {
    if (step === undefined) {
      if (!Object.hasOwn(metrics, this.#metric)) {
        const names = Object.keys(metrics).join(", ");
        throw new Error(`expected the study's metric "${this.#metric}" in a result, received only ${names}`);
      }
      this.#add(metrics);
      return { action: "continue" };
    }
    const id = this.#report(step, metrics);
    return new Promise((resolve) =>
      this.#waiting.set(id, (answer) => resolve(answer.type === "decision" ? answer.decision : { action: "continue" })),
    );
  }

  async checkpoint(step: number): Promise<void> {
    if (step <= this.#saved) throw new Error(`expected a step above ${this.#saved}, received ${step}`);
    this.#saved = step;
    const saving = this.#checkpoints.then(() => this.#save(step));
    this.#checkpoints = saving.then(
      () => undefined,
      () => undefined,
    );
    const id = await saving;
    return new Promise((resolve, reject) =>
      this.#waiting.set(id, (answer) => {
        const error = answer.type === "checkpointed" ? answer.error : null;
        if (error === null) resolve();
        else reject(new Error(`the checkpoint of step ${step} could not be recorded: ${error}`));
      }),
    );
  }

  #hear({ checkpoint, step, metrics }: OutputLine): void {
    if (step === undefined) this.#add(metrics);
    // A line whose step is none says nothing, unless it tells the metric.
    else if (
      Object.keys(metrics).length > 0 &&
      (Object.hasOwn(metrics, this.#metric) || stepProblem(step) === undefined)
    )
      this.#report(step, metrics);
    if (checkpoint !== undefined && checkpoint > this.#saved) {
      // A checkpoint that is not there is not one: the line is taken for garbage.
      this.checkpoint(checkpoint).catch(() => undefined);
    }
  }

  #add(metrics: ToldMetrics): void {
    this.#told ||= Object.hasOwn(metrics, this.#metric);
    this.#result = { ...this.#result, ...metrics };
  }

  /** @returns the call's id */
  #report(step: Told, metrics: ToldMetrics): number {
    this.#told ||= Object.hasOwn(metrics, this.#metric);
    this.#unanswered += 1;
    const id = (this.#ids += 1);
    this.#call({ type: "report", id, step, metrics });
    return id;
  }

  /** @returns the call's id. Rejects where the checkpoint is not there */
  async #save(step: number): Promise<number> {
    const size = await syncStep(this.#order.checkpoints, step);
    const id = (this.#ids += 1);
    this.#call({ type: "checkpoint", id, step, ...size });
    return id;
  }
}

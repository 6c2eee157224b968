import type { Metrics } from "../history/events.ts";
import { removeSteps, syncStep } from "./checkpoint-folder.ts";
import { LineSplitter } from "./line-splitter.ts";
import type { Answer, Call, ProcessOrder } from "./messages.ts";
import { type OutputLine, patternReader, readJsonLine } from "./output-line.ts";
import type { StreamName } from "./streams.ts";

/** Turns a command's output into reports, checkpoints and a result. */
export class CommandReports {
  readonly #order: ProcessOrder;
  readonly #metric: string;
  readonly #call: (call: Call) => void;
  readonly #splitters: Readonly<Record<StreamName, LineSplitter>>;
  #result: Metrics | undefined;
  #lastReport: Metrics | undefined;
  #ids = 0;
  #unanswered = 0;
  #checkpoints: Promise<void> = Promise.resolve();
  #saved: number;
  /** Steps of the checkpoints whose answer is awaited, by the id of the call. */

  constructor(order: ProcessOrder, metric: string, pattern: string | null, call: (call: Call) => void) {
    this.#order = order;
    this.#metric = metric;
    this.#call = call;
    this.#saved = order.startStep - 1;
    const matched = pattern === null ? undefined : patternReader(pattern);
    this.#splitters = {
      stdout: new LineSplitter((line) => {
        const said = readJsonLine(line);
        this.#hear(matched === undefined || said.checkpoint !== undefined ? said : matched(line));
      }),
      stderr: new LineSplitter((line) => {
        if (matched !== undefined) this.#hear(matched(line));
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

  /** What the run gives: the result line, else the last report of the metric; undefined when there was neither. */
  get value(): Metrics | undefined {
    return this.#result ?? this.#lastReport;
  }

  /** The output is over. Resolves when every checkpoint it named has been told on. */
  async end(): Promise<void> {
    this.#splitters.stdout.end();
    this.#splitters.stderr.end();
    await this.#checkpoints;
  }

  answer(answer: Answer): void {
    if (answer.type === "decision") this.#unanswered -= 1;
    if (answer.type !== "checkpointed") return;
    if (answer.error !== null) return;
    removeSteps(this.#order.checkpoints, (other) => other < answer.oldest);
  }

  #hear({ checkpoint, step, metrics }: OutputLine): void {
    if (step === undefined && this.#metric in metrics) this.#result = metrics;
    if (step !== undefined && Object.keys(metrics).length > 0) {
      if (this.#metric in metrics) this.#lastReport = metrics;
      this.#unanswered += 1;
      this.#call({ type: "report", id: (this.#ids += 1), step, metrics });
    }
    if (checkpoint !== undefined && checkpoint > this.#saved) {
      this.#saved = checkpoint;
      this.#checkpoints = this.#checkpoints.then(() => this.#save(checkpoint));
    }
  }

  /** A checkpoint that is not there is not one: the line is taken for garbage. */
  async #save(step: number): Promise<void> {
    let bytes: number;
    try {
      bytes = await syncStep(this.#order.checkpoints, step);
    } catch {
      return;
    }
    const id = (this.#ids += 1);
    this.#call({ type: "checkpoint", id, step, bytes });
  }
}

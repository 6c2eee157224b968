import { join } from "node:path";
import type { ProcessOrder } from "./messages.ts";
import { OutputTail } from "./output-tail.ts";
import { RunLog, runHeader } from "./run-log.ts";
import { STREAMS, type StreamName } from "./streams.ts";

/** Lines of stderr that explain a failure. */
const DETAIL_LINES = 20;

/** One run's output on both streams: into the trial's logs, and its end in memory. */
export class RunOutput {
  readonly #logs: Readonly<Record<StreamName, RunLog>>;
  readonly #tails: Readonly<Record<StreamName, OutputTail>> = { stdout: new OutputTail(), stderr: new OutputTail() };

  constructor(order: ProcessOrder) {
    const log = (stream: StreamName): RunLog => {
      return new RunLog(order.directory === null ? null : join(order.directory, `${stream}.log`), runHeader(order));
    };
    this.#logs = { stdout: log("stdout"), stderr: log("stderr") };
  }

  write(stream: StreamName, chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#logs[stream].write(chunk);
    this.#tails[stream].push(chunk);
  }

  /** The end of stderr. */
  get errors(): string {
    return this.#tails.stderr.lines(DETAIL_LINES);
  }

  /** The last line of stdout, or of stderr where stdout is empty; "" when nothing was said. */
  get lastLine(): string {
    return this.#tails.stdout.lines(1) || this.#tails.stderr.lines(1);
  }

  end(): void {
    for (const stream of STREAMS) this.#logs[stream].end();
  }
}

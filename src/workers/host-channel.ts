import type { CheckpointSize } from "./checkpoint-folder.ts";
import type { Decision } from "./dispatcher.ts";
import type { Answer, FromHost, ProcessOrder } from "./messages.ts";
import type { ToldMetrics } from "./told.ts";
import type { TrialChannel } from "./trial-object.ts";

interface Waiting {
  readonly decided?: (decision: Decision) => void;
  readonly journalled?: (answer: Answer & { readonly type: "checkpointed" }) => void;
}

/** Calls of one run over the host's channel to the launcher, and their answers. */
export class HostChannel implements TrialChannel {
  readonly #order: ProcessOrder;
  readonly #send: (message: FromHost) => void;
  readonly #abort = new AbortController();
  readonly #waiting = new Map<number, Waiting>();
  #stop: Decision | undefined;
  #ids = 0;

  constructor(order: ProcessOrder, send: (message: FromHost) => void) {
    this.#order = order;
    this.#send = send;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  answer(answer: Answer): void {
    if (answer.type === "stop") {
      this.#stop = { action: "stop", reason: answer.reason };
      this.#abort.abort(new Error(answer.reason));
      return;
    }
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.type === "decision") waiting?.decided?.(this.#stop ?? answer.decision);
    else waiting?.journalled?.(answer);
  }

  async report(step: number, metrics: ToldMetrics): Promise<Decision> {
    const id = (this.#ids += 1);
    return new Promise((decided) => {
      this.#waiting.set(id, { decided });
      this.#send({ type: "report", id, step, metrics });
    });
  }

  async checkpointed(step: number, size: CheckpointSize): Promise<number> {
    const id = (this.#ids += 1);
    const { error, oldest } = await new Promise<Answer & { readonly type: "checkpointed" }>((journalled) => {
      this.#waiting.set(id, { journalled });
      this.#send({ type: "checkpoint", id, step, ...size });
    });
    if (error !== null) throw new Error(`the checkpoint of step ${step} could not be recorded: ${error}`);
    return oldest;
  }

  checkpointFolder(): string {
    return this.#order.checkpoints;
  }

  log(values: readonly unknown[]): void {
    console.log(...values);
  }
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a request comes to: done, refused before it is done, or done without an answer, as a server does that is killed then. */
export type Fault = "none" | "refuse" | "unanswered" | "slow";

export interface StoredRun {
  readonly id: string;
  readonly experiment: string;
  name: string;
  status: string;
  start: number;
  end: number | undefined;
  deleted: boolean;
  readonly tags: Map<string, string>;
  readonly params: Map<string, string>;
  /** By name; a point that equals another is kept once, as MLflow's SQL store does. */
  readonly metrics: Map<string, Set<string>>;
}

type Body = Readonly<Record<string, unknown>>;

interface Pair {
  readonly key: string;
  readonly value: string;
}

/**
 * The part of MLflow's tracking server that hpo uses, in memory, with faults. It stands in where MLflow is not installed, which
 * takes minutes; `real-mlflow.test.ts` is for a real one.
 */
export class MemoryMlflow {
  readonly runs = new Map<string, StoredRun>();
  readonly experiments = new Map<string, string>();
  requests = 0;
  /** Asked at each request. */
  fault: (path: string) => Fault = () => "none";
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** @param port 0 for any */
  static async start(port = 0): Promise<MemoryMlflow> {
    const server = new MemoryMlflow();
    await server.listen(port);
    return server;
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
  }

  get uri(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests++;
    const url = new URL(request.url ?? "", "http://server");
    const path = url.pathname.replace("/api/2.0/mlflow/", "");
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const fault = this.fault(path);
    if (fault === "refuse") return end(response, 503, { error_code: "TEMPORARILY_UNAVAILABLE", message: "no" });
    const body = text === "" ? Object.fromEntries(url.searchParams) : (JSON.parse(text) as Body);
    const [status, answer] = this.#answer(path, body);
    if (fault === "unanswered") response.destroy();
    else if (fault === "slow") setTimeout(() => end(response, status, answer), 50);
    else end(response, status, answer);
  }

  #answer(path: string, body: Body): readonly [number, object] {
    switch (path) {
      case "experiments/get-by-name": {
        const id = this.experiments.get(String(body["experiment_name"]));
        return id === undefined
          ? [404, { error_code: "RESOURCE_DOES_NOT_EXIST", message: "none" }]
          : [200, { experiment: { experiment_id: id } }];
      }
      case "experiments/create": {
        if (this.experiments.has(String(body["name"])))
          return [400, { error_code: "RESOURCE_ALREADY_EXISTS", message: "there" }];
        this.experiments.set(String(body["name"]), String(this.experiments.size + 1));
        return [200, { experiment_id: String(this.experiments.size) }];
      }
      case "runs/search":
        return [200, this.#search(body as unknown as { experiment_ids: [string]; filter: string })];
      case "runs/create":
        return this.#create(
          body as unknown as { experiment_id: string; run_name: string; start_time: number; tags: readonly Pair[] },
        );
      default: {
        const run = this.runs.get(String(body["run_id"]));
        if (run === undefined) return [404, { error_code: "RESOURCE_DOES_NOT_EXIST", message: "no such run" }];
        return change(path, run, body as unknown as Change);
      }
    }
  }

  #create(body: { experiment_id: string; run_name: string; start_time: number; tags: readonly Pair[] }) {
    const run: StoredRun = {
      id: `run${this.runs.size}`,
      experiment: body.experiment_id,
      name: body.run_name,
      status: "RUNNING",
      start: body.start_time,
      end: undefined,
      deleted: false,
      tags: new Map(body.tags.map(({ key, value }) => [key, value])),
      params: new Map(),
      metrics: new Map(),
    };
    this.runs.set(run.id, run);
    return [200, { run: { info: { run_id: run.id } } }] as const;
  }

  #search({ experiment_ids, filter }: { experiment_ids: readonly string[]; filter: string }): object {
    const [, tag = "", value = ""] = /^tags\.`(.+)` = '(.+)'$/.exec(filter) ?? [];
    const found = [...this.runs.values()].filter(
      (run) => experiment_ids.includes(run.experiment) && run.tags.get(tag) === value,
    );
    return {
      runs: found.map((run) => ({
        info: {
          run_id: run.id,
          run_name: run.name,
          status: run.status,
          start_time: run.start,
          end_time: run.end,
          lifecycle_stage: run.deleted ? "deleted" : "active",
        },
        data: {
          tags: [...run.tags].map(([key, each]) => ({ key, value: each })),
          params: [...run.params].map(([key, each]) => ({ key, value: each })),
        },
      })),
    };
  }
}

interface Change {
  readonly metrics: readonly { key: string; value: number; timestamp: number; step: number }[];
  readonly params: readonly Pair[];
  readonly tags: readonly Pair[];
  readonly status: string;
  readonly end_time: number | undefined;
}

function change(path: string, run: StoredRun, { metrics, params, tags, status, end_time }: Change) {
  switch (path) {
    case "runs/log-batch":
      for (const { key, value, timestamp, step } of metrics)
        run.metrics.set(key, (run.metrics.get(key) ?? new Set()).add(JSON.stringify({ value, timestamp, step })));
      for (const { key, value } of params) run.params.set(key, value);
      for (const { key, value } of tags) run.tags.set(key, value);
      return [200, {}] as const;
    case "runs/update":
      run.status = status;
      run.end = end_time;
      return [200, {}] as const;
    case "runs/delete":
      run.deleted = true;
      return [200, {}] as const;
    case "metrics/get-history":
      return [200, {}] as const;
    default:
      return [404, { error_code: "ENDPOINT_NOT_FOUND", message: path }] as const;
  }
}

function end(response: ServerResponse, status: number, answer: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
}

import { mkdtempSync, rmSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDashboard, type Dashboard } from "../../dist/dashboard/server.js";

/** A real dashboard over a folder of its own, on any free port. */

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** What the text says as JSON. */
  readonly json: () => unknown;
  /** What it says is wrong. */
  readonly problem: () => string;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export class TestDashboard {
  readonly directory: string = mkdtempSync(join(tmpdir(), "hpo-dashboard-"));
  readonly #streams: AbortController[] = [];
  #dashboard: Dashboard | undefined;

  get dashboard(): Dashboard {
    if (this.#dashboard === undefined) throw new Error("it is not open");
    return this.#dashboard;
  }

  async open(host = "127.0.0.1"): Promise<void> {
    this.#dashboard = await openDashboard({ directory: this.directory, host, port: 0, otherPort: false });
  }

  async close(): Promise<void> {
    for (const stream of this.#streams) stream.abort();
    await this.#dashboard?.close();
    rmSync(this.directory, { recursive: true });
  }

  /** Sends a request with exactly these headers: no client mends the path or the host. */
  ask(path: string, { method = "GET", headers = {}, body }: Asking = {}): Promise<Answer> {
    const { port } = this.dashboard;
    return new Promise((resolve, reject) => {
      const sent = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (piece: string) => (text += piece));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: () => JSON.parse(text) as unknown,
            problem: () => (JSON.parse(text) as { readonly problem: string }).problem,
          }),
        );
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  act(name: string, action: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.ask(`/api/studies/${name}/actions`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: typeof action === "string" ? action : JSON.stringify(action),
    });
  }

  /** Follows a stream of events. */
  async follow(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Stream> {
    const controller = new AbortController();
    this.#streams.push(controller);
    const response = await fetch(new URL(path, this.dashboard.url), { headers, signal: controller.signal });
    if (!response.ok || response.body === null) throw new Error(`${response.status} ${await response.text()}`);
    return new Stream(response.body, controller);
  }
}

export interface StreamEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: unknown;
}

export class Stream {
  readonly #events: AsyncGenerator<StreamEvent, void>;
  readonly #controller: AbortController;
  #last: StreamEvent | undefined;

  constructor(body: ReadableStream<Uint8Array>, controller: AbortController) {
    this.#events = parse(body);
    this.#controller = controller;
  }

  /** The next event; undefined when the stream has ended. */
  async next(): Promise<StreamEvent | undefined> {
    const { value } = await this.#events.next();
    this.#last = value ?? undefined;
    return this.#last;
  }

  /** The data of the first event that it is true of, from the last one on: things that happen together may come in one. */
  async until<T>(condition: (data: T) => boolean): Promise<T> {
    for (let event = this.#last ?? (await this.next()); event !== undefined; event = await this.next())
      if (condition(event.data as T)) return event.data as T;
    throw new Error("the stream has ended");
  }

  close(): void {
    this.#controller.abort();
  }
}

async function* parse(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent, void> {
  let text = "";
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    for (let end = text.indexOf("\n\n"); end !== -1; end = text.indexOf("\n\n")) {
      const lines = text.slice(0, end).split("\n");
      text = text.slice(end + 2);
      const field = (name: string): string | undefined =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const data = field("data");
      if (data !== undefined) yield { event: field("event") ?? "message", id: field("id"), data: JSON.parse(data) };
    }
  }
}

import { randomBytes } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Metrics } from "../history/events.ts";
import type { Decision } from "./dispatcher.ts";
import { readRequest, type ChannelRequest } from "./channel-request.ts";
import { LineSplitter } from "./line-splitter.ts";
import { messageOf } from "./words.ts";

/** What a program says over its channel, and who answers. */
export interface ChannelListener {
  /** Without a step the metrics are the run's result. */
  report(step: number | undefined, metrics: Metrics): Promise<Decision>;
  /** Resolves once the journal has the checkpoint. Rejects with why it cannot be kept. */
  checkpoint(step: number): Promise<void>;
}

/** Tells a program where its channel is: address, colon, secret. An address that starts with @ is an abstract one. */
const CHANNEL_VARIABLE = "HPO_CHANNEL";

/** Bytes of an abstract address, the zero before it included: all that fit, since Node.js 20 fills a shorter one with zeros. */
const ADDRESS_BYTES = 108;

/**
 * A private line between a command and its launcher, which `import hpo` uses: a local socket that answers whoever knows the
 * run's secret. Each process that connects has a connection of its own, so that forks and subprocesses do not get in each
 * other's way. On Linux the address is abstract, so that it needs no disk.
 */
export class CommandChannel {
  readonly #listener: ChannelListener;
  readonly #server: Server;
  readonly #address: string;
  readonly #secret = randomBytes(16).toString("hex");
  readonly #sockets = new Set<Socket>();
  /** Those that said the secret. */
  readonly #clients = new Set<Socket>();
  #inUse = false;
  #stop: string | undefined;

  constructor(listener: ChannelListener) {
    this.#listener = listener;
    this.#address = makeAddress();
    this.#server = createServer((socket) => this.#serve(socket));
    this.#server.on("error", () => {});
    // Bound when this returns: the command may connect at once.
    this.#server.listen(this.#address.replace(/^@/, "\0"));
  }

  /** What the command finds in its environment: nothing where there can be no socket, and its output is read as ever. */
  get environment(): Readonly<Record<string, string>> {
    if (!this.#server.listening) return {};
    return { [CHANNEL_VARIABLE]: `${this.#address}:${this.#secret}` };
  }

  /** Whether a program has spoken here: then its output is only a log. */
  get inUse(): boolean {
    return this.#inUse;
  }

  /** Tells every program to end. */
  stop(reason: string): void {
    this.#stop = reason;
    for (const socket of this.#clients) send(socket, { stop: reason });
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => {
      this.#sockets.delete(socket);
      this.#clients.delete(socket);
    });
    socket.on("error", () => socket.destroy());
    const lines = new LineSplitter((line) => {
      if (this.#clients.has(socket)) void this.#hear(socket, line);
      else this.#admit(socket, line);
    });
    socket.on("data", (chunk: Buffer) => lines.push(chunk));
  }

  #admit(socket: Socket, secret: string): void {
    if (secret !== this.#secret) {
      socket.destroy();
      return;
    }
    this.#inUse = true;
    this.#clients.add(socket);
    send(socket, { welcome: true });
    if (this.#stop !== undefined) send(socket, { stop: this.#stop });
  }

  async #hear(socket: Socket, line: string): Promise<void> {
    const request = readRequest(line);
    try {
      if (request.problem !== undefined) throw new Error(request.problem);
      send(socket, { id: request.id, ...(await this.#answer(request)) });
    } catch (error) {
      send(socket, { id: request.id, error: error instanceof Error ? error.message : messageOf(error) });
    }
  }

  async #answer(request: ChannelRequest): Promise<Decision | object> {
    if (request.kind === "report") return this.#listener.report(request.step, request.metrics);
    await this.#listener.checkpoint(request.step);
    return {};
  }
}

function makeAddress(): string {
  if (process.platform !== "linux") return join(tmpdir(), `hpo-${randomBytes(8).toString("hex")}.sock`);
  const name = `@hpo-${randomBytes(ADDRESS_BYTES).toString("hex")}`;
  return name.slice(0, ADDRESS_BYTES);
}

function send(socket: Socket, message: object): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}

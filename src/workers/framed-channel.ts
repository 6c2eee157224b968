import type { Duplex } from "node:stream";
import { deserialize, serialize } from "node:v8";

/** The descriptor of a trial host's channel in the host. */
export const CHANNEL = 3;

/** Bytes of a message. */
const LIMIT = 1 << 20;
const HEAD = 4;

/**
 * Messages over a stream, each with its length before it. Unlike the channel of `fork`, it has no name in the process that
 * user code could take for its own.
 */
export class FramedChannel {
  readonly #stream: Duplex;
  /** Hears each message, which may be anything. */
  onMessage: (message: unknown) => void = () => {};
  /** Hears once that no more will come, with what was wrong where it was not the other end that closed it. */
  onClose: (problem: string | undefined) => void = () => {};
  #rest: Buffer = Buffer.alloc(0);
  #problem: string | undefined;

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on("data", (chunk: Buffer) => this.#take(chunk));
    stream.on("error", () => {}); // its end follows
    stream.once("close", () => this.onClose(this.#problem));
  }

  /**
   * Sends what can be copied as structuredClone does; a closed channel takes nothing.
   *
   * @throws RangeError when it takes more than 1 MB
   */
  send(message: unknown): void {
    const body = serialize(message);
    if (body.length > LIMIT)
      throw new RangeError(`expected at most 1 MB, received ${(body.length / 2 ** 20).toFixed(1)} MB`);
    const head = Buffer.alloc(HEAD);
    head.writeUInt32LE(body.length);
    if (this.#stream.writable) this.#stream.write(Buffer.concat([head, body]));
  }

  #take(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= HEAD) {
      const length = this.#rest.readUInt32LE();
      if (length > LIMIT) return this.#fail();
      if (this.#rest.length < HEAD + length) return;
      const body = this.#rest.subarray(HEAD, HEAD + length);
      this.#rest = this.#rest.subarray(HEAD + length);
      let message: unknown;
      try {
        message = deserialize(body);
      } catch {
        return this.#fail();
      }
      this.onMessage(message);
    }
  }

  #fail(): void {
    this.#problem ??= "what came over the channel is no message";
    this.#rest = Buffer.alloc(0);
    this.#stream.destroy();
  }
}

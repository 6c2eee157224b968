import type { Context } from "hono";
import { streamSSE } from "hono/streaming";

/** Shortest time between two messages of a stream, in milliseconds. */
const PACE = 250;
/** A word now and then shows both sides that the connection stands; in milliseconds. */
const HEARTBEAT = 15_000;

export interface Message {
  readonly event: string;
  readonly id?: string;
  readonly data: string;
}

/** What one client follows. It knows what the client has, and so is asked for what is new only when the client can take it. */
export interface Feed {
  /** What is new since the last message; undefined when nothing is, null when nothing will be. */
  next(): Message | undefined | null;
  /** Calls `wake` whenever there may be something new. @returns what ends it */
  listen(wake: () => void): () => void;
}

/** Answers with server-sent events, until the feed ends or the client goes. */
export function liveEvents(c: Context, feed: Feed): Response {
  return streamSSE(c, async (stream) => {
    const bell = new Bell();
    const stop = feed.listen(() => bell.ring());
    stream.onAbort(() => bell.ring());
    try {
      // The client hears that it is connected, however long the first message takes.
      await stream.write(": connected\n\n");
      for (;;) {
        const message = feed.next();
        if (stream.aborted || message === null) return;
        if (message === undefined) {
          const heard = await bell.heard(HEARTBEAT);
          if (!heard) await stream.write(": still here\n\n");
        } else {
          // Resolves when the connection has taken it: what comes meanwhile is one message later.
          await stream.writeSSE(message);
          await stream.sleep(PACE);
        }
      }
    } finally {
      stop();
    }
  });
}

/** Something that one waits for and that may have rung before. */
class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** @returns whether it rang within the time */
  async heard(milliseconds: number): Promise<boolean> {
    if (!this.#rung)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    const rung = this.#rung;
    this.#rung = false;
    return rung;
  }
}

import type { Stop, Watcher } from "../source.ts";
import { ask, Refusal } from "./ask.ts";

/** Waits between tries to connect again, in milliseconds; the last one repeats. */
const WAITS = [1_000, 2_000, 5_000, 10_000];

interface Place {
  /** The name of the events. */
  readonly event: string;
  /** The address of the stream, for each connection anew. */
  readonly stream: () => string;
  /** The address that answers once: streams hide why they were refused. */
  readonly once: () => string;
}

/** Watches a stream of server-sent events, and connects again when it breaks off, until it is stopped or refused. */
export function watch<Value>({ event, stream, once }: Place, watcher: Watcher<Value>): Stop {
  let events: EventSource | undefined;
  let timer: number | undefined;
  let failures = 0;
  let stopped = false;

  const connect = (): void => {
    events = new EventSource(stream());
    events.addEventListener(event, ({ data }: MessageEvent<string>) => {
      failures = 0;
      watcher.connection({ kind: "open" });
      watcher.next(JSON.parse(data) as Value);
    });
    events.addEventListener("error", () => void lose());
  };

  const lose = async (): Promise<void> => {
    events?.close();
    watcher.connection({ kind: "lost" });
    try {
      await ask(once());
    } catch (error) {
      if (stopped) return;
      if (error instanceof Refusal) {
        watcher.connection({ kind: "refused", problem: error.message });
        return;
      }
    }
    if (stopped) return;
    const wait = WAITS[Math.min(failures, WAITS.length - 1)];
    failures += 1;
    timer = window.setTimeout(connect, wait);
  };

  connect();
  return () => {
    stopped = true;
    events?.close();
    window.clearTimeout(timer);
  };
}

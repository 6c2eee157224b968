import { EXIT } from "./exit-codes.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Ctrl-C as a study takes it: the first one asks, the second one ends the process at once. */
export interface Interruption {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Signals have their usual effect again. */
  release(): void;
}

export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  const onSignal = (): void => {
    // Launchers notice the end of this process and end what they have started.
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}

import { isatty } from "node:tty";
import { EXIT } from "./exit-codes.ts";

/** From a person or a supervisor: the first one asks, the second one ends the process at once. */
const ENDING = ["SIGINT", "SIGTERM"] as const;
/** Warnings of batch systems before they take the machine away: Slurm's `--signal`, SGE's `-notify`, a limit on CPU time. */
const WARNING = ["SIGUSR1", "SIGUSR2", "SIGXCPU"] as const;

/** Ctrl-C as a study takes it. */
export interface Interruption {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Signals have their usual effect again. */
  release(): void;
}

/** @param terminal whether a terminal is there, whose end SIGHUP tells of */
export function listenForInterruption(terminal: boolean = hasTerminal()): Interruption {
  const controller = new AbortController();
  const warn = (): void => controller.abort();
  const end = (): void => {
    // Launchers notice the end of this process and end what they have started.
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
  };
  // Under nohup the closing terminal is not the study's. Node resets what nohup has set, so only the missing terminal tells.
  const hangUp = terminal ? end : (): void => undefined;
  const listeners = [
    ...ENDING.map((name) => [name, end] as const),
    ...WARNING.map((name) => [name, warn] as const),
    ["SIGHUP", hangUp] as const,
  ];
  for (const [name, listener] of listeners) process.on(name, listener);
  return {
    signal: controller.signal,
    release: () => {
      for (const [name, listener] of listeners) process.off(name, listener);
    },
  };
}

function hasTerminal(): boolean {
  return [0, 1, 2].some((descriptor) => isatty(descriptor));
}

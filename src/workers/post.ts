import type { MessagePort } from "node:worker_threads";
import type { Answer, FromRun } from "./messages.ts";

/** Sends over the port of a run; a port closed meanwhile takes nothing, and that is fine. */
export function post(port: MessagePort, message: Answer | FromRun): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between threads, not a window
  port.postMessage(message);
}

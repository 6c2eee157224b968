import type { Call, FromLauncher, LauncherSetup } from "./messages.ts";
import { MARKER } from "./study-marker.ts";

/** What every part of a launcher needs: what it was started with, and the way to the coordinator. */
export interface LauncherContext extends Omit<LauncherSetup, "nodeOptions"> {
  /** For the objective's processes. */
  readonly environment: NodeJS.ProcessEnv;
  readonly call: (call: Call) => void;
}

/** A closed channel takes nothing: the coordinator is gone then. */
export function say(message: FromLauncher): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

export function makeContext({ nodeOptions, ...setup }: LauncherSetup): LauncherContext {
  const options = nodeOptions === null ? {} : { NODE_OPTIONS: nodeOptions };
  return { ...setup, environment: { ...process.env, ...options, [MARKER]: setup.studyId }, call: say };
}

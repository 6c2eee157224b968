import type { Call, FromLauncher, LauncherSetup } from "./messages.ts";
import { MARKER } from "./study-marker.ts";

/** What every part of a launcher needs: what it was started with, and the way to the coordinator. */
export interface LauncherContext extends Omit<LauncherSetup, "nodeOptions"> {
  /** For the objective's processes, pinned to the slot's device. */
  readonly environment: NodeJS.ProcessEnv;
  readonly call: (call: Call) => void;
}

/** A closed channel takes nothing: the coordinator is gone then. */
export function say(message: FromLauncher): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

export function makeContext({ nodeOptions, ...setup }: LauncherSetup): LauncherContext {
  const environment: NodeJS.ProcessEnv = { ...process.env, [MARKER]: setup.studyId };
  if (nodeOptions !== null) environment["NODE_OPTIONS"] = nodeOptions;
  for (const [name, value] of Object.entries(setup.pin)) {
    if (value === null) delete environment[name];
    else environment[name] = value;
  }
  return { ...setup, environment, call: say };
}

import { fileURLToPath } from "node:url";
import { type LauncherContext, say } from "./launcher-context.ts";
import { hostArguments } from "./host-arguments.ts";
import type { HostSetup } from "./messages.ts";
import { ObjectiveProcess } from "./objective-process.ts";

const PROGRAM = fileURLToPath(new URL("./trial-host.js", import.meta.url));

/** Starts a trial host for the module at `path`, in a process group of its own. */
export function startHost(path: string, context: LauncherContext): ObjectiveProcess {
  const { device, metric, limits, execArgv } = context;
  const setup: HostSetup = { device, path, metric, memory: limits.memory };
  const host = new ObjectiveProcess(
    process.execPath,
    [...hostArguments(execArgv, path), PROGRAM, JSON.stringify(setup)],
    {
      env: context.environment,
      ipc: true,
    },
  );
  if (host.pid !== undefined) say({ type: "group", pid: host.pid });
  return host;
}

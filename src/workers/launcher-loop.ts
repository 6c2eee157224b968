import { mkdirSync } from "node:fs";
import { prepareCheckpoints } from "./checkpoint-folder.ts";
import { CommandRunner } from "./command-runner.ts";
import { classOf } from "./failure-class.ts";
import { failed } from "./failure.ts";
import type { HostProcess } from "./host-process.ts";
import { type LauncherContext, say } from "./launcher-context.ts";
import type { LauncherRun, Runner } from "./launcher-run.ts";
import type { ProcessOrder, ToLauncher } from "./messages.ts";
import { ModuleRunner } from "./module-runner.ts";

/** Serves the runs of a slot until the channel to its thread closes. `host` is the one started ahead for a module. */
export async function serveRuns(
  context: LauncherContext,
  host: HostProcess | undefined,
  messages: AsyncIterable<readonly [ToLauncher]>,
): Promise<void> {
  const runner = makeRunner(context, host);
  let open: LauncherRun | undefined;
  let leaving = false;

  async function run(order: ProcessOrder): Promise<void> {
    try {
      prepareCheckpoints(order.checkpoints, order.startStep);
    } catch (error) {
      say({ type: "ended", outcome: failed("checkpoint", (error as Error).message) });
      return;
    }
    try {
      if (context.objective.kind === "command") mkdirSync(order.checkpoints, { recursive: true });
      open = runner.start(order);
    } catch (error) {
      const { message } = error as Error;
      say({ type: "ended", outcome: failed(classOf(message) ?? "launch", message) });
      return;
    }
    const outcome = await open.ended;
    open = undefined;
    say({ type: "ended", outcome });
    if (process.connected) runner.warm();
  }

  async function leave(): Promise<void> {
    leaving = true;
    open?.abandon();
    await open?.ended;
    await runner.close();
    process.exit();
  }

  process.on("disconnect", () => void leave());
  if (!process.connected) void leave();

  say({ type: "ready" });
  for await (const [message] of messages) {
    if (leaving) break;
    if (message.type === "run") void run(message.order);
    else if (message.type === "ask") say({ type: "awake" });
    else open?.answer(message);
  }
}

function makeRunner(context: LauncherContext, host: HostProcess | undefined): Runner {
  const { objective } = context;
  return objective.kind === "command"
    ? new CommandRunner(objective, context)
    : new ModuleRunner(objective.path, context, host);
}

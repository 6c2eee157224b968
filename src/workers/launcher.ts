import { mkdirSync } from "node:fs";
import { prepareCheckpoints } from "./checkpoint-folder.ts";
import { CommandRunner } from "./command-runner.ts";
import { failedBy } from "./failure.ts";
import type { LauncherRun, Runner, RunnerChannel } from "./launcher-run.ts";
import type { FromLauncher, LauncherSetup, ToLauncher } from "./messages.ts";
import { ModuleRunner } from "./module-runner.ts";

/**
 * The process between a slot's thread and the objective. It owns the objective's process group and lives exactly as long
 * as its channel: when the coordinator dies, however it dies, the channel closes, and the launcher ends the group before
 * it leaves. Its own files are few and small since its start delays the first run.
 */

const setup = JSON.parse(process.argv[2] ?? "") as LauncherSetup;

function say(message: FromLauncher): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

const channel: RunnerChannel = { call: say, group: (pid) => say({ type: "group", pid }) };

function makeRunner({ objective, metric, limits, nodeOptions }: LauncherSetup): Runner {
  const env = nodeOptions === null ? process.env : { ...process.env, NODE_OPTIONS: nodeOptions };
  if (objective.kind === "command") return new CommandRunner(objective, metric, limits, env, channel);
  return new ModuleRunner({ path: objective.path, metric, memory: limits.memory }, limits, env, channel);
}

const runner = makeRunner(setup);
let open: LauncherRun | undefined;

async function run({ order }: Extract<ToLauncher, { readonly type: "run" }>): Promise<void> {
  try {
    prepareCheckpoints(order.checkpoints, order.startStep);
    if (setup.objective.kind === "command") mkdirSync(order.checkpoints, { recursive: true });
  } catch (error) {
    say({ type: "ended", outcome: failedBy("launch", error) });
    return;
  }
  open = runner.start(order);
  const outcome = await open.ended;
  open = undefined;
  say({ type: "ended", outcome });
  if (process.connected) runner.warm();
}

process.on("message", (message: ToLauncher) => {
  if (message.type === "run") void run(message);
  else open?.answer(message);
});

async function leave(): Promise<void> {
  open?.abandon();
  await open?.ended;
  await runner.close();
  process.exit();
}

process.on("disconnect", () => void leave());

// A signal sent to everything at once, such as by a closing terminal, is the coordinator's to answer.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

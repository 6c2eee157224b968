import { on } from "node:events";
import { HostProcess } from "./host-process.ts";
import { refuseDebugger } from "./no-debugger.ts";
import { makeContext } from "./launcher-context.ts";
import type { LauncherSetup, ToLauncher } from "./messages.ts";

/**
 * The process between a slot's thread and the objective. It owns the objective's process group and lives exactly as long
 * as its channel: when the coordinator dies, however it dies, the channel closes, and the launcher ends the group before
 * it leaves. Its files are few and small since its start delays the first run, and the host starts before they are read.
 */

refuseDebugger();
// A signal sent to everything at once, such as by a closing terminal or a batch system, is the coordinator's to answer.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR2", "SIGXCPU"] as const) process.on(signal, () => {});

const leave = (): void => process.exit();
process.once("disconnect", leave);
// Keeps what comes until it is asked for: a message that nobody listens to is lost.
const messages = on(process, "message") as AsyncIterableIterator<readonly unknown[]>;
const [setup] = (await messages.next()).value as readonly [LauncherSetup];
const context = makeContext(setup);
const { objective } = context;
const host = objective.kind === "module" ? new HostProcess(objective.path, context) : undefined;
process.off("disconnect", leave);
const { serveRuns } = await import("./launcher-loop.ts");
await serveRuns(context, host, messages as AsyncIterable<readonly [ToLauncher]>);

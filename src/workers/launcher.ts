import { readContext } from "./launcher-context.ts";
import { startHost } from "./start-host.ts";

/**
 * The process between a slot's thread and the objective. It owns the objective's process group and lives exactly as long
 * as its channel: when the coordinator dies, however it dies, the channel closes, and the launcher ends the group before
 * it leaves. Its files are few and small since its start delays the first run, and the host starts before they are read.
 */

const context = readContext(process.argv[2] ?? "");
const { objective } = context;
const host = objective.kind === "module" ? startHost(objective.path, context) : undefined;
const { serveRuns } = await import("./launcher-loop.ts");
serveRuns(context, host);

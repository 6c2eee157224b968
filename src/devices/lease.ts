import { createHash } from "node:crypto";
import { connect, createServer, type Server } from "node:net";

/**
 * Who uses a GPU, machine-wide: an abstract Unix socket for each, by its UUID, on which its holder answers who it is. It
 * vanishes with the process. Containers with networks of their own do not see each other's.
 */

export interface Holder {
  readonly pid: number;
  /** The study's name. */
  readonly study: string;
}

export interface Lease {
  release(): Promise<void>;
}

/** How long a holder may take to answer, in milliseconds: it may be suspended, or compute. */
const PATIENCE = 2_000;

/** Takes all of the GPUs, or none of them: undefined when somebody holds one. */
export async function leaseGpus(uuids: readonly string[], holder: Holder): Promise<Lease | undefined> {
  const servers: Server[] = [];
  const release = async (): Promise<void> => {
    await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  };
  // In one order, so that of two who want the same at once one gets all.
  for (const uuid of uuids.toSorted()) {
    const server = await listen(uuid, holder);
    if (server === undefined) {
      await release();
      return undefined;
    }
    servers.push(server);
  }
  return { release };
}

/** Who holds a GPU, in words: `study "digits" (process 12)`; undefined when nobody does. */
export async function holderOf(uuid: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(socketName(uuid));
    let text = "";
    const silent = "a process that does not answer";
    socket.setTimeout(PATIENCE, () => {
      resolve(silent);
      socket.destroy();
    });
    socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code === "ECONNREFUSED" ? undefined : silent));
    socket.on("close", () => resolve(inWords(text) ?? silent));
  });
}

async function listen(uuid: string, holder: Holder): Promise<Server | undefined> {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.end(JSON.stringify(holder), () => socket.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(socketName(uuid), () => {
      server.unref();
      resolve(server);
    });
  });
}

function inWords(text: string): string | undefined {
  try {
    const { pid, study } = JSON.parse(text) as Holder;
    return `study "${study}" (process ${pid})`;
  } catch {
    return undefined;
  }
}

function socketName(uuid: string): string {
  return `\0hpo-gpu-${createHash("sha256").update(uuid).digest("hex").slice(0, 32)}`;
}

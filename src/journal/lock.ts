import { createHash } from "node:crypto";
import { realpathSync, unlinkSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { HpoError } from "../errors.ts";

/**
 * One coordinator at a time, by a listening local socket: a dead process cannot hold it, and other terminals can send
 * requests through it. On Linux the name is abstract (no file, nothing to clean up).
 */

/** A request from another terminal. */
export type Request =
  | { readonly kind: "ping" }
  | { readonly kind: "stop" }
  | { readonly kind: "stop-trial"; readonly trial: number }
  | { readonly kind: "enqueue"; readonly params: unknown }
  | { readonly kind: "note"; readonly text: string; readonly trial: number | null };

export type Reply = { readonly ok: true; readonly pid: number } | { readonly ok: false; readonly message: string };

export interface Lock {
  release(): Promise<void>;
}

/** How long a process that holds the lock may take to answer, in milliseconds: it may be suspended, or compute. */
const PATIENCE = 2_000;

/**
 * Takes the lock of a study's folder.
 *
 * @param answer handles a request; what it throws becomes the reply's message
 * @throws HpoError "study-locked" that names the process which holds it
 */
export async function acquireLock(folder: string, answer: (request: Request) => Promise<void> | void): Promise<Lock> {
  const name = socketName(folder);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    serve(socket, answer);
  });
  try {
    await listen(server, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    const holder = await ask(folder, { kind: "ping" });
    if (holder === undefined && !name.startsWith("\0")) {
      unlinkSync(name); // A file left by a dead process: nobody listens behind it.
      await listen(server, name);
    } else {
      const who = holder?.ok === true ? `process ${holder.pid}` : "another process";
      throw new HpoError("study-locked", `${folder} is in use by ${who}: wait for it, or end it with "hpo study stop"`);
    }
  }
  server.unref();
  const release = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      // A client that never speaks must not keep the lock; one that was answered has its reply.
      for (const socket of sockets) socket.destroySoon();
    });
  return { release };
}

/** Sends a request to the process that holds the lock; undefined when nobody does. One that does not answer refuses. */
export async function ask(folder: string, request: Request): Promise<Reply | undefined> {
  return new Promise((resolve) => {
    const socket = connect(socketName(folder));
    socket.setTimeout(PATIENCE, () => {
      resolve({ ok: false, message: `the process that holds ${folder} does not answer: it is suspended, or busy` });
      socket.destroy();
    });
    socket.on("error", () => resolve(undefined));
    socket.on("close", () => resolve(undefined));
    // What is refused here for want of an answer must not be done later.
    const deadline = Date.now() + PATIENCE;
    socket.on("connect", () => socket.write(`${JSON.stringify({ ...request, deadline })}\n`));
    createInterface({ input: socket })
      .on("line", (line) => {
        resolve(JSON.parse(line) as Reply);
        socket.end();
      })
      .on("error", () => resolve(undefined));
  });
}

function socketName(folder: string): string {
  const hash = createHash("sha256").update(realpathSync(folder)).digest("hex").slice(0, 32);
  return process.platform === "linux" ? `\0hpo-${hash}` : join(tmpdir(), `hpo-${hash}.sock`);
}

function listen(server: Server, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(name, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function serve(socket: Socket, answer: (request: Request) => Promise<void> | void): void {
  socket.on("error", () => socket.destroy());
  socket.unref();
  const respond = async (line: string): Promise<void> => {
    let reply: Reply = { ok: true, pid: process.pid };
    try {
      const { deadline, ...request } = JSON.parse(line) as Request & { readonly deadline: number };
      if (Date.now() > deadline) throw new Error("the request came too late");
      if (request.kind !== "ping") await answer(request);
    } catch (error) {
      reply = { ok: false, message: (error as Error).message };
    }
    socket.end(`${JSON.stringify(reply)}\n`);
  };
  createInterface({ input: socket })
    .on("line", (line) => void respond(line))
    .on("error", () => socket.destroy());
}

import { chmodSync, closeSync, mkdtempSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { machineTime, readRequest, type Reply, type Request } from "./request.ts";
import { LONGEST_LINE, readShortLine } from "./short-line.ts";

/** Where a study takes requests: a socket in its own folder, which only the user who runs it may open. */
export interface ControlSocket {
  /** Why requests cannot come, in words: some file systems have no sockets. The study runs all the same. */
  readonly problem: string | undefined;
  close(): Promise<void>;
}

export function controlSocket(folder: string): string {
  return join(folder, "control.sock");
}

/** A folder by a path that fits into the 108 bytes of a socket's address, while `descriptor` is open. */
export function shortPath(folder: string, descriptor: number): string {
  return process.platform === "linux" ? `/proc/self/fd/${descriptor}` : folder;
}

/** @param answer handles a request; what it throws becomes the reply's message */
export async function openControlSocket(
  folder: string,
  answer: (request: Request) => Promise<void> | void,
): Promise<ControlSocket> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    serve(socket, answer);
  });
  const socketFile = controlSocket(folder);
  let inode: number;
  try {
    inode = await place(server, folder, socketFile);
  } catch (error) {
    return { problem: (error as Error).message, close: () => Promise.resolve() };
  }
  server.unref();
  return {
    problem: undefined,
    close: () =>
      new Promise((resolve) => {
        if (statSync(socketFile, { throwIfNoEntry: false })?.ino === inode) rmSync(socketFile, { force: true });
        server.close(() => resolve());
        // A client that never speaks must not keep the study open; one that was answered has its reply.
        for (const socket of sockets) socket.destroySoon();
      }),
  };
}

/**
 * Made in a folder that nobody else may enter, and put in its place when nobody else may open it. So it takes the place of one
 * that a dead process left, too.
 *
 * @returns the inode of the socket
 */
async function place(server: Server, folder: string, socketFile: string): Promise<number> {
  const closed = mkdtempSync(join(folder, ".control-"));
  const descriptor = openSync(closed, "r");
  server.once("close", () => closeSync(descriptor));
  try {
    const name = "s";
    await listen(server, join(shortPath(closed, descriptor), name));
    chmodSync(join(closed, name), 0o600);
    renameSync(join(closed, name), socketFile);
    return statSync(socketFile).ino;
  } catch (error) {
    if (server.listening) server.close();
    else closeSync(descriptor);
    throw error;
  } finally {
    rmSync(closed, { recursive: true, force: true });
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function serve(socket: Socket, answer: (request: Request) => Promise<void> | void): void {
  socket.on("error", () => socket.destroy());
  socket.unref();
  const reply = (message: Reply): void => void socket.end(`${JSON.stringify(message)}\n`);
  const refuse = (message: string): void => reply({ ok: false, message });
  readShortLine(
    socket,
    (line) => {
      const carryOut = async (): Promise<void> => {
        const { request, deadline } = readRequest(line);
        if (machineTime() > deadline) throw new Error("the request came too late");
        await answer(request);
      };
      carryOut().then(
        () => reply({ ok: true, pid: process.pid }),
        (error: unknown) => refuse((error as Error).message),
      );
    },
    () => refuse(`expected a request of at most ${LONGEST_LINE} bytes`),
  );
}

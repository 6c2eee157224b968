import { closeSync, openSync } from "node:fs";
import { connect } from "node:net";
import { basename, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { refusalOf } from "../files/system-error.ts";
import { controlSocket, shortPath } from "./control-socket.ts";
import { machineTime, readReply, type Reply, type Request } from "./request.ts";
import { readShortLine } from "./short-line.ts";
import { type Holder, holderInWords, holderOf } from "./writer-lock.ts";

/** How long a process that holds the lock may take to answer, in milliseconds: it may be suspended, or compute. */
const PATIENCE = 2_000;

/** Milliseconds between two tries to reach it: its socket comes a moment after its lock. */
const LOOK = 20;

/** Sends a request to the process that runs a study; undefined when nobody does. One that cannot be asked refuses. */
export async function ask(folder: string, request: Request): Promise<Reply | undefined> {
  const deadline = machineTime() + PATIENCE;
  for (;;) {
    const holder = holderOf(folder);
    if (holder === undefined) return undefined;
    const reply = await send(folder, request, deadline);
    if (!(reply instanceof Error)) return reply;
    const { code } = reply as NodeJS.ErrnoException;
    const isComing = code === "ENOENT" || code === "ECONNREFUSED";
    if (!isComing || machineTime() > deadline) return { ok: false, message: whyNot(holder, reply) };
    await wait(LOOK);
  }
}

function whyNot(holder: Holder, error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  const why =
    code === "EACCES" || code === "EPERM"
      ? "only the user who runs it may command it"
      : code === "ENOENT" || code === "ECONNREFUSED"
        ? "its folder has no control socket that answers here; end it where it runs"
        : (refusalOf(error)?.says ?? error.message);
  return `${holderInWords(holder)} runs it and cannot be asked: ${why}`;
}

/** @returns the reply, or why nobody could be reached */
function send(folder: string, request: Request, deadline: number): Promise<Reply | Error> {
  let descriptor: number;
  try {
    descriptor = openSync(folder, "r");
  } catch (error) {
    return Promise.resolve(error as Error);
  }
  const answered = new Promise<Reply | Error>((resolve) => {
    const silent = {
      ok: false,
      message: `the process that runs it does not answer: it is suspended, or busy`,
    } as const;
    const socket = connect(join(shortPath(folder, descriptor), basename(controlSocket(folder))));
    socket.setTimeout(PATIENCE, () => {
      resolve(silent);
      socket.destroy();
    });
    socket.on("error", resolve);
    socket.on("close", () => resolve({ ok: false, message: "the process that runs it ended meanwhile" }));
    socket.on("connect", () => socket.write(`${JSON.stringify({ request, deadline })}\n`));
    readShortLine(
      socket,
      (line) => {
        resolve(readReply(line) ?? { ok: false, message: "the process that runs it answers with something else" });
        socket.end();
      },
      () => socket.destroy(),
    );
  });
  return answered.finally(() => closeSync(descriptor));
}

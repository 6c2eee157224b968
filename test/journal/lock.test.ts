import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { ask } from "../../src/journal/ask.ts";
import { openControlSocket } from "../../src/journal/control-socket.ts";
import { thisProcess } from "../../src/journal/process-identity.ts";
import { machineTime, type Request } from "../../src/journal/request.ts";
import { acquireWriterLock, holderOf } from "../../src/journal/writer-lock.ts";

const place = mkdtempSync(join(tmpdir(), "hpo-lock-"));
afterAll(() => rmSync(place, { recursive: true }));

let count = 0;
const newFolder = (): string => {
  const folder = join(place, `study-${count++}`);
  mkdirSync(folder);
  return folder;
};

const lockModule = fileURLToPath(new URL("../../dist/journal/writer-lock.js", import.meta.url));

/** A process that holds the lock of a folder, and shows signs of life or not. */
async function holder(folder: string, options: object = {}) {
  const script = `import { acquireWriterLock } from ${JSON.stringify(lockModule)};
    await acquireWriterLock(${JSON.stringify(folder)}, ${JSON.stringify(options)}).then(() => console.log("held"), (error) => console.log(error.message));
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return {
    line,
    pid: child.pid,
    kill: async () => {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

const lockedBy = (words: string): object => ({
  code: "study-locked",
  message: expect.stringContaining(words) as string,
});

/** What a process elsewhere leaves: its number means nothing here. */
const elsewhere = { ...thisProcess(), pid: 1, host: "far", scope: "another boot", token: "t" };

describe("the writer's lock of a study's folder", () => {
  it("admits one holder, names it to the next, and is free once released", async () => {
    const folder = newFolder();
    const lock = await acquireWriterLock(folder);
    await expect(acquireWriterLock(folder)).rejects.toMatchObject(lockedBy(`process ${process.pid}`));
    expect(holderOf(folder)).toMatchObject({ pid: process.pid });
    lock.release();
    expect(holderOf(folder)).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
    (await acquireWriterLock(folder)).release();
  });

  it("is free at once when its holder was killed", async () => {
    const folder = newFolder();
    const other = await holder(folder);
    await expect(acquireWriterLock(folder)).rejects.toMatchObject(lockedBy(`process ${other.pid}`));
    await other.kill();
    expect(holderOf(folder)).toBeUndefined();
    const lock = await acquireWriterLock(folder, { silence: Infinity });
    expect(lock.mayHaveRival).toBe(false);
    lock.release();
  });

  it("is free when its holder's number belongs to another process now", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "journal.lock"), JSON.stringify({ ...thisProcess(), start: "1", token: "t" }));
    expect(holderOf(folder)).toBeUndefined();
    (await acquireWriterLock(folder, { silence: Infinity })).release();
  });

  it.each(["", "{", "null", '{"pid":-1}', JSON.stringify(elsewhere)])(
    "is taken from a holder that nobody can look for once it is silent: %s",
    async (text) => {
      const folder = newFolder();
      writeFileSync(join(folder, "journal.lock"), text);
      const lock = await acquireWriterLock(folder, { silence: 400 });
      expect(lock.mayHaveRival).toBe(true);
      lock.release();
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it("is not taken from a holder elsewhere that shows signs of life", async () => {
    const folder = newFolder();
    const other = await holder(folder, { beat: 20 });
    const file = join(folder, "journal.lock");
    // The same file, said to be of a process elsewhere.
    const said = JSON.stringify({
      ...(JSON.parse(readFileSync(file, "utf8")) as object),
      scope: "another",
      host: "far",
    });
    writeFileSync(file, said);
    expect(holderOf(folder)).toMatchObject({ host: "far" });
    await expect(acquireWriterLock(folder)).rejects.toMatchObject(lockedBy(`process ${other.pid} on far`));
    await other.kill();
    const lock = await acquireWriterLock(folder, { silence: 400 });
    lock.release();
  });

  it("says who has it to a holder that lost it", async () => {
    const folder = newFolder();
    const lock = await acquireWriterLock(folder);
    expect(lock.loss()).toBeUndefined();
    rmSync(join(folder, "journal.lock"));
    expect(lock.loss()).toBe("its lock was removed");
    const next = await acquireWriterLock(folder);
    expect(lock.loss()).toBe(`it was taken over by process ${process.pid}`);
    lock.release();
    // Another's lock is not freed.
    expect(next.loss()).toBeUndefined();
    next.release();
  });

  it("admits one of many that find a dead holder at the same instant", async () => {
    for (let round = 0; round < 5; round++) {
      const folder = newFolder();
      writeFileSync(join(folder, "journal.lock"), JSON.stringify({ ...thisProcess(), start: "1", token: "t" }));
      const tries = await Promise.allSettled([...Array(8)].map(() => acquireWriterLock(folder)));
      const held = tries.filter((each) => each.status === "fulfilled");
      expect(held).toHaveLength(1);
      for (const each of tries)
        if (each.status === "rejected") expect(each.reason).toMatchObject({ code: "study-locked" });
      for (const { value } of held) value.release();
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  it("admits one of several processes that find a dead holder at the same instant", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "journal.lock"), JSON.stringify({ ...thisProcess(), start: "1", token: "t" }));
    const holders = await Promise.all([1, 2, 3, 4].map(() => holder(folder)));
    expect(holders.filter(({ line }) => line === "held")).toHaveLength(1);
    await Promise.all(holders.map(({ kill }) => kill()));
  });

  it("says in words where it cannot be made", async () => {
    await expect(acquireWriterLock(join(place, "nowhere"))).rejects.toMatchObject({
      code: "invalid-argument",
      message: expect.stringContaining("there is nothing at that path (ENOENT)") as string,
    });
  });
});

describe("the control socket of a study's folder", () => {
  const controlled = async (folder: string, answer: (request: Request) => Promise<void> | void) => {
    const lock = await acquireWriterLock(folder);
    const control = await openControlSocket(folder, answer);
    expect(control.problem).toBeUndefined();
    return async () => {
      await control.close();
      lock.release();
      expect(readdirSync(folder)).toEqual([]);
    };
  };

  /** Sends bytes as they are; gives all that comes back. */
  const sendRaw = (folder: string, data: string | Buffer): Promise<string> =>
    new Promise((resolve) => {
      let text = "";
      const socket = connect(join(folder, "control.sock"), () => socket.write(data));
      socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      socket.on("error", () => undefined);
      socket.on("close", () => resolve(text));
    });

  it("carries requests and their refusals, and nobody answers once it is closed", async () => {
    const folder = newFolder();
    const heard: unknown[] = [];
    const close = await controlled(folder, (request) => {
      heard.push(request);
      if (request.kind === "enqueue") throw new Error("not so");
    });
    expect(await ask(folder, { kind: "stop" })).toEqual({ ok: true, pid: process.pid });
    expect(await ask(folder, { kind: "enqueue", params: { x: 1 } })).toEqual({ ok: false, message: "not so" });
    expect(heard).toEqual([{ kind: "stop" }, { kind: "enqueue", params: { x: 1 } }]);
    await close();
    expect(await ask(folder, { kind: "stop" })).toBeUndefined();
  });

  it("may be opened by nobody but its user, and takes the place of one that was left", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "control.sock"), "");
    const close = await controlled(folder, () => undefined);
    const { mode } = statSync(join(folder, "control.sock"));
    expect(mode & 0o777).toBe(0o600);
    expect(await ask(folder, { kind: "stop" })).toMatchObject({ ok: true });
    await close();
  });

  it("works in a folder whose path is longer than a socket's address", async () => {
    const folder = join(newFolder(), "a-long-name-".repeat(12));
    mkdirSync(folder);
    const close = await controlled(folder, () => undefined);
    expect(await ask(folder, { kind: "stop" })).toMatchObject({ ok: true });
    await close();
  });

  it("refuses in words what is no request, and does nothing", async () => {
    const folder = newFolder();
    const heard: unknown[] = [];
    const close = await controlled(folder, (request) => void heard.push(request));
    const deadline = machineTime() + 60_000;
    const lines = ["", "x", "null", "[]", "{}", '{"request":1}', JSON.stringify({ request: { kind: "stop" } })];
    const requests = [
      { kind: "ping" },
      { kind: "note", text: 1, trial: null },
      { kind: "stop-trial", trial: "__proto__" },
    ];
    for (const line of [...lines, ...requests.map((request) => JSON.stringify({ request, deadline }))])
      expect(JSON.parse(await sendRaw(folder, `${line}\n`)), line).toMatchObject({ ok: false });
    expect(
      JSON.parse(await sendRaw(folder, `${JSON.stringify({ request: { kind: "stop" }, deadline: 1 })}\n`)),
    ).toEqual({
      ok: false,
      message: "the request came too late",
    });
    expect(heard).toEqual([]);
    await close();
  });

  it("reads no line without end", async () => {
    const folder = newFolder();
    const close = await controlled(folder, () => undefined);
    const answer = await sendRaw(folder, Buffer.alloc(3 << 20, 0x61));
    // Whoever goes on writing may be cut off before it reads why.
    if (answer !== "") expect(JSON.parse(answer)).toMatchObject({ ok: false });
    expect(await ask(folder, { kind: "stop" })).toMatchObject({ ok: true });
    await close();
  });

  it.skipIf(process.getuid?.() !== 0)("refuses another user in words (needs root, to become one)", async () => {
    const folder = newFolder();
    chmodSync(place, 0o755);
    const heard: unknown[] = [];
    const close = await controlled(folder, (request) => void heard.push(request));
    const askModule = new URL("../../dist/journal/ask.js", import.meta.url).href;
    const script = `import { ask } from ${JSON.stringify(askModule)};
      process.setgid(65534); process.setuid(65534);
      console.log(JSON.stringify(await ask(${JSON.stringify(folder)}, { kind: "stop" })));`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    expect(JSON.parse(line)).toEqual({
      ok: false,
      message: `process ${process.pid} runs it and cannot be asked: only the user who runs it may command it`,
    });
    expect(heard).toEqual([]);
    await close();
  });

  it("says why where there can be none", async () => {
    const control = await openControlSocket(join(place, "nowhere"), () => undefined);
    expect(control.problem).toContain("ENOENT");
    expect(existsSync(join(place, "nowhere"))).toBe(false);
    await control.close();
  });
});

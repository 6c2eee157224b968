import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { acquireLock, ask } from "../../src/journal/lock.ts";

const folder = mkdtempSync(join(tmpdir(), "hpo-lock-"));
afterAll(() => rmSync(folder, { recursive: true }));

const lockModule = fileURLToPath(new URL("../../dist/journal/lock.js", import.meta.url));

describe("the lock of a study's folder", () => {
  it("admits one holder, names it to the next, and is free once released", async () => {
    const lock = await acquireLock(folder, () => undefined);
    await expect(acquireLock(folder, () => undefined)).rejects.toMatchObject({
      code: "study-locked",
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await lock.release();
    expect(await ask(folder, { kind: "ping" })).toBeUndefined();
    await (await acquireLock(folder, () => undefined)).release();
  });

  it("carries requests and their refusals", async () => {
    const heard: unknown[] = [];
    const lock = await acquireLock(folder, (request) => {
      heard.push(request);
      if (request.kind === "enqueue") throw new Error("not so");
    });
    expect(await ask(folder, { kind: "stop" })).toEqual({ ok: true, pid: process.pid });
    expect(await ask(folder, { kind: "enqueue", params: { x: 1 } })).toEqual({ ok: false, message: "not so" });
    expect(heard).toEqual([{ kind: "stop" }, { kind: "enqueue", params: { x: 1 } }]);
    await lock.release();
  });

  it("is not held by a process that was killed", async () => {
    const script = `import { acquireLock } from ${JSON.stringify(lockModule)};
      await acquireLock(${JSON.stringify(folder)}, () => undefined);
      console.log("held"); setInterval(() => undefined, 1000);`;
    const holder = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(createInterface({ input: holder.stdout }), "line");
    await expect(acquireLock(folder, () => undefined)).rejects.toMatchObject({
      message: expect.stringContaining(`process ${holder.pid}`),
    });
    holder.kill("SIGKILL");
    await once(holder, "exit");
    await (await acquireLock(folder, () => undefined)).release();
  });
});

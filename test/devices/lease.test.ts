import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { holderOf, leaseGpus } from "../../src/devices/lease.ts";
import { newUuid } from "../support/scripted-gpus.ts";

const me = { pid: process.pid, study: "mine" };

test("all or none are held, until they are released", async () => {
  // They are taken in their order, so that the free one is taken before the other is refused.
  const [c = "", a = "", b = ""] = [newUuid(), newUuid(), newUuid()].toSorted();
  const lease = await leaseGpus([b, a], me);
  expect(await holderOf(a)).toBe(`study "mine" (process ${process.pid})`);
  expect(await leaseGpus([c, b], { ...me, study: "yours" })).toBeUndefined();
  expect(await holderOf(c)).toBeUndefined();
  await lease?.release();
  expect([await holderOf(a), await holderOf(b)]).toEqual([undefined, undefined]);
  const again = await leaseGpus([c, b], me);
  expect(again).toBeDefined();
  await again?.release();
});

test("of many who want the same at once, one gets it", async () => {
  const uuids = [newUuid(), newUuid(), newUuid()];
  const leases = await Promise.all(Array.from({ length: 20 }, () => leaseGpus(uuids, me)));
  expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
  for (const lease of leases) await lease?.release();
});

test("a killed process holds nothing", async () => {
  const uuid = newUuid();
  const lease = fileURLToPath(new URL("../../dist/devices/lease.js", import.meta.url));
  const script = `
    const { leaseGpus } = await import(${JSON.stringify(lease)});
    await leaseGpus([${JSON.stringify(uuid)}], { pid: process.pid, study: "theirs" });
    console.log("held");
    process.stdin.resume();`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout, "data");
  expect(await holderOf(uuid)).toBe(`study "theirs" (process ${child.pid})`);
  expect(await leaseGpus([uuid], me)).toBeUndefined();
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await holderOf(uuid)).toBeUndefined();
});

import { afterEach, expect, test } from "vitest";
import { isAlive } from "../../dist/workers/process-table.js";
import { eventually } from "../support/eventually.ts";
import { closeAll, openCommand, openModule } from "../support/process-dispatchers.ts";
import { orderRun, recordRun, runToEnd } from "../support/run-recorder.ts";

/** Processes that leave their group, their session or their parents belong to the run that started them. */

afterEach(async () => expect(await closeAll()).toEqual([]));

const WAYS = [
  "session",
  "double-fork",
  "nohup",
  "ignores-signals",
  "cleared-environment",
  "double-fork-cleared",
] as const;
const LEAVER = ["python3", "leaver.py"] as const;
const GIGABYTE = 2 ** 30;

test.each(WAYS)("a process that leaves by %s ends with its run", async (way) => {
  // With a limit of memory, processes are looked at more often.
  const run = await runToEnd(openCommand([...LEAVER, way, "ends"], { memory: GIGABYTE }));
  const pid = Number(run.reports[0]?.metrics["loss"]);
  expect(run.outcomes).toMatchObject([{ kind: "completed" }]);
  expect(pid).toBeGreaterThan(1);
  expect(isAlive(pid)).toBe(false);
});

test.each(WAYS)("a process that leaves by %s ends with the time of its run", async (way) => {
  const run = await runToEnd(openCommand([...LEAVER, way, "stays"], { idle: 2_500, memory: GIGABYTE }));
  expect(run.outcomes).toMatchObject([{ kind: "failed", cause: { kind: "idle" } }]);
  expect(isAlive(Number(run.reports[0]?.metrics["loss"]))).toBe(false);
});

test.each(WAYS)("a process that leaves by %s ends when its run is stopped", async (way) => {
  const dispatcher = openCommand([...LEAVER, way, "stays"], { memory: GIGABYTE });
  const recorder = recordRun();
  dispatcher.start(orderRun(), recorder);
  await eventually("it reports", () => recorder.reports.length === 1);
  dispatcher.stop(0, "enough");
  expect(await recorder.outcome).toEqual({ kind: "stopped" });
  expect(isAlive(Number(recorder.reports[0]?.metrics["loss"]))).toBe(false);
});

test("a module's host is replaced when something of its run is left", async () => {
  const dispatcher = openModule("misbehave.mjs");
  const first = await runToEnd(dispatcher, { params: { how: "leave" } });
  expect(first.outcomes).toMatchObject([{ kind: "completed" }]);
  const pid = first.outcomes[0]?.kind === "completed" ? Number(first.outcomes[0].metrics["loss"]) : 0;
  expect(pid).toBeGreaterThan(1);
  expect(isAlive(pid)).toBe(false);
});

test("what has left counts for the memory of its run", async () => {
  const run = await runToEnd(openCommand(["python3", "memory.py", "left"], { memory: 200 * 2 ** 20 }));
  expect(run.outcomes).toMatchObject([{ kind: "failed", cause: { kind: "memory" } }]);
});

test("memory that processes share counts once", async () => {
  const run = await runToEnd(openCommand(["python3", "memory.py", "shared"], { memory: 300 * 2 ** 20 }));
  expect(run.outcomes).toEqual([{ kind: "completed", metrics: { loss: 1 } }]);
});

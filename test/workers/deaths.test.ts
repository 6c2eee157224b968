import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { afterEach, expect, test, vi } from "vitest";
import { endOrphans, findMarked } from "../../dist/workers/orphans.js";
import { isAlive, listProcesses } from "../../dist/workers/process-table.js";
import { eventually } from "../support/eventually.ts";
import { closeAll, openCommand, openModule, PYTHON } from "../support/process-dispatchers.ts";
import { orderRun, recordRun, runToEnd } from "../support/run-recorder.ts";

const COORDINATOR = fileURLToPath(new URL("../fixtures/coordinator.mjs", import.meta.url));

const children: ChildProcess[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const child of children.splice(0)) child.kill("SIGKILL");
  expect(await closeAll()).toEqual([]);
});

/** Starts a coordinator in a process of its own and waits until its run reports. */
async function coordinate(how: string, grace: number) {
  const studyId = randomUUID();
  const child = spawn(process.execPath, [COORDINATOR, studyId, how, String(grace), "wait"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await eventually("the run reports", () => said.includes("reported"));
  return { child, studyId };
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

const noneLeft = (studyId: string) => () => findMarked(studyId).length === 0;

/** The study's processes by what they run. */
const programsOf = (studyId: string) => {
  const marked = new Set(findMarked(studyId));
  const entries = listProcesses().filter(({ pid }) => marked.has(pid));
  const launcher = entries.find(({ parent }) => parent === process.pid)?.pid ?? 0;
  return { launcher, host: entries.find(({ parent }) => parent === launcher)?.pid ?? 0 };
};

test.each([
  ["loops and ignores signals", "ignoreTerm"],
  ["has started processes that left it", "leaveAndHang"],
])("a killed coordinator leaves nothing, though its objective %s", async (_, how) => {
  const { child, studyId } = await coordinate(how, 400);
  expect(findMarked(studyId).length).toBeGreaterThanOrEqual(2);
  await kill(child);
  await eventually("nothing is left", noneLeft(studyId));
});

test("coordinator and launcher killed at once leave nothing, though processes left the objective", async () => {
  const { child, studyId } = await coordinate("leaveAndHang", 400);
  const marked = new Set(findMarked(studyId));
  const launcher = listProcesses().find(({ pid, parent }) => marked.has(pid) && parent === child.pid)?.pid ?? 0;
  expect(launcher).toBeGreaterThan(0);
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  process.kill(launcher, "SIGKILL");
  await exited;
  await eventually("nothing is left", noneLeft(studyId));
});

test("a successor waits for the end of what a killed coordinator left", async () => {
  const { child, studyId } = await coordinate("ignoreTerm", 1_000);
  await kill(child);
  expect(findMarked(studyId)).not.toEqual([]);
  expect(await endOrphans(studyId, 60_000)).toEqual({ killed: 0 });
  expect(findMarked(studyId)).toEqual([]);
});

test("a successor kills what does not leave in time", async () => {
  const { child, studyId } = await coordinate("ignoreTerm", 1_000_000);
  await kill(child);
  const { killed } = await endOrphans(studyId, 0);
  expect(killed).toBeGreaterThanOrEqual(2);
  expect(findMarked(studyId)).toEqual([]);
});

test("a coordinator that ends without closing is not held back, and leaves nothing", async () => {
  const studyId = randomUUID();
  const child = spawn(process.execPath, [COORDINATOR, studyId, "none", "400", "end"], { stdio: "inherit" });
  children.push(child);
  expect((await once(child, "exit"))[0]).toBe(0);
  await eventually("nothing is left", noneLeft(studyId));
});

test.each([
  ["loop", 0],
  ["ignoreTerm", 1],
])("a killed launcher fails the run, %s, and the slot goes on with another", async (how, reports) => {
  const dispatcher = openModule("misbehave.mjs");
  await runToEnd(dispatcher, { params: { how: "well" } });
  const recorder = recordRun();
  dispatcher.start(orderRun({ run: 1, params: { how } }), recorder);
  await eventually("it runs", () => recorder.reports.length === reports);
  const { launcher, host } = programsOf(dispatcher.studyId);
  process.kill(launcher, "SIGKILL");
  expect(await recorder.outcome).toMatchObject({
    kind: "failed",
    cause: { kind: "signal", message: "the run's launcher was ended by SIGKILL" },
  });
  expect([launcher, host].filter((pid) => isAlive(pid))).toEqual([]);
  const next = await runToEnd(dispatcher, { run: 2, params: { how: "well" } });
  expect(next.outcomes).toMatchObject([{ kind: "completed" }]);
  expect(recorder.outcomes.length).toBe(1);
});

test("a killed launcher takes with it what had left the objective", async () => {
  const dispatcher = openModule("misbehave.mjs");
  const recorder = recordRun();
  dispatcher.start(orderRun({ params: { how: "leaveAndHang" } }), recorder);
  await eventually("it runs", () => recorder.reports.length === 1);
  const { launcher } = programsOf(dispatcher.studyId);
  const before = findMarked(dispatcher.studyId);
  process.kill(launcher, "SIGKILL");
  expect(await recorder.outcome).toMatchObject({ kind: "failed", cause: { kind: "signal" } });
  expect(before.length).toBeGreaterThanOrEqual(4);
  expect(before.filter((pid) => isAlive(pid))).toEqual([]);
});

test("a launcher that does not answer, as a stopped one, is ended", async () => {
  const dispatcher = openModule("misbehave.mjs", {}, undefined, { silence: 2_000, restart: 100 });
  await runToEnd(dispatcher, { params: { how: "well" } });
  const recorder = recordRun();
  dispatcher.start(orderRun({ run: 1, params: { how: "ignoreTerm" } }), recorder);
  await eventually("it runs", () => recorder.reports.length === 1);
  const { launcher, host } = programsOf(dispatcher.studyId);
  process.kill(launcher, "SIGSTOP");
  expect(await recorder.outcome).toMatchObject({
    kind: "failed",
    cause: { kind: "launch", message: "the run's launcher did not answer for 2 seconds and was ended" },
  });
  expect([launcher, host].filter((pid) => isAlive(pid))).toEqual([]);
  const next = await runToEnd(dispatcher, { run: 2, params: { how: "well" } });
  expect(next.outcomes).toMatchObject([{ kind: "completed" }]);
});

test("a dispatcher closes though a launcher is stopped", async () => {
  const dispatcher = openModule("misbehave.mjs", {}, undefined, { silence: 500, restart: 100 });
  await runToEnd(dispatcher, { params: { how: "well" } });
  process.kill(programsOf(dispatcher.studyId).launcher, "SIGSTOP");
  await dispatcher.close();
  expect(findMarked(dispatcher.studyId)).toEqual([]);
});

test("a launcher or a host killed while it rests is replaced for the next run", async () => {
  const dispatcher = openModule("misbehave.mjs");
  await runToEnd(dispatcher, { params: { how: "well" } });
  for (const [run, rests] of (["host", "launcher"] as const).entries()) {
    const pid = programsOf(dispatcher.studyId)[rests];
    process.kill(pid, "SIGKILL");
    await eventually(`the ${rests} is dead`, () => !isAlive(pid));
    const next = await eventually(
      "a run completes",
      async () => {
        const { outcomes } = await runToEnd(dispatcher, { run: run + 1, params: { how: "well" } });
        return outcomes[0]?.kind === "completed" ? outcomes : undefined;
      },
      3,
    );
    expect(next).toEqual([{ kind: "completed", metrics: { loss: 1 } }]);
  }
});

test("a killed launcher of a command ends the command", async () => {
  const dispatcher = openCommand([...PYTHON, "stubborn"]);
  const recorder = recordRun();
  dispatcher.start(orderRun(), recorder);
  await eventually("it reports", () => recorder.reports.length === 1);
  const { launcher } = programsOf(dispatcher.studyId);
  process.kill(launcher, "SIGKILL");
  expect(await recorder.outcome).toMatchObject({ kind: "failed", cause: { kind: "signal" } });
  await eventually("nothing but a launcher is left", () => findMarked(dispatcher.studyId).length <= 1);
});

test.each(["hang", "ignoreTerm"])(
  "a thread that dies fails the run, %s, and the slot goes on with another",
  async (how) => {
    const run = vi.spyOn(Piscina.prototype, "run");
    const dispatcher = openModule("misbehave.mjs");
    await runToEnd(dispatcher, { params: { how: "well" } });
    const recorder = recordRun();
    dispatcher.start(orderRun({ run: 1, params: { how } }), recorder);
    await eventually("it runs", () => how === "hang" || recorder.reports.length === 1);
    const before = findMarked(dispatcher.studyId);
    const pool = run.mock.contexts.at(-1) as Piscina;
    await pool.threads[0]?.terminate();
    expect(await recorder.outcome).toMatchObject({
      kind: "failed",
      cause: { kind: "launch", message: expect.stringContaining("the thread of cpu-0 ended") as string },
    });
    expect(before.filter((pid) => isAlive(pid))).toEqual([]);
    const next = await runToEnd(dispatcher, { run: 2, params: { how: "well" } });
    expect(next.outcomes).toMatchObject([{ kind: "completed" }]);
    expect(recorder.outcomes.length).toBe(1);
  },
);

test("orphans of a study that has none", async () => {
  expect(await endOrphans(randomUUID(), 60_000)).toEqual({ killed: 0 });
});

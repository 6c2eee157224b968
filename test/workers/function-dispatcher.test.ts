import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TrialLimits } from "../../src/history/settings.ts";
import { createFunctionDispatcher } from "../../src/workers/function-dispatcher.ts";
import type { ObjectiveFunction, ObjectiveTrial } from "../../src/workers/trial.ts";
import { orderRun, recordRun, runToEnd } from "../support/run-recorder.ts";

const LIMITS: TrialLimits = { timeout: null, idle: null, memory: null, retries: 0, grace: 20 };
const never = (): Promise<never> => new Promise(() => {});
const STOP = { action: "stop", reason: "enough" } as const;

function dispatcherOf(objective: unknown, limits: Partial<TrialLimits> = {}) {
  return createFunctionDispatcher({
    objective: objective as ObjectiveFunction,
    metric: "loss",
    slots: ["cpu-0"],
    limits: { ...LIMITS, ...limits },
  });
}

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "hpo-test-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("reports cross, and the returned metrics complete the run", async () => {
  const run = await runToEnd(
    dispatcherOf(async (params: { x: number }, trial: ObjectiveTrial) => {
      for (let step = trial.startStep; step <= trial.budget; step++)
        await trial.report({ step, loss: params.x / step });
      return { loss: 0.5, accuracy: 1 };
    }),
    { params: { x: 6 } },
  );
  expect(run.reports).toEqual([1, 2, 3].map((step) => ({ step, metrics: { loss: 6 / step } })));
  expect(run.outcomes).toEqual([{ kind: "completed", metrics: { loss: 0.5, accuracy: 1 } }]);
});

test("the trial has its facts", async () => {
  let seen: unknown;
  await runToEnd(
    dispatcherOf((_: unknown, trial: ObjectiveTrial) => {
      const { checkpoint, signal } = trial;
      seen = { ...trial, checkpoint: checkpoint.directory, signal: signal.aborted, log: typeof trial.log, report: "" };
      return 1;
    }),
    { trial: 4, attempt: 2 },
  );
  expect(seen).toEqual({
    number: 4,
    attempt: 2,
    seed: 7,
    budget: 3,
    startStep: 1,
    device: { kind: "cpu", slot: "cpu-0" },
    signal: false,
    checkpoint: undefined,
    log: "function",
    report: "",
  });
});

test.each([
  ["a number", () => 0.25, { kind: "completed", metrics: { loss: 0.25 } }],
  ["NaN, which the coordinator refuses", () => ({ loss: Number.NaN }), { metrics: { loss: Number.NaN } }],
  ["nothing", () => {}, { cause: { kind: "no-result", message: expect.stringContaining("returned nothing") } }],
  ["a string", () => "0.3", { cause: { kind: "no-result", message: expect.stringContaining('a string ("0.3")') } }],
  ["null", () => null, { cause: { kind: "no-result", message: expect.stringContaining("null") } }],
  ["no metric", () => ({ acc: 1 }), { cause: { kind: "no-result", message: expect.stringContaining('only "acc"') } }],
  ["words, which the coordinator refuses", () => ({ loss: "1" }), { metrics: { loss: 'a string ("1")' } }],
  ["an empty object", () => ({}), { cause: { kind: "no-result", message: expect.stringContaining("returned {}") } }],
])("an objective that returns %s", async (_, objective, expected) => {
  const run = await runToEnd(dispatcherOf(objective));
  expect(run.outcomes).toMatchObject([expected]);
});

test("nothing returned stands for the last report of the metric", async () => {
  const run = await runToEnd(
    dispatcherOf(async (_: unknown, trial: ObjectiveTrial) => {
      await trial.report({ step: 1, loss: 3 });
      await trial.report({ step: 2, loss: 2 });
      await trial.report({ step: 2, accuracy: 1 });
    }),
  );
  expect(run.outcomes).toEqual([{ kind: "completed", metrics: { loss: 2 } }]);
});

test("what is thrown becomes a cause with message and stack", async () => {
  const nested = await runToEnd(
    dispatcherOf(() => {
      throw new Error("no data", { cause: new RangeError("bad index") });
    }),
  );
  expect(nested.outcomes).toMatchObject([{ kind: "failed", cause: { kind: "error", message: "Error: no data" } }]);
  expect(JSON.stringify(nested.outcomes)).toMatch(/function-dispatcher\.test.*Caused by: RangeError: bad index/s);
  const word = await runToEnd(dispatcherOf(() => Promise.reject("oops")));
  expect(word.outcomes).toEqual([
    { kind: "failed", cause: { kind: "error", message: 'a string ("oops") was thrown' } },
  ]);
});

test.each([
  [undefined, "an object such as { step: 1, loss: 0.5 }, received undefined"],
  [{ loss: 1 }, '"step" to be a number of at least 0, received undefined'],
  [{ step: -1, loss: 1 }, '"step" to be a number of at least 0, received -1'],
  [{ step: Number.NaN, loss: 1 }, "received NaN"],
  [{ step: 1 }, "at least one metric"],
  [{ step: "1", loss: 1 }, 'received a string ("1")'],
])("a report of %j is a TypeError, and fails the run though it is caught", async (report, words) => {
  const objectives = [
    (_: unknown, trial: ObjectiveTrial) => trial.report(report as never).then(() => 1),
    (_: unknown, trial: ObjectiveTrial) => trial.report(report as never).catch(() => 1),
  ];
  for (const objective of objectives) {
    const run = await runToEnd(dispatcherOf(objective));
    const message = expect.stringMatching(/^TypeError: /) as string;
    expect(run.outcomes).toMatchObject([{ cause: { kind: "bad-report", message } }]);
    expect(JSON.stringify(run.outcomes)).toContain(JSON.stringify(words).slice(1, -1));
    expect(run.reports).toEqual([]);
  }
});

test("a metric that is no number crosses as what it was", async () => {
  const run = await runToEnd(
    dispatcherOf((_: unknown, trial: ObjectiveTrial) => trial.report({ step: 1, loss: null } as never).then(() => 1)),
  );
  expect(run.reports).toEqual([{ step: 1, metrics: { loss: "null" } }]);
});

test("a decision to stop reaches the objective, and the run is stopped whatever it returns", async () => {
  let seen: unknown;
  const run = await runToEnd(
    dispatcherOf(async (_: unknown, trial: ObjectiveTrial) => {
      const decision = await trial.report({ step: 1, loss: 1 });
      seen = [decision, trial.signal.aborted];
      return 0;
    }),
    {},
    { decide: () => STOP },
  );
  expect(seen).toEqual([STOP, true]);
  expect(run.outcomes).toEqual([{ kind: "stopped" }]);
});

test("a stop is in the answer to the next report", async () => {
  let seen: unknown;
  const recorder = recordRun();
  const dispatcher = dispatcherOf(async (_: unknown, trial: ObjectiveTrial) => {
    await new Promise((resolve) => trial.signal.addEventListener("abort", resolve));
    seen = [await trial.report({ step: 1, loss: 1 }), (trial.signal.reason as Error).message];
  });
  dispatcher.start(orderRun(), recorder);
  await Promise.resolve();
  dispatcher.stop(99, "unknown runs are ignored");
  dispatcher.stop(0, "enough");
  expect(await recorder.outcome).toEqual({ kind: "stopped" });
  expect(seen).toEqual([STOP, "enough"]);
});

test("a function that does not return is given up after the grace, and its later words are ignored", async () => {
  let later: (() => Promise<unknown>) | undefined;
  const recorder = recordRun();
  const dispatcher = dispatcherOf(async (_: unknown, trial: ObjectiveTrial) => {
    later = () => trial.report({ step: 1, loss: 1 });
    await never();
  });
  dispatcher.start(orderRun(), recorder);
  await Promise.resolve().then(() => dispatcher.stop(0, "enough"));
  expect(await recorder.outcome).toEqual({ kind: "stopped" });
  expect(await later?.()).toMatchObject({ action: "stop" });
  expect(recorder.reports).toEqual([]);
});

test.each([
  [{ timeout: 10 }, "timeout", "ran longer than 10 ms"],
  [{ idle: 10 }, "idle", "reported nothing for 10 ms"],
])("limits %j end a function that hangs", async (limits, kind, message) => {
  const run = await runToEnd(dispatcherOf(never, limits));
  expect(run.outcomes).toEqual([{ kind: "failed", cause: { kind, message } }]);
});

test("close ends every run, and nothing starts afterwards", async () => {
  const recorder = recordRun();
  const dispatcher = dispatcherOf(never);
  dispatcher.start(orderRun(), recorder);
  await dispatcher.close();
  expect(recorder.outcomes).toEqual([{ kind: "stopped" }]);
  const late = await runToEnd(dispatcher, { run: 1 });
  expect(late.outcomes).toMatchObject([{ cause: { kind: "launch", message: "the dispatcher is closed" } }]);
});

test("checkpoints are saved, journalled, and found again by the next run", async () => {
  const folder = join(directory, "checkpoint");
  const kept: string[][] = [];
  const save = async (_: unknown, trial: ObjectiveTrial) => {
    const start = trial.checkpoint.directory;
    const loss = start !== undefined && readFileSync(join(start, "model"), "utf8") === "weights 2" ? 0 : 1;
    for (let step = trial.startStep; step <= trial.budget; step++) {
      await trial.checkpoint.save(step, (at) => writeFileSync(join(at, "model"), `weights ${step}`));
      kept.push(readdirSync(folder));
    }
    return loss;
  };
  const first = await runToEnd(dispatcherOf(save), { directory, budget: 2 });
  expect(first.checkpoints).toEqual([1, 2]);
  expect(kept).toEqual([["1"], ["2"]]);
  const second = await runToEnd(dispatcherOf(save), { directory, budget: 3, startStep: 3 });
  expect(second.outcomes).toEqual([{ kind: "completed", metrics: { loss: 0 } }]);
  expect(readdirSync(folder)).toEqual(["3"]);
});

test("a study in memory keeps checkpoints in a temporary folder until it is closed", async () => {
  let at = "";
  const dispatcher = dispatcherOf(async (_: unknown, trial: ObjectiveTrial) => {
    await trial.checkpoint.save(1, (folder) => writeFileSync(join((at = folder), "model"), ""));
    return 1;
  });
  const run = await runToEnd(dispatcher);
  expect(run.outcomes).toMatchObject([{ kind: "completed" }]);
  expect(existsSync(join(at, "..", "1", "model"))).toBe(true);
  await dispatcher.close();
  expect(existsSync(join(at, ".."))).toBe(false);
});

test("log writes to the trial's stdout.log, run after run", async () => {
  const objective = (_: unknown, trial: ObjectiveTrial): number => (trial.log("lr", { x: 1 }), 1);
  await runToEnd(dispatcherOf(objective), { directory });
  await runToEnd(dispatcherOf(objective), { directory, run: 8, attempt: 2, budget: 9, startStep: 1 });
  expect(readFileSync(join(directory, "stdout.log"), "utf8")).toBe(
    "lr { x: 1 }\n=== run 8, attempt 2, budget 9, steps 1 to 9 ===\nlr { x: 1 }\n",
  );
});

test("a thousand trials of twenty reports cost little", async () => {
  const dispatcher = dispatcherOf(
    async (_: unknown, trial: ObjectiveTrial) => {
      for (let step = 1; step <= 20; step++) await trial.report({ step, loss: 1 / step });
    },
    { idle: 60_000, timeout: 60_000 },
  );
  const before = process.cpuUsage();
  for (let run = 0; run < 1_000; run++) await runToEnd(dispatcher, { run, trial: run });
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(1);
});

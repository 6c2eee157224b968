import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Cause } from "../../src/history/events.ts";
import type { TrialLimits } from "../../src/history/settings.ts";
import { isAlive } from "../../dist/workers/process-table.js";
import { eventually } from "../support/eventually.ts";
import { closeAll, fixture, openModule } from "../support/process-dispatchers.ts";
import { orderRun, recordRun, runToEnd } from "../support/run-recorder.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "hpo-test-"));
});
afterEach(async () => {
  expect(await closeAll()).toEqual([]);
  rmSync(directory, { recursive: true, force: true });
});

const log = (stream = "stdout"): string => readFileSync(join(directory, `${stream}.log`), "utf8");

/** One run of a way to misbehave, and then one that must be unaffected by it in a process of its own. */
async function misbehave(how: string, limits: Partial<TrialLimits> = {}) {
  const dispatcher = openModule("misbehave.mjs", limits);
  const before = await runToEnd(dispatcher, { run: 0, params: { how: "pid" } });
  const run = await runToEnd(dispatcher, { run: 1, params: { how }, directory });
  const after = await runToEnd(dispatcher, { run: 2, params: { how: "pid" } });
  const [first, last] = [before, after].map(({ outcomes }) => {
    expect(outcomes).toMatchObject([{ kind: "completed" }]);
    return outcomes[0]?.kind === "completed" ? outcomes[0].metrics["loss"] : undefined;
  });
  expect(run.outcomes.length).toBe(1);
  return { outcome: run.outcomes[0], reports: run.reports, replaced: first !== last, host: first ?? 0 };
}

function cause(kind: Cause["kind"], message: string, detail?: string) {
  return {
    kind: "failed",
    cause: {
      kind,
      message: expect.stringContaining(message) as string,
      ...(detail === undefined ? {} : { detail: expect.stringContaining(detail) as string }),
    },
  };
}

test("reports and the result cross, and the host stays warm", async () => {
  const dispatcher = openModule("report.mjs");
  const first = await runToEnd(dispatcher, { params: { x: 6 }, directory });
  expect(first.reports).toEqual([1, 2, 3].map((step) => ({ step, metrics: { loss: 6 / step } })));
  expect(first.outcomes).toEqual([{ kind: "completed", metrics: { loss: 2 } }]);
  const second = await runToEnd(dispatcher, { run: 1, attempt: 2, params: { x: 6 }, directory });
  expect(second.outcomes).toEqual(first.outcomes);
  expect(log()).toBe("trial 0 attempt 1\n=== run 1, attempt 2, budget 3, steps 1 to 3 ===\ntrial 0 attempt 2\n");
});

test("the trial has its facts", async () => {
  await runToEnd(openModule("facts.mjs"), { trial: 4, attempt: 2, params: { a: null, b: true }, directory });
  expect(JSON.parse(log())).toEqual({
    number: 4,
    attempt: 2,
    seed: 7,
    budget: 3,
    startStep: 1,
    device: { kind: "cpu", slot: "cpu-0" },
    params: { a: null, b: true },
    from: null,
    aborted: false,
  });
});

describe("a run that fails says why, and the next one is unaffected", () => {
  test.each([
    ["throw", cause("error", "Error: no such data set", "Caused by: RangeError: bad index"), false],
    ["throwWord", cause("error", 'a string ("oops") was thrown'), false],
    ["exit", cause("exit", "left with code 3"), true],
    ["exitZero", cause("exit", "left with code 0"), true],
    ["abort", cause("signal", "was ended by SIGABRT"), true],
    ["unhandled", cause("error", "Error: nobody caught this", "misbehave.mjs"), true],
    ["uncaught", cause("error", "Error: thrown in a timer", "misbehave.mjs"), true],
    ["badReport", cause("bad-report", "TypeError: trial.report: expected"), false],
    ["nan", { kind: "completed", metrics: { loss: Infinity } }, false],
    ["leakTimer", { kind: "completed" }, true],
    ["leakEnvironment", { kind: "completed" }, true],
    ["leakMemory", { kind: "completed" }, true],
    ["leakChild", { kind: "completed" }, true],
    ["closeStdio", { kind: "completed" }, true],
  ])("%s", async (how, expected, replaced) => {
    const run = await misbehave(how);
    expect(run).toMatchObject({ outcome: expected, replaced });
    if (how === "nan") expect(run.reports).toEqual([{ step: 1, metrics: { loss: Number.NaN } }]);
  });

  test.each([
    ["loop", { timeout: 2_000 }, cause("timeout", "ran longer than 2 s")],
    ["hang", { idle: 2_000 }, cause("idle", "reported nothing for 2 s")],
    ["ignoreTerm", { timeout: 2_000 }, cause("timeout", "ran longer than 2 s")],
    ["hog", { memory: 400 * 2 ** 20 }, cause("memory", "over the limit of 400 MB")],
  ])("%s, under the limits %j", async (how, limits, expected) => {
    expect(await misbehave(how, limits)).toMatchObject({ outcome: expected, replaced: true });
  });
});

test.each([
  ["not-there.mjs", "no such file"],
  ["no-default.mjs", "it has no default export"],
  ["missing-import.mjs", "there-is-no-such-file.mjs"],
])("a module that cannot be loaded: %s", async (name, words) => {
  const run = await runToEnd(openModule(name));
  expect(run.outcomes).toMatchObject([cause("launch", `cannot load ${fixture(name)}: `)]);
  expect(run.outcomes).toMatchObject([cause("launch", words)]);
});

test("a syntax error is shown where it is", async () => {
  const path = join(directory, "broken.mjs");
  writeFileSync(path, "export default function train( {\n");
  const run = await runToEnd(openModule(path));
  expect(run.outcomes).toMatchObject([cause("launch", `cannot load ${path}: SyntaxError`, "broken.mjs:")]);
});

test.each(["stateful.mjs", "stateful.cjs"])("module-level state is fresh in each run of %s", async (name) => {
  const dispatcher = openModule(name);
  const first = await runToEnd(dispatcher);
  const second = await runToEnd(dispatcher, { run: 1 });
  expect(first.outcomes).toMatchObject([{ metrics: { loss: 1 } }]);
  expect(second.outcomes).toEqual(first.outcomes);
});

test("a flood of output is bounded in the log, whose end says what was left out", async () => {
  const run = await misbehave("flood");
  expect(run).toMatchObject({ outcome: { kind: "completed" } });
  expect(statSync(join(directory, "stdout.log")).size).toBeLessThan(2.1 * 2 ** 20);
  expect(log()).toMatch(/^FIRST\n.*\n… \d+ bytes left out …\n.*\nLAST\n$/s);
});

test("what one run leaves is not in the log of the next", async () => {
  const dispatcher = openModule("misbehave.mjs");
  await runToEnd(dispatcher, { params: { how: "leakTimer" } });
  await runToEnd(
    dispatcher,
    { run: 1, params: { how: "stopAndReturn" }, directory },
    { decide: () => ({ action: "stop", reason: "enough" }) },
  );
  expect(log()).toBe("aborted: enough\nstop: enough\n");
});

describe("stop", () => {
  test("reaches the objective as a signal and at its next report, and the host stays", async () => {
    const dispatcher = openModule("misbehave.mjs", { grace: 20_000 });
    const recorder = recordRun();
    dispatcher.start(orderRun({ params: { how: "stopAndReturn" }, directory }), recorder);
    await eventually("it reports", () => recorder.reports.length === 1);
    dispatcher.stop(99, "unknown runs are ignored");
    dispatcher.stop(0, "enough");
    expect(await recorder.outcome).toEqual({ kind: "stopped" });
    expect(log()).toBe("aborted: enough\nstop: enough\n");
  });

  test.each(["loop", "hang", "ignoreTerm"])("kills what does not listen: %s", async (how) => {
    const dispatcher = openModule("misbehave.mjs");
    const recorder = recordRun();
    dispatcher.start(orderRun({ params: { how } }), recorder);
    dispatcher.stop(0, "enough");
    expect(await recorder.outcome).toEqual({ kind: "stopped" });
    const next = await runToEnd(dispatcher, { run: 1, params: { how: "well" } });
    expect(next.outcomes).toMatchObject([{ kind: "completed" }]);
    expect(recorder.outcomes.length).toBe(1);
  });

  test("ends the whole process group", async () => {
    const dispatcher = openModule("misbehave.mjs");
    const recorder = recordRun();
    dispatcher.start(orderRun({ params: { how: "group" } }), recorder);
    const child = await eventually("it reports its child", () => recorder.reports[0]?.metrics["loss"] as number);
    expect(isAlive(child)).toBe(true);
    dispatcher.stop(0, "enough");
    expect(await recorder.outcome).toEqual({ kind: "stopped" });
    expect(isAlive(child)).toBe(false);
  });

  test("close stops what runs", async () => {
    const dispatcher = openModule("misbehave.mjs");
    const recorder = recordRun();
    dispatcher.start(orderRun({ params: { how: "loop" } }), recorder);
    await dispatcher.close();
    expect(recorder.outcomes).toEqual([{ kind: "stopped" }]);
    const late = await runToEnd(dispatcher, { run: 1 });
    expect(late.outcomes).toMatchObject([cause("launch", "the dispatcher is closed")]);
  });
});

describe("checkpoints", () => {
  const kept = (): string[] => readdirSync(join(directory, "checkpoint"));

  test("are found again by a later run, and only the newest stays", async () => {
    const dispatcher = openModule("checkpoint.mjs");
    const first = await runToEnd(dispatcher, { directory });
    expect(first.checkpoints).toEqual([1, 2, 3]);
    expect(kept()).toEqual(["3"]);
    const second = await runToEnd(dispatcher, { run: 1, budget: 4, startStep: 4, directory });
    expect(second.outcomes).toEqual([{ kind: "completed", metrics: { loss: 10 } }]);
    expect(kept()).toEqual(["4"]);
  });

  test("that were not journalled are removed, and those before are still there", async () => {
    const dispatcher = openModule("checkpoint.mjs");
    const recorder = recordRun({ checkpointed: (step) => (step < 3 ? Promise.resolve() : new Promise(() => {})) });
    dispatcher.start(orderRun({ directory }), recorder);
    await eventually("step 3 waits for the journal", () => recorder.checkpoints.includes(3));
    expect(kept()).toEqual(["2", "3"]);
    dispatcher.stop(0, "the journal is gone");
    await recorder.outcome;
    const again = await runToEnd(dispatcher, { run: 1, startStep: 3, directory });
    expect(again).toMatchObject({ checkpoints: [3], outcomes: [{ kind: "completed", metrics: { loss: 6 } }] });
    expect(kept()).toEqual(["3"]);
  });

  test("that cannot be journalled fail the save", async () => {
    const checkpointed = () => Promise.reject(new Error("disk full"));
    const run = await runToEnd(openModule("checkpoint.mjs"), { directory }, { checkpointed });
    expect(run.outcomes).toMatchObject([cause("error", "step 1 could not be recorded: Error: disk full")]);
  });

  test("that are missing fail the run", async () => {
    const run = await runToEnd(openModule("checkpoint.mjs"), { directory, startStep: 3 });
    expect(run.outcomes).toMatchObject([cause("checkpoint", "expected the checkpoint of step 2")]);
  });

  test("of a study in memory are gone after close", async () => {
    const dispatcher = openModule("checkpoint.mjs");
    await runToEnd(dispatcher, { trial: 5 });
    await runToEnd(openModule("facts.mjs"), { directory });
    const run = await runToEnd(dispatcher, { run: 1, trial: 5, startStep: 4, budget: 4 });
    expect(run.outcomes).toEqual([{ kind: "completed", metrics: { loss: 10 } }]);
    await dispatcher.close();
    expect(existsSync(join(directory, "checkpoint"))).toBe(false);
  });
});

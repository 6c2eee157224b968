import { execFileSync } from "node:child_process";
import { connect } from "node:net";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { closeAll, fixture, openProcess } from "../support/process-dispatchers.ts";
import { orderRun, recordRun, runToEnd } from "../support/run-recorder.ts";

/** The module `hpo` of Python, in commands of the built engine. */

const MODULE = fileURLToPath(new URL("../../python", import.meta.url));
const TRIAL = ["python3", "trial.py"] as const;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "hpo-test-"));
});
afterEach(async () => {
  expect(await closeAll()).toEqual([]);
  rmSync(directory, { recursive: true, force: true });
});

function open(words: readonly string[], changes: { grace?: number; pattern?: string; unit?: string | null } = {}) {
  const { grace = 400, pattern = null, unit = "epochs" } = changes;
  return openProcess(
    { kind: "command", argv: [...TRIAL, ...words], cwd: fixture("."), pattern, floats: ["lr", "decay"], unit },
    { grace },
  );
}

function printed(): string {
  return readFileSync(join(directory, "stdout.log"), "utf8");
}

/** The script run by hand, as a study would leave it alone. */
function alone(words: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  return execFileSync("python3", [fixture("trial.py"), ...words], {
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: MODULE, ...env },
  });
}

test("a trial knows its values with their types, and the facts of its run", async () => {
  const params = { lr: 1, decay: 1e-7, layers: 2, flag: true, name: "a b", items: "x" };
  const run = await runToEnd(open(["facts"]), { params, directory, trial: 5, budget: 3, startStep: 1 });
  expect(run.outcomes).toEqual([{ kind: "completed", metrics: { loss: 0.25, accuracy: 0.5 } }]);
  expect(run.reports).toEqual([]);
  const [line = "", ...errors] = printed().split("\n");
  expect(JSON.parse(line)).toEqual({
    types: { lr: "float", decay: "float", layers: "int", flag: "bool", name: "str", items: "str", extra: "str" },
    same: true,
    params: { ...params, extra: "mine" },
    facts: [5, 7, 3, 1, "cpu", "cpu-0", "loss"],
    again: true,
  });
  expect(errors[0]).toMatch(/^KeyError .*expected one of the parameters lr, .*received 'rate'/);
  expect(errors[1]).toMatch(/^AttributeError expected one of the parameters/);
});

test("reports go over a channel of their own: what is printed is a log", async () => {
  const run = await runToEnd(open(["train"], { pattern: String.raw`epoch (?<step>\d+): val_loss (?<loss>\S+)` }), {
    directory,
  });
  expect(run.reports).toEqual([1, 2, 3].map((step) => ({ step, metrics: { loss: 1 / step } })));
  expect(run.outcomes).toEqual([{ kind: "completed", metrics: { loss: 1 / 3 } }]);
  expect(run.checkpoints).toEqual([]);
  expect(printed()).toContain('{"step": 3, "loss": 99}');
});

test("without a budget of the study the script's own counts", async () => {
  const run = await runToEnd(open(["train"], { unit: null }), { directory, budget: 1 });
  expect(run.reports.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
});

describe("a stop", () => {
  const atSecond = { decide: ({ step }: { step: number }) => stopAt(step, 2) };
  const stopAt = (step: number, last: number) =>
    step >= last ? ({ action: "stop", reason: "enough" } as const) : ({ action: "continue" } as const);

  test("ends the loop over the steps, and the script in its own way", async () => {
    const run = await runToEnd(open(["train"], { grace: 1_000_000 }), { directory, budget: 100 }, atSecond);
    expect(run.reports.map(({ step }) => step)).toEqual([1, 2]);
    expect(run.outcomes).toEqual([{ kind: "stopped" }]);
    expect(printed()).toContain("left the loop True");
  });

  test("is the answer to a report", async () => {
    const run = await runToEnd(open(["by hand"], { grace: 1_000_000 }), { directory }, atSecond);
    expect(run.outcomes).toEqual([{ kind: "stopped" }]);
    expect(printed()).toContain("stopped: enough");
  });

  test("that nobody reported for is heard too", async () => {
    const dispatcher = open(["told"], { grace: 1_000_000 });
    const recorder = recordRun();
    dispatcher.start(orderRun({ directory }), recorder);
    await eventually("it reports", () => recorder.reports.length === 1);
    dispatcher.stop(0, "a user asked for it");
    expect(await recorder.outcome).toEqual({ kind: "stopped" });
    expect(printed()).toContain("told");
  });

  test("kills who does not listen", async () => {
    const run = await runToEnd(open(["deaf"]), { directory }, { decide: ({ step }) => stopAt(step, 1) });
    expect(run.outcomes).toEqual([{ kind: "stopped" }]);
  });
});

test("two reports of a step carry the metrics of both", async () => {
  const run = await runToEnd(open(["twice"]));
  expect(run.reports).toEqual([
    { step: 1, metrics: { loss: 0.5 } },
    { step: 1, metrics: { loss: 0.5, accuracy: 0.75 } },
  ]);
  expect(run.outcomes).toEqual([{ kind: "completed", metrics: { loss: 0.5, accuracy: 0.75 } }]);
});

test("numbers that are not finite arrive as what they are", async () => {
  const run = await runToEnd(open(["nan"]));
  expect(run.reports).toEqual([
    { step: 1, metrics: { loss: Number.NaN } },
    { step: 2, metrics: { loss: Infinity, other: -Infinity } },
  ]);
});

test("checkpoints are whole, recorded, and found again by the next run", async () => {
  const dispatcher = open(["checkpoint"]);
  const first = await runToEnd(dispatcher, { directory, budget: 2 });
  expect(first).toMatchObject({ checkpoints: [1, 2], outcomes: [{ kind: "completed", metrics: { loss: 3 } }] });
  const second = await runToEnd(dispatcher, { run: 1, directory, budget: 3, startStep: 3 });
  expect(second).toMatchObject({ checkpoints: [3], outcomes: [{ kind: "completed", metrics: { loss: 6 } }] });
  expect(readdirSync(join(directory, "checkpoint"))).toEqual(["3"]);
});

test("forked workers and subprocesses do not disturb the channel", async () => {
  const forks = await runToEnd(open(["forks"]));
  const steps = [1, 2].flatMap((step) => [
    step,
    ...[0, 1, 2, 3].map((each) => 10 * step + each),
    ...Array.from({ length: 20 }, (_, each) => 100 * step + each),
  ]);
  expect(forks.reports.map(({ step }) => step).toSorted((a, b) => a - b)).toEqual(steps.toSorted((a, b) => a - b));
  expect(forks.outcomes).toEqual([{ kind: "completed", metrics: { loss: 0.125 } }]);
  const child = await runToEnd(open(["child"]));
  expect(child.reports).toEqual([
    { step: 3, metrics: { loss: 0.5 } },
    { step: 4, metrics: { loss: 0.25 } },
  ]);
});

test("what cannot be a report is an error in words, and the trial goes on", async () => {
  const run = await runToEnd(open(["wrong"]), { directory });
  expect(run.outcomes).toEqual([{ kind: "completed", metrics: { loss: 1 } }]);
  expect(run.reports).toHaveLength(1);
  const lines = printed().trimEnd().split("\n");
  expect(lines).toEqual([
    expect.stringMatching(/^TypeError .*at least one metric/),
    "TypeError trial.report: expected a number as loss, received '0.5'",
    "TypeError trial.report: expected a number as loss, received None",
    "ValueError trial.report: expected a step of at least 0, received -1",
    "ValueError trial.report: expected a step of at least 0, received nan",
    'HpoError expected the study\'s metric "loss" in a result, received only accuracy',
    "ValueError checkpoint.save: expected a whole step of at least 1, received 0",
  ]);
});

test("a script that reports nothing says how to", async () => {
  const run = await runToEnd(open(["silent"]));
  expect(run.outcomes).toMatchObject([
    {
      kind: "failed",
      cause: { kind: "no-result", message: "expected trial.report(step, loss=…), and the program ended without one" },
    },
  ]);
});

test("the channel answers nobody without its secret, and nobody after the run", async () => {
  const file = join(directory, "address");
  const dispatcher = open(["told", file], { grace: 1_000_000 });
  const recorder = recordRun();
  dispatcher.start(orderRun({ directory }), recorder);
  await eventually("it reports", () => recorder.reports.length === 1);
  const [address = "", secret = ""] = readFileSync(file, "utf8").split(":");
  expect(await knock(address, "no-such-secret\n")).toBe("refused");
  expect(await knock(address, `${secret}\n`)).toBe('{"welcome":true}\n');
  dispatcher.stop(0, "enough");
  await recorder.outcome;
  expect(await knock(address, `${secret}\n`)).toBe("refused");
});

/** What a stranger hears. */
function knock(address: string, line: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(address.replace(/^@/, "\0"), () => socket.write(line));
    socket.on("error", () => resolve("refused"));
    socket.on("data", (data: Buffer) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.on("close", () => resolve("refused"));
  });
}

test("its version is the engine's", () => {
  const { version } = JSON.parse(readFileSync(join(MODULE, "../package.json"), "utf8")) as { version: string };
  expect(readFileSync(join(MODULE, "hpo/__init__.py"), "utf8")).toContain(`__version__ = "${version}"`);
});

describe("without a study", () => {
  test("the defaults are trained with, and reports are printed", () => {
    expect(alone(["checkpoint"])).toBe(
      [1, 3, 6, 10].map((loss, index) => `{"step": ${index + 1}, "loss": ${loss}.0}\n`).join(""),
    );
    const [line = ""] = alone(["facts"]).split("\n");
    expect(JSON.parse(line)).toMatchObject({
      types: { lr: "float", extra: "str" },
      facts: [0, 0, 4, 1, "cpu", "cpu-0", null],
    });
  });

  test("a command line that gives a trial's environment runs it again", () => {
    const env = { HPO_PARAMS: '{"lr":0.25}', HPO_BUDGET: "2", HPO_UNIT: "epochs", HPO_TRIAL: "9" };
    const [line = ""] = alone(["facts"], env).split("\n");
    expect(JSON.parse(line)).toMatchObject({
      params: { lr: 0.25, extra: "mine" },
      facts: [9, 0, 2, 1, "cpu", "cpu-0", null],
    });
  });

  test("the user's own PYTHONPATH is kept", async () => {
    const before = process.env["PYTHONPATH"];
    process.env["PYTHONPATH"] = directory;
    const code = "import os; print(os.environ['PYTHONPATH']); import hpo; hpo.trial().report(loss=1)";
    const dispatcher = openProcess(
      { kind: "command", argv: ["python3", "-c", code], cwd: fixture("."), pattern: null },
      {},
    );
    await runToEnd(dispatcher, { directory }).finally(() => {
      if (before === undefined) delete process.env["PYTHONPATH"];
      else process.env["PYTHONPATH"] = before;
    });
    expect(printed().trimEnd()).toBe([MODULE, directory].join(delimiter));
  });
});

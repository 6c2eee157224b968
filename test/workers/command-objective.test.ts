import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isAlive } from "../../dist/workers/process-table.js";
import { eventually } from "../support/eventually.ts";
import { closeAll, fixture, openCommand, PYTHON } from "../support/process-dispatchers.ts";
import { orderRun, recordRun, runToEnd } from "../support/run-recorder.ts";

const EPOCHS = String.raw`epoch (?<step>\d+): val_loss (?<loss>\S+)`;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "hpo-test-"));
});
afterEach(async () => {
  expect(await closeAll()).toEqual([]);
  rmSync(directory, { recursive: true, force: true });
});

test("JSON lines are reports, and one without a step is the result", async () => {
  const run = await runToEnd(openCommand([...PYTHON, "json"]), { directory });
  expect(run.reports).toEqual(
    [1, 2, 3].map((step) => ({ step, metrics: { loss: 1 / step, note: 'a string ("NaN")' } })),
  );
  expect(run.outcomes).toEqual([{ kind: "completed", metrics: { loss: 0.25 } }]);
  expect(readFileSync(join(directory, "stdout.log"), "utf8")).toMatch(/^{"step": 1, .*\n.*\n.*\n{"loss": 0.25}\n$/);
});

test("with a pattern the lines of both streams are reports, and the last one is the result", async () => {
  const run = await runToEnd(openCommand([...PYTHON, "log"], {}, EPOCHS));
  expect(run.reports.toSorted((a, b) => a.step - b.step)).toEqual([
    { step: 1, metrics: { loss: 1 } },
    { step: 2, metrics: { loss: 0.5 } },
    { step: 3, metrics: { loss: Number.NaN } },
  ]);
  expect(run.outcomes).toMatchObject([{ kind: "completed" }]);
});

test("NaN and infinities as Python prints them are passed on", async () => {
  const run = await runToEnd(openCommand([...PYTHON, "nan"]));
  expect(run.reports).toMatchObject([{ step: 1, metrics: { loss: Number.NaN } }]);
  expect(run.outcomes).toEqual([{ kind: "completed", metrics: { loss: -Infinity } }]);
});

test("words and environment tell the run", async () => {
  const argv = [...PYTHON, "words", "--lr={lr}", "{name}", ["--momentum", "{momentum}"], ["--trial", "{trial}"]];
  const more = ["{budget} {startStep} {seed}", "{checkpoint}", '{"a": 1}', "{}"];
  const params = { lr: 1e-7, name: "a b; $HOME {lr}", flag: true };
  await runToEnd(openCommand([...argv, ...more]), { params, trial: 3, directory });
  const [line] = readFileSync(join(directory, "stdout.log"), "utf8").split("\n");
  const { words, environment } = JSON.parse(line ?? "") as { words: unknown; environment: Record<string, string> };
  const checkpoint = join(directory, "checkpoint");
  expect(words).toEqual(["--lr=1e-7", "a b; $HOME {lr}", "--trial", "3", "3 1 7", checkpoint, '{"a": 1}', "{}"]);
  expect(JSON.parse(environment["HPO_PARAMS"] ?? "")).toEqual(params);
  expect(environment).toMatchObject({
    HPO_TRIAL: "3",
    HPO_ATTEMPT: "1",
    HPO_SEED: "7",
    HPO_BUDGET: "3",
    HPO_START_STEP: "1",
    HPO_CHECKPOINT: checkpoint,
    HPO_METRIC: "loss",
    HPO_PARAM_lr: "1e-7",
    HPO_PARAM_flag: "true",
  });
});

test.each([
  [["garbage"], null, "no-result", /^expected a line such as {"step": 1, "loss": 0.5} .*: that was it$/],
  [["garbage"], EPOCHS, "no-result", /^expected a line matching epoch .*: that was it$/],
  [["unknown"], null, "no-result", /it printed nothing$/],
  [["fail"], null, "exit", /^left with code 7: Traceback: no GPU$/],
  [["killed"], null, "signal", /^was ended by SIGSEGV$/],
])("the command %j with pattern %s fails as %s", async (words, pattern, kind, message) => {
  const run = await runToEnd(openCommand([...PYTHON, ...words], {}, pattern));
  expect(run.outcomes).toMatchObject([
    { kind: "failed", cause: { kind, message: expect.stringMatching(message) as string } },
  ]);
  if (kind === "exit") expect(run.outcomes).toMatchObject([{ cause: { detail: "Traceback: no GPU" } }]);
});

test.each([
  ["no-such-command", 'cannot start "no-such-command": no such command'],
  [fixture("train.py"), "it is not executable"],
])("a command that cannot be started: %s", async (program, words) => {
  const dispatcher = openCommand([program]);
  for (const run of [0, 1]) {
    const { outcomes } = await runToEnd(dispatcher, { run });
    expect(outcomes).toMatchObject([{ cause: { kind: "launch", message: expect.stringContaining(words) as string } }]);
  }
});

test("a word that no program can be given fails the run", async () => {
  const run = await runToEnd(openCommand([...PYTHON, "words", "{word}"]), { params: { word: "a\0b" } });
  expect(run.outcomes).toMatchObject([{ kind: "failed", cause: { kind: "launch" } }]);
});

test("a flood of reports arrives whole", async () => {
  const run = await runToEnd(openCommand([...PYTHON, "flood"]));
  expect(run.reports.map(({ step }) => step)).toEqual(Array.from({ length: 5_000 }, (_, index) => index + 1));
});

describe("stop", () => {
  test("is a SIGTERM at once", async () => {
    const dispatcher = openCommand([...PYTHON, "stop"], { grace: 1_000_000 });
    const run = await runToEnd(dispatcher, {}, { decide: () => ({ action: "stop", reason: "enough" }) });
    expect(run.outcomes).toEqual([{ kind: "stopped" }]);
  });

  test("wins over a result that crossed it", async () => {
    const dispatcher = openCommand(["echo", '{"step": 1, "loss": 1}']);
    for (let run = 0; run < 5; run++) {
      const { outcomes } = await runToEnd(
        dispatcher,
        { run },
        { decide: () => ({ action: "stop", reason: "enough" }) },
      );
      expect(outcomes).toEqual([{ kind: "stopped" }]);
    }
  });

  test("kills what does not listen, with its children", async () => {
    const dispatcher = openCommand([...PYTHON, "stubborn"]);
    const recorder = recordRun();
    dispatcher.start(orderRun(), recorder);
    await eventually("it reports", () => recorder.reports.length === 1);
    dispatcher.stop(0, "enough");
    expect(await recorder.outcome).toEqual({ kind: "stopped" });
  });
});

test("limits end a command", async () => {
  const run = await runToEnd(openCommand([...PYTHON, "stubborn"], { idle: 300 }));
  expect(run.outcomes).toEqual([{ kind: "failed", cause: { kind: "idle", message: "reported nothing for 300 ms" } }]);
});

test("a daemon that left the process group ends with its run", async () => {
  const dispatcher = openCommand([...PYTHON, "daemon"]);
  const { outcomes } = await runToEnd(dispatcher);
  const pid = outcomes[0]?.kind === "completed" ? Number(outcomes[0].metrics["loss"]) : 0;
  expect(pid).toBeGreaterThan(0);
  expect(isAlive(pid)).toBe(false);
});

test("checkpoints are announced, journalled, and found again by the next run", async () => {
  const folder = join(directory, "checkpoint");
  const dispatcher = openCommand([...PYTHON, "checkpoint"]);
  const first = await runToEnd(dispatcher, { directory, budget: 2 });
  expect(first.checkpoints).toEqual([1, 2]);
  const second = await runToEnd(dispatcher, { run: 1, directory, budget: 3, startStep: 3 });
  expect(second).toMatchObject({ checkpoints: [3], outcomes: [{ kind: "completed", metrics: { loss: 6 } }] });
  expect(readdirSync(folder)).toContain("3");
});

test("a journalled checkpoint takes the place of the older ones", async () => {
  const dispatcher = openCommand([...PYTHON, "checkpoint", "and wait"]);
  const recorder = recordRun();
  dispatcher.start(orderRun({ directory }), recorder);
  await eventually(
    "only the newest is left",
    () => readdirSync(directory).includes("checkpoint") && readdirSync(join(directory, "checkpoint")).join() === "3",
  );
  dispatcher.stop(0, "enough");
  expect(await recorder.outcome).toEqual({ kind: "stopped" });
});

test("older checkpoints stay until the newer one is journalled", async () => {
  const run = await runToEnd(
    openCommand([...PYTHON, "checkpoint"]),
    { directory },
    { checkpointed: (step) => (step === 3 ? new Promise(() => {}) : Promise.resolve()) },
  );
  expect(run.checkpoints).toEqual([1, 2, 3]);
  expect(readdirSync(join(directory, "checkpoint"))).toEqual(expect.arrayContaining(["2", "3"]));
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { spec, TRAIN, TestFolder } from "./cli.ts";

/** What `study start` prints and ends with. */

const CONTROL = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/; // eslint-disable-line no-control-regex

let place: TestFolder;

beforeEach(() => {
  place = new TestFolder();
  place.write("train.mjs", TRAIN);
  place.write("space.json", spec());
});

afterEach(() => place.remove());

test("without a terminal it says which strategy it chose", async () => {
  place.write("space.json", spec({ budget: { min: 1, max: 3, unit: "epochs" }, stop: undefined, seed: undefined }));
  const { code, stdout } = await place.run(["study", "start", "space.json"]);
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toBe("toy: curve, minimize loss, 1 CPU slot");
  expect(lines[1]).toMatch(
    /^chosen for you: strategy curve; stops after 9 trials \(one round of curve\); seed \d+ \(drawn\)$/,
  );
  expect(stdout).toMatch(/^toy finished: all 9 trials asked for are done$/m);
});

test("without a terminal it prints a plain line for each thing", async () => {
  const budget = { min: 1, max: 3, unit: "epochs" };
  place.write("space.json", spec({ strategy: "bohb", budget, stop: undefined, seed: undefined }));
  const { code, stdout, stderr } = await place.run(["study", "start", "space.json"], { FORCE_COLOR: "1" });
  expect(code).toBe(0);
  expect(stderr).toBe("");
  expect(stdout).not.toMatch(CONTROL);
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toBe("toy: bohb, minimize loss, 1 CPU slot");
  expect(lines[1]).toMatch(/^chosen for you: stops after 5 trials \(one round of hyperband\); seed \d+ \(drawn\)$/);
  expect(stdout).toMatch(
    /^trial 0 started: starts with 1 epoch, as 1 of 3 in bracket 0; lr [\d.e-]+, opt (sgd|adam)$/m,
  );
  expect(stdout).toMatch(/^trial 0 ended: loss [\d.]+ after 1 epoch$/m);
  expect(stdout).toMatch(/^best so far: trial 0: loss [\d.]+ after 1 epoch$/m);
  expect(stdout).toMatch(/^trial \d promoted to 3 epochs: [\d.]+ after 1 epoch is rank 1 of 3/m);
  expect(stdout).toMatch(/^trial \d dropped: [\d.]+ after 1 epoch is rank 3 of 3/m);
  expect(stdout).toMatch(/^toy finished: all 5 trials asked for are done$/m);
  expect(stdout).toMatch(/^ {2}next {5}hpo study show toy$/m);
});

test("what the spec or the command line chose is not told as chosen for you", async () => {
  place.write("space.json", spec({ strategy: "random" }));
  const { stdout } = await place.run(["study", "start", "space.json"]);
  expect(stdout).not.toContain("chosen for you");
});

test("options replace what the spec says", async () => {
  const argv = ["study", "start", "space.json", "--name", "other", "--trials", "2", "--seed", "abc", "--cpus", "2"];
  const { code, stdout } = await place.run([...argv, "--directory", "elsewhere"]);
  expect(code).toBe(0);
  expect(stdout).toContain("other: bayesian, minimize loss, 2 CPU slots");
  expect(stdout).toContain("hpo study resume other --trials 4 --directory elsewhere");
  const shown = await place.json<object>("study", "show", "other", "--directory", "elsewhere");
  expect(shown).toMatchObject({ seed: "abc", stop: { trials: 2 }, trials: [{ number: 0 }, { number: 1 }] });
});

test("--json prints every durable event and nothing else", async () => {
  const { code, stdout } = await place.run(["study", "start", "space.json", "--json"]);
  expect(code).toBe(0);
  const events = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { seq: number; type: string });
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
  expect(events[0]?.type).toBe("study-created");
  expect(events.at(-1)?.type).toBe("study-finished");
});

test("--quiet prints the final result alone", async () => {
  const { code, stdout } = await place.run(["study", "start", "space.json", "--quiet"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^toy: best is trial \d: loss [\d.]+; lr=[\d.e-]+ opt=(sgd|adam)\n$/);
  place.write("space.json", spec({ name: "second" }));
  const json = await place.run(["study", "start", "space.json", "--quiet", "--json"]);
  expect(JSON.parse(json.stdout)).toMatchObject({ name: "second", state: "finished", best: { budget: 1 } });
});

test("a name that exists is refused with the way to resume it", async () => {
  await place.run(["study", "start", "space.json"]);
  const { code, stderr } = await place.run(["study", "start", "space.json"]);
  expect(code).toBe(2);
  expect(stderr).toContain('Go on with it by "hpo study resume toy"');
});

test("a finished study goes on under more trials", async () => {
  await place.run(["study", "start", "space.json"]);
  const { code, stdout } = await place.run(["study", "resume", "toy", "--trials", "6"]);
  expect(code).toBe(0);
  expect(stdout).toContain("all 6 trials asked for are done");
});

test("a finished study that is resumed as it is tells the time that it took", async () => {
  await place.run(["study", "start", "space.json"]);
  const { stdout } = await place.run(["study", "resume", "toy"]);
  const events = await place.run(["study", "show", "toy", "--json"]);
  const runs = (JSON.parse(events.stdout) as { trials: { runs: { startedAt: number; endedAt: number }[] }[] }).trials;
  const took = (runs.at(-1)?.runs[0]?.endedAt ?? 0) - (runs[0]?.runs[0]?.startedAt ?? 0);
  const [, number = "", unit] = /trials {3}4 complete, in ([\d.]+) (ms|s)/.exec(stdout) ?? [];
  expect(Number(number) * (unit === "s" ? 1_000 : 1)).toBeGreaterThan(took * 0.9);
});

test("a grid without a stop rule is tried whole, and nothing offers more trials of it", async () => {
  const strategy = { sampler: { name: "grid", points: 2 }, scheduler: "full" };
  place.write("space.json", spec({ strategy, stop: undefined }));
  const check = await place.run(["space", "check", "space.json"]);
  expect(check.stdout).toContain("stops when grid has tried its 4 configurations");
  const started = await place.run(["study", "start", "space.json"]);
  expect(started.stdout).toContain("chosen for you: stops when grid has tried its 4 configurations");
  expect(started.stdout).toContain("toy finished: all 4 points of the grid have been tried");
  expect(started.stdout).not.toContain("study resume");

  const again = await place.run(["study", "resume", "toy", "--trials", "9"]);
  expect(again.code).toBe(0);
  expect(again.stdout).toContain("toy finished: all 4 points of the grid have been tried");
  expect(again.stdout).not.toContain("study resume");

  place.write("point.json", { lr: 0.05, opt: "adam" });
  const enqueued = await place.run(["study", "enqueue", "toy", "point.json"]);
  expect(enqueued.stdout).toMatch(/tried first by: hpo study resume toy\n/);
  const { stdout } = await place.run(["study", "resume", "toy"]);
  expect(stdout).toMatch(/^trial 4 ended/m);
  expect(stdout).toContain("toy finished: all 4 points of the grid have been tried");
});

describe("trials that fail", () => {
  test("a study whose first three fail alike ends with 1 and tells why", async () => {
    place.write("train.mjs", 'export default () => { throw new Error("no \\u001B[31mdata\\nhere"); };');
    const { code, stdout } = await place.run(["study", "start", "space.json"]);
    expect(code).toBe(1);
    expect(stdout).not.toMatch(CONTROL);
    expect(stdout).toMatch(/^trial 0 failed: Error: no data/m);
    expect(stdout).toMatch(/^toy failed: the first 3 trials failed alike: Error: no data/m);
    expect(await place.json<object>("study", "show", "toy")).toMatchObject({
      state: "failed",
      best: null,
      trials: [{ state: "failed", value: null, cause: { kind: "error" } }, {}, {}],
    });
    const best = await place.run(["study", "best", "toy"]);
    expect(best).toMatchObject({ code: 1, stdout: "" });
    expect(best.stderr).toContain('no trial of study "toy" has completed yet');
    expect((await place.run(["study", "resume", "toy", "--quiet"])).code).toBe(1);
    const again = await place.run(["trial", "run", "toy", "0"]);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/^failed \(error\): Error: no data/m);
  });

  test("a study in which nothing completed ends with 1", async () => {
    place.write("train.mjs", "export default () => { throw new Error('never'); };");
    expect((await place.run(["study", "start", "space.json", "--trials", "2"])).code).toBe(1);
  });
});

describe("a command objective", () => {
  beforeEach(() => {
    place.write(
      "train.py.mjs",
      `const [lr, seed] = process.argv.slice(2);
       console.log(JSON.stringify({ step: 1, loss: Number(lr) + Number(process.env.HPO_PARAM_lr), seed: Number(seed) }));`,
    );
    place.write("space.json", spec({ objective: { command: [process.execPath, "train.py.mjs", "{lr}", "{seed}"] } }));
  });

  test("is shown with its real command line, which gives the same", async () => {
    expect((await place.run(["study", "start", "space.json"])).code).toBe(0);
    const trial = await place.json<{
      command: string;
      params: { lr: number };
      value: number;
      reports: { seed: number }[];
    }>("trial", "show", "toy", "1");
    expect(trial.value).toBe(trial.params.lr * 2);
    const { execSync } = await import("node:child_process");
    expect(JSON.parse(execSync(trial.command, { cwd: "/", encoding: "utf8" }))).toEqual({
      step: 1,
      loss: trial.value,
      seed: trial.reports[0]?.seed,
    });
    const again = await place.run(["trial", "run", "toy", "1", "--json"]);
    expect(JSON.parse(again.stdout.split("\n")[0] ?? "")).toEqual({
      type: "reported",
      step: 1,
      metrics: { loss: trial.value, seed: trial.reports[0]?.seed },
    });
  });
});

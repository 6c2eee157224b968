import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { spec, TRAIN, TestFolder, WAITS } from "./cli.ts";

/** `hpo study simulate` on studies that were really run. */

interface Simulated {
  readonly recorded: { readonly steps: number; readonly best: { readonly trial: number } };
  readonly simulations: readonly {
    readonly scheduler: { readonly name: string };
    readonly steps: number;
    readonly saved: { readonly steps: number };
    readonly beyond: number;
    readonly lostBest: unknown;
    readonly trials: readonly { readonly fate: string; readonly reason: string; readonly steps: number }[];
  }[];
}

let place: TestFolder;

beforeAll(async () => {
  place = new TestFolder();
  place.write("train.mjs", TRAIN);
  const full = { strategy: { sampler: "random", scheduler: "full" }, stop: { trials: 12 } };
  place.write("full.json", spec({ ...full, name: "full", budget: { max: 4, unit: "epochs" } }));
  place.write("once.json", spec({ ...full, name: "once" }));
  place.write("silent.mjs", "export default (params) => ({ loss: params.lr });");
  place.write("silent.json", spec({ ...full, name: "silent", objective: { module: "./silent.mjs" } }));
  for (const name of ["full", "once", "silent"]) {
    const { code, stderr } = await place.run(["study", "start", `${name}.json`, "--quiet"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  }
});

afterAll(() => place.remove());

const simulate = (name: string, ...argv: string[]) => place.run(["study", "simulate", name, ...argv]);

test("says in eighty columns what other schedulers would have saved and lost", async () => {
  const median = '{"name":"median","startup":2}';
  const result = await simulate("full", "--scheduler", median, "--scheduler", "hyperband", "--scheduler=full");
  expect(result).toMatchObject({ code: 0, stderr: "" });
  const lines = result.stdout.trimEnd().split("\n");
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(result.stdout).not.toContain("\u001B");
  expect(lines[0]).toBe("full: 12 trials recorded with full, gone through again on 1 slot; nothing was");
  expect(result.stdout).toMatch(/^scheduler +epochs +saved +slot time +saved +makespan +saved$/m);
  expect(result.stdout).toMatch(/^as recorded +48 +[\d.:]+( m?s)? +[\d.:]+( m?s)?$/m);
  expect(result.stdout).toMatch(/^median \(startup 2\) +\d+ +\d+% /m);
  // The curves of this objective do not cross: whoever is better is so from the first step.
  expect(result.stdout).toMatch(/^median \(startup 2\) +\d+ +\d+ +0 +0 +0 of \d+ +[\d.]+, trial \d+$/m);
  expect(result.stdout).toMatch(/^hyperband\n {2}keeps the recorded best, trial \d+$/m);
  expect(result.stdout).toMatch(/^full +48 +0% /m);
});

test("gives every trial's fate as JSON, the same each time, and writes nothing", async () => {
  const journal = join(place.folder, "studies/full/journal.jsonl");
  const before = readFileSync(journal);
  const words = ["study", "simulate", "full", "--scheduler", "median", "--scheduler", "full"];
  const first = await place.json<Simulated>(...words);
  expect(await place.json<Simulated>(...words)).toEqual(first);
  expect(readFileSync(journal)).toEqual(before);
  const [median, full] = first.simulations as [Simulated["simulations"][0], Simulated["simulations"][0]];
  expect(first.recorded.steps).toBe(48);
  expect(full).toMatchObject({ steps: 48, beyond: 0, saved: { steps: 0 }, lostBest: null });
  expect(median.steps).toBeLessThan(48);
  expect(median.trials).toHaveLength(12);
  const stopped = median.trials.filter(({ fate }) => fate === "stopped");
  expect(stopped.length).toBeGreaterThan(0);
  for (const { reason, steps } of stopped)
    expect(reason).toMatch(new RegExp(`^stopped at step ${steps}: its best loss`));
});

test("says how much is unknown where the record ends early", async () => {
  place.write(
    "halved.json",
    spec({ name: "halved", strategy: "hyperband", budget: { max: 4, eta: 2, unit: "epochs" } }),
  );
  expect((await place.run(["study", "start", "halved.json", "--quiet"])).code).toBe(0);
  const { stdout } = await simulate("halved", "--scheduler", "full");
  expect(stdout).toMatch(/^full +\d+ +≤ -?\d+% /m);
  expect(stdout).toMatch(/^ {2}\d trials? would go on beyond the record and counts? as far as it goes/m);
});

test.each(["once", "silent"])("says of study %s that nothing of it can be stopped", async (name) => {
  // It reports one step for each trial, or none.
  const { code, stdout } = await simulate(name, "--scheduler", "median");
  expect(code).toBe(0);
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(
    "No trial reported loss at more than one step, so there is nothing to stop",
  );
  expect(stdout).not.toContain("saved\n");
});

test("reads a study that still runs, without its lock", async () => {
  place.write("waits.mjs", WAITS);
  place.write("waits.json", spec({ name: "waits", objective: { module: "./waits.mjs" }, strategy: "random" }));
  const running = place.start(["study", "start", "waits.json", "--json"]);
  await running.saw(/"type":"reported"/);
  const { code, stdout } = await simulate("waits", "--scheduler", "median");
  expect(code).toBe(0);
  expect(stdout).toContain("1 trial recorded with full (1 not ended)");
  writeFileSync(join(place.folder, "go"), "");
  expect((await running.ended).code).toBe(0);
});

describe("bad input ends with 2 and says what to do", () => {
  test.each<[string, string[], RegExp]>([
    ["full", [], /expected a scheduler to try, such as --scheduler full/],
    ["full", ["--scheduler"], /expected a value after --scheduler/],
    ["full", ["--scheduler", ""], /--scheduler: expected a value, received nothing/],
    ["full", ["--scheduler", "medain"], /scheduler: expected .*"median".*did you mean "median"\?/],
    ["full", ["--scheduler", "{"], /--scheduler: expected a word, or a JSON object such as/],
    [
      "full",
      ["--scheduler", "ful", "--scheduler", '{"name":"median","percentile":101}'],
      /has 2 problems:\n {2}scheduler\.0: .*\n {2}scheduler\.1\.percentile: expected a number from 0 to 100/,
    ],
    ["full", ["--scheduler", "full", "--slots", "0"], /--slots: expected an integer of at least 1, received "0"/],
    ["full", ["--scheduler", "full", "--slot", "1"], /has no option --slot; did you mean "--slots"\?/],
    ["once", ["--scheduler", "hyperband"], /scheduler: expected a budget for "hyperband".*received no budget/],
    ["ful", ["--scheduler", "full"], /expected a study named "ful".*did you mean "full"\?/],
  ])("simulate %s %j", async (name, argv, message) => {
    const { code, stdout, stderr } = await simulate(name, ...argv);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });
});

test("a repeated option is read alike by both readers of command lines", async () => {
  // A value for a flag is nothing that the quick one knows.
  const words = ["--scheduler", "full", "--json", "--scheduler", "median"];
  const quick = await simulate("full", ...words);
  const long = await simulate("full", "--no-color=true", ...words, "--json");
  expect(long).toEqual(quick);
  expect((JSON.parse(quick.stdout) as Simulated).simulations.map(({ scheduler }) => scheduler.name)).toEqual([
    "full",
    "median",
  ]);
});

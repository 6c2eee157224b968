import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import type { Params } from "../../src/space/parameter.ts";
import { spec, TestFolder } from "../cli/cli.ts";
import { optuna, type ReadStudy, type ReadTrial, readWithOptuna } from "./optuna.ts";

/** Against storages that these versions of Optuna wrote, and what they read of them: `reference/make_optuna.py`. */
const VERSIONS = ["3.6.2", "4.5.0", "5.0.0"];
const FORMATS = [
  ["journal", (version: string) => reference(`${version}.log`)],
  ["sqlite", (version: string) => `sqlite:///${reference(`${version}.db`)}`],
] as const;
/** One that failed before it had parameters, and one that was enqueued with only some. */
const LEFT_OUT = [4, 34];

const folder = new TestFolder();
afterAll(() => folder.remove());

function reference(end: string): string {
  return fileURLToPath(new URL(`reference/optuna-${end}`, import.meta.url));
}

function readReference(version: string): ReadStudy {
  return JSON.parse(readFileSync(reference(`${version}.json`), "utf8")) as ReadStudy;
}

interface Shown {
  readonly state: string;
  readonly best: { readonly number: number; readonly value: number };
  readonly trials: readonly {
    readonly state: string;
    readonly params: Params;
    readonly value: number | null;
    readonly reports: readonly { readonly step: number; readonly value?: number }[];
    readonly cause: unknown;
  }[];
}

describe.each(VERSIONS)("a study of Optuna %s", (version) => {
  const whole = readReference(version);
  const kept = whole.trials.filter(({ number }) => !LEFT_OUT.includes(number));

  test.each(FORMATS)("from its %s: the same trials, and the same best", async (format, place) => {
    const name = `${format}-${version}`;
    const words = ["study", "import", "optuna", place(version), "--name", name];
    const { code, stdout, stderr } = await folder.run(words, { TZ: "UTC" });
    expect([code, stdout]).toEqual([
      0,
      `${name}: 33 trials from Optuna (24 complete, 5 pruned, 2 failed, 1 to start again, 1 enqueued) in ${join(folder.folder, "studies", name)}\n`,
    ]);
    expect(stderr).toContain("left out: 2 trials");
    expect(stderr).toContain("trial 4 (FAIL) has no value for lr, optimizer, layers, dropout, fixed, mixed");

    const shown = await folder.json<Shown>("study", "show", name);
    expect(shown.trials).toHaveLength(32);
    expect(kept[shown.best.number]?.number).toBe(whole.best);
    for (const [index, trial] of shown.trials.entries()) {
      const other = kept[index] as ReadTrial;
      expectSameParams(trial.params, other.params);
      expect(trial.state).toBe(stateOf(other));
      if (trial.state === "complete") expect(trial.value).toBe(other.values?.[0]);
      // What ran starts again.
      const told = trial.state === "waiting" ? [] : other.intermediate;
      expect(trial.reports.map(({ step, value }) => [step, value])).toEqual(
        told.map(([step, value]) => [step, typeof value === "number" ? value : undefined]),
      );
    }
  });

  test("hides nothing of what Optuna knows of times", async () => {
    const name = `times-${version}`;
    await folder.run(["study", "import", "optuna", reference(`${version}.log`), "--name", name], { TZ: "UTC" });
    const lines = readFileSync(join(folder.folder, "studies", name, "journal.jsonl"), "utf8").split("\n");
    const events = lines.filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>);
    const starts = events.filter(({ type }) => type === "run-started");
    expect(starts.map(({ at }) => new Date(at as number).toISOString().slice(0, -1))).toEqual(
      kept.flatMap(({ start }) => (start === null ? [] : [start.slice(0, 23)])),
    );
  });
});

test.skipIf("reason" in optuna)("what was imported is exported as it was", async () => {
  await folder.run(["study", "import", "optuna", reference("5.0.0.log"), "--name", "round"], { TZ: "UTC" });
  await folder.run(["study", "export", "round", "--format", "optuna-sqlite", "--out", "round.db"]);
  const back = await readWithOptuna(join(folder.folder, "round.db"));
  const whole = readReference("5.0.0");
  const kept = whole.trials.filter(({ number }) => !LEFT_OUT.includes(number));
  expect(kept[back.best as number]?.number).toBe(whole.best);
  expect(back.trials).toHaveLength(kept.length);
  for (const [index, trial] of back.trials.entries()) {
    const other = kept[index] as ReadTrial;
    expectSameParams(trial.params as Params, other.state === "RUNNING" ? {} : other.params);
    // A journal of JSON cannot tell an infinity from NaN.
    const finite = (value: number | string): number | string => (typeof value === "number" ? value : "nan");
    if (other.state !== "RUNNING")
      expect(trial.intermediate).toEqual(other.intermediate.map(([step, value]) => [step, finite(value)]));
    if (other.values?.[0] !== "inf") expect(trial.values).toEqual(other.values);
  }
});

describe("an imported study", () => {
  const train = `export default async function train(params, trial) {
    for (let step = trial.startStep; step <= trial.budget; step++) await trial.report({ step, loss: params.lr / step });
    return { loss: params.lr };
  }`;

  test("goes on with an objective, and verify tells its own answers from the imported trials", async () => {
    await folder.run(["study", "import", "optuna", reference("5.0.0.log"), "--name", "space"]);
    const space = JSON.parse(readFileSync(join(folder.folder, "studies/space/spec.json"), "utf8")) as object;
    folder.write("train.mjs", train);
    const metric = { name: "loss", goal: "minimize" };
    folder.write("space.json", {
      ...spec({ ...space, metric, stop: { trials: 40 }, workers: { cpus: 1 }, seed: 1 }),
      objective: { module: "./train.mjs" },
    });
    const words = ["study", "import", "optuna", reference("5.0.0.db"), "--name", "more", "--spec", "space.json"];
    expect((await folder.run(words)).code).toBe(0);
    const before = await folder.run(["study", "verify", "more"]);
    expect([before.code, before.stderr]).toEqual([1, expect.stringContaining("all of it was imported (Optuna: demo)")]);

    const resumed = await folder.run(["study", "resume", "more", "--quiet"]);
    expect([resumed.code, resumed.stderr]).toEqual([0, expect.any(String)]);
    const { trials } = await folder.json<Shown>("study", "show", "more");
    expect(trials).toHaveLength(40);
    expect(trials[31]).toMatchObject({ state: "complete", params: { lr: 0.02 }, value: 0.02 });
    const after = await folder.run(["study", "verify", "more"]);
    expect([after.code, after.stdout]).toEqual([
      0,
      expect.stringMatching(
        /verified\. .* \d+ answers computed again, all the same; 32 trials imported, taken as told/,
      ),
    ]);
  }, 60_000);

  test("can be simulated", async () => {
    await folder.run(["study", "import", "optuna", reference("4.5.0.log"), "--name", "simulated"]);
    const { code, stdout } = await folder.run(["study", "simulate", "simulated", "--scheduler", "median"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("keeps the recorded best, trial 0")]);
  });

  test("must fit the space that is given, and everything that does not is told", async () => {
    folder.write("narrow.json", {
      name: "narrow",
      metric: { name: "loss", goal: "maximize" },
      budget: { max: 3 },
      parameters: { lr: { type: "float", low: 1e-4, high: 0.1, log: true } },
    });
    const words = ["study", "import", "optuna", reference("5.0.0.log"), "--spec", "narrow.json"];
    const { code, stderr } = await folder.run(words);
    expect([code, stderr]).toEqual([2, expect.stringContaining('metric.goal: expected "minimize", as in Optuna')]);
    expect(stderr).toContain("budget.max: expected at least 5, the last step that was reported, received 3");
  });

  test("is not there where its name is taken", async () => {
    const words = ["study", "import", "optuna", reference("5.0.0.log"), "--name", "twice"];
    await folder.run(words);
    const { code, stderr } = await folder.run(words);
    expect([code, stderr]).toEqual([2, expect.stringContaining("choose another name with --name")]);
  });
});

describe("bad input", () => {
  const STUDY = '{"op_code":0,"worker_id":"w","study_name":"s","directions":[1]}';

  test.each([
    ["no file", "none.log", "none.log: expected a storage of Optuna, found no such file"],
    ["another database", "postgresql://host/db", "postgresql is not supported"],
    ["another tool", "", 'expected "optuna" or "csv" before the file'],
  ])("%s", async (_, file, message) => {
    const { code, stderr } = await folder.run(["study", "import", file === "" ? "hyperopt" : "optuna", file || "x"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  test("every line that cannot be read is told with its place", async () => {
    folder.write(
      "bad.log",
      `${[STUDY, "nonsense", "", '{"op_code":77}', '{"op_code":4,"study_id":"0"}', '{"op_code":7,"trial_id":true,"step":1}'].join("\n")}\n`,
    );
    const { code, stderr } = await folder.run(["study", "import", "optuna", "bad.log"]);
    expect(code).toBe(2);
    expect(stderr).toContain(
      'bad.log:2: expected an operation of Optuna\'s journal as a line of JSON, received "nonsense"',
    );
    expect(stderr).toContain(
      "bad.log:3: expected an operation of Optuna's journal as a line of JSON, received an empty line",
    );
    expect(stderr).toContain("bad.log:4: expected an op_code from 0 to 10, received 77");
    expect(stderr).toContain('bad.log:5: expected study_id as an integer, received "0"');
    expect(stderr).toContain("bad.log:6: expected trial_id as an integer, received true");
  });

  test("a line that was cut off is left out, and said so", async () => {
    const text = readFileSync(reference("5.0.0.log"), "utf8");
    folder.write("torn.log", text.slice(0, -20));
    const { code, stderr } = await folder.run(["study", "import", "optuna", "torn.log", "--name", "torn"]);
    expect([code, stderr]).toEqual([0, expect.stringContaining("note: its last line is cut off and was left out")]);
  });

  test("several objectives, and several studies without a choice", async () => {
    folder.write("two.log", `${STUDY}\n${STUDY.replace('"s"', '"t"').replace("[1]", "[1,2]")}\n`);
    const several = await folder.run(["study", "import", "optuna", "two.log"]);
    expect([several.code, several.stderr]).toEqual([2, expect.stringContaining("there are s, t")]);
    const objectives = await folder.run(["study", "import", "optuna", "two.log", "--study", "t"]);
    expect([objectives.code, objectives.stderr]).toEqual([
      2,
      expect.stringContaining("directions: expected one of MINIMIZE and MAXIMIZE"),
    ]);
  });

  test("a name that is no folder's", async () => {
    const text = readFileSync(reference("5.0.0.log"), "utf8").replace(
      '"study_name":"demo"',
      '"study_name":"my study / 1"',
    );
    folder.write("named.log", text);
    const { code, stderr } = await folder.run(["study", "import", "optuna", "named.log"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("choose another one with --name")]);
    expect(stderr).toContain('received "my study / 1"');
  });

  test("a database of something else", async () => {
    folder.write("other.db", "SQLite format 3\0 and no more");
    const { code, stderr } = await folder.run(["study", "import", "optuna", "other.db"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("expected an SQLite database of Optuna 3.0 or later")]);
  });
});

function stateOf({ state, values }: ReadTrial): string {
  if (state === "COMPLETE") return values?.[0] === "inf" ? "failed" : "complete";
  return { PRUNED: "pruned", FAIL: "failed", RUNNING: "waiting" }[state] ?? state;
}

/** Optuna rounds the values of a stepped float its own way. */
function expectSameParams(params: Params, other: Readonly<Record<string, unknown>>): void {
  expect(Object.keys(params).toSorted()).toEqual(Object.keys(other).toSorted());
  for (const [name, value] of Object.entries(params))
    if (name === "dropout") expect(value).toBeCloseTo(other[name] as number, 12);
    else expect(value).toBe(other[name]);
}

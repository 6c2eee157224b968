import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestFolder } from "../cli/cli.ts";
import { optuna, type ReadStudy, readWithOptuna } from "./optuna.ts";

const folder = new TestFolder();
afterAll(() => folder.remove());

interface Shown {
  readonly best: { readonly number: number };
  readonly trials: readonly {
    readonly number: number;
    readonly state: string;
    readonly params: Readonly<Record<string, unknown>>;
    readonly value: number | null;
    readonly reports: readonly { readonly step: number; readonly accuracy: number }[];
    readonly reason: string;
  }[];
}

let shown: Shown;
beforeAll(async () => {
  const program = fileURLToPath(new URL("../fixtures/exchange/every-state.mjs", import.meta.url));
  execFileSync(process.execPath, [program, join(folder.folder, "studies")]);
  shown = await folder.json<Shown>("study", "show", "every");
}, 60_000);

const FORMATS = [
  ["optuna-journal", "study.log"],
  ["optuna-sqlite", "study.db"],
] as const;

describe.each(FORMATS)("--format %s", (format, file) => {
  let written: string;
  beforeAll(async () => {
    written = join(folder.folder, file);
    const { code, stderr } = await folder.run(["study", "export", "every", "--format", format, "--out", file]);
    expect([code, stderr]).toEqual([0, `13 trials written to ${file}\n`]);
  });

  test.skipIf("reason" in optuna)("Optuna reads every trial as hpo shows it", async () => {
    const read = await readWithOptuna(written);
    expect(read).toMatchObject({ version: "5.0.0", name: "every", direction: "MAXIMIZE", metricNames: ["accuracy"] });
    expect(read.best).toBe(shown.best.number);
    expectSame(read, shown);
  });

  test.skipIf("reason" in optuna)("Optuna goes on with it", async () => {
    const copy = join(folder.folder, `copy-${file}`);
    copyFileSync(written, copy);
    const { trials } = await readWithOptuna(copy, 2);
    // The configuration that waited is taken first, as it was given.
    expect(trials.slice(12).map(({ state, params }) => [state, params["lr"]])).toMatchObject([
      ["COMPLETE", 0.01],
      ["COMPLETE", expect.any(Number)],
    ]);
  });

  test("leaves a file that is there alone", async () => {
    const before = readFileSync(written);
    const { code, stderr } = await folder.run(["study", "export", "every", "--format", format, "--out", file]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`--out: ${file} is already there`)]);
    expect(readFileSync(written).equals(before)).toBe(true);
  });

  test("gives the file the rights of the user's files", () => {
    folder.write("plain.txt", "");
    expect(statSync(written).mode).toBe(statSync(join(folder.folder, "plain.txt")).mode);
  });

  test("tells a file that cannot be written", async () => {
    const { code, stderr } = await folder.run([
      "study",
      "export",
      "every",
      "--format",
      format,
      "--out",
      "no/such/file",
    ]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("--out: no/such/file cannot be written")]);
  });
});

test("a database needs a file", async () => {
  const { code, stderr } = await folder.run(["study", "export", "every", "--format", "optuna-sqlite"]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("--out: expected the database's file")]);
});

test("a journal is printed without one", async () => {
  const { stdout } = await folder.run(["study", "export", "every", "--format", "optuna-journal"]);
  expect(JSON.parse(stdout.split("\n")[0] as string)).toMatchObject({
    op_code: 0,
    study_name: "every",
    directions: [2],
  });
});

const STATES: Readonly<Record<string, string>> = {
  complete: "COMPLETE",
  pruned: "PRUNED",
  failed: "FAIL",
  running: "RUNNING",
  waiting: "WAITING",
};

function expectSame(read: ReadStudy, { trials }: Shown): void {
  expect(new Set(trials.map(({ state }) => state))).toEqual(new Set(["complete", "pruned", "failed", "running"]));
  expect(read.trials).toHaveLength(trials.length + 1);
  for (const [index, trial] of trials.entries()) {
    const other = read.trials[index] as ReadStudy["trials"][number];
    expect(other).toMatchObject({ number: trial.number, state: STATES[trial.state], params: trial.params });
    expect(Object.keys(other.params)).toEqual(Object.keys(trial.params));
    const value = trial.state === "running" || trial.state === "failed" ? null : trial.value;
    expect(other.values).toEqual(value === null ? null : [value]);
    expect(other.intermediate).toEqual(trial.reports.map(({ step, accuracy }) => [step, accuracy]));
    expect(other.start).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(other.complete === null).toBe(trial.state === "running");
    expect(other.userAttributes).toMatchObject({
      "hpo:state": trial.state,
      "hpo:source": "random",
      "hpo:reason": trial.reason,
      "hpo:metrics": { time: trial.reports.length },
    });
  }
  expect(read.trials[2]?.userAttributes).toMatchObject({ "hpo:cause": "no luck", "hpo:cause-kind": "error" });
  expect(read.trials[0]?.userAttributes["hpo:notes"]).toEqual(["tried on Monday"]);
  expect(read.trials.at(-1)).toMatchObject({
    state: "WAITING",
    start: null,
    fixed: { lr: 0.01, dropout: 0.1, layers: 3, batch: 32, optimizer: "NaN" },
  });
}

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { benchFile } from "./import-bench.ts";

const folder = mkdtempSync(join(tmpdir(), "hpo-bench-mf-"));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (program: string, ...args: string[]): string =>
  execFileSync(process.execPath, [benchFile(program), ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });

/** Two problems of 3 steps whose losses are x + 1 / step, and one without steps. */
const READER = `
const space = [{ name: "x", type: "float", low: 0, high: 1 }];
const problem = (id, fidelity) => ({
  id, space, fidelity, spec: { best_known: { loss: 0, any_step: { loss: 0 } } },
  evaluate: ({ x }) => ({ loss: x + 1 / 3, cost: 3 }),
  curve: ({ x }, last = 3) => Array.from({ length: last }, (_, i) => [i + 1, x + 1 / (i + 1), i + 1]),
  nregret: (loss, lowest = 0) => loss - lowest,
});
const steps = { low: 1, high: 3, incremental: true };
export const load = () =>
  new Map([problem("a-1", steps), problem("b-1", null), problem("a-2", steps)].map((each) => [each.id, each]));
`;

describe("multi-fidelity", () => {
  const file = join(folder, "mf.jsonl");
  mkdirSync(join(folder, "dev"));
  writeFileSync(join(folder, "reader.mjs"), READER);
  const measure = (): string[] => {
    const extent = ["--strategies", "random+hyperband", "--units", "4", "--seeds", "1", "--first-seed", "7"];
    run("multi-fidelity.mjs", folder, "--problems", "all", ...extent, "--out", file);
    return readFileSync(file, "utf8").trimEnd().split("\n");
  };

  it("runs the problems that train in steps, and only those that its file lacks", () => {
    const lines = measure();
    const rows = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    expect([...new Set(rows.map(({ problem }) => problem))]).toEqual(["a-1", "a-2"]);
    expect(rows.filter(({ kind }) => kind === "stops")).toHaveLength(2);
    expect(rows.every(({ method, seed }) => method === "random+hyperband" && seed === 7)).toBe(true);
    expect(measure()).toEqual(lines);

    // As a killed process leaves it: the second study lacks its judgement.
    writeFileSync(file, lines.slice(0, -1).join("\n"));
    const whole = lines.findIndex((line) => line.startsWith('{"kind"')) + 1;
    const again = measure();
    expect(again).toHaveLength(lines.length);
    expect(again.slice(0, whole)).toEqual(lines.slice(0, whole));
    expect(again.slice(whole)).not.toEqual(lines.slice(whole));
  });
});

describe("summarize-mf", () => {
  /** A study of runs, each with its steps so far and its regret; null where none has succeeded. */
  const study = (
    method: string,
    problem: string,
    seed: number,
    runs: readonly (readonly [used: number, nregret: number | null])[],
    stops: Readonly<Record<string, unknown>> = {},
  ): string => {
    const key = { problem, method, seed };
    const rows = runs.map(([used, nregret], trial) => ({ ...key, trial, step: 10, nregret, resource_used: used }));
    const none = { would_be: 0, would_be_stopped: 0, records: 0, records_stopped: 0, would_be_final_stopped: 0 };
    const opposed = { would_be_opposed: 0, would_be_opposed_stopped: 0, best_lost: "complete", slots: 1 };
    const judged = { kind: "stops", ...key, steps: 10, trials: 8, full: 2, stopped: 5, paused: 1, ...none, ...opposed };
    const lines = Object.keys(stops).length === 0 ? rows : [...rows, { ...judged, ...stops }];
    return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  };

  const words = (...args: string[]): string[][] =>
    run("summarize-mf.mjs", ...args)
      .split("\n")
      .map((line) => line.trim().split(/\s{2,}/));

  const ours = join(folder, "ours.jsonl");
  const peers = join(folder, "peers.jsonl.gz");
  const lost = { would_be: 4, would_be_stopped: 3, would_be_opposed: 2, would_be_opposed_stopped: 1 };
  writeFileSync(
    ours,
    study("bohb", "a-1", 0, [[5, 0.8], [10, null], [25, 0.1]], { ...lost, best_lost: "stopped" }) + // prettier-ignore
      study(
        "bohb",
        "a-1",
        1,
        [
          [15, 0.4],
          [20, 0.3],
        ],
        { best_lost: "paused", slots: 4, busy: 0.75, clock: 9 },
      ) + // prettier-ignore
      study("bohb", "b-1", 0, [[10, 0.4]], { records: 2, records_stopped: 2 }),
  );
  writeFileSync(
    peers,
    gzipSync(
      study("tpe", "a-1", 0, [[10, 0.2]]) +
        study("tpe", "a-1", 1, [
          [10, null],
          [30, 0.1],
        ]) + // prettier-ignore
        study("tpe", "a-1", 9, [[10, 0]]) +
        study("tpe", "b-1", 0, [[10, 0.2]]) +
        study("random", "a-1", 0, [[10, 0]]),
    ),
  );
  const table = words(ours, "--peers", `optuna=${peers}`, "--at", "1,2,3");

  it("has means over problems of means over seeds, at the last run's end before", () => {
    // bohb after one: a: (0.8 + 1) / 2, since seed 1 has no value yet; b: 0.4. After two: (0.8 + 0.3) / 2. After three: 0.2.
    expect(table).toContainEqual(["all", "bohb", "2", "1-2", "0.6500", "0.4750", "0.3000"]);
    expect(table).toContainEqual(["all", "optuna-tpe", "2", "1-3", "0.3000", "0.3000", "0.1500"]);
    expect(table).toContainEqual(["a", "bohb", "1", "2", "0.9000", "0.5500", "0.2000"]);
    expect(table).toContainEqual(["b-1", "optuna-tpe", "0.2000", "0.2000", "0.2000"]);
    expect(table).toContainEqual([
      "A run without a value yet counts as 1.0: bohb at 1: 1; optuna-tpe at 1: 1; optuna-tpe at 2: 1",
    ]);
  });

  it("says when a level was reached first", () => {
    // What tpe, the best peer that has all problems, has at the end; bohb never has it.
    expect(table).toContainEqual(["all", "0.1500", "> 3", "3.00", "-"]);
    const level = words(ours, "--peers", peers, "--at", "3", "--level", "0.6", "--brief");
    expect(level).toContainEqual(["a", "0.6000", "1.50", "1.00", "1.00"]);
  });

  it("pairs by seed, and flags where a method is worse", () => {
    // a: 0.1 − 0.2 and 0.3 − 0.1; b: 0.4 − 0.2.
    expect(table).toContainEqual(["a-1", "2", "0.2000", "0.1500", "0.0500", "-0.1000 … 0.2000", "worse"]);
    expect(table).toContainEqual(["b-1", "1", "0.4000", "0.2000", "0.2000", "0.2000 … 0.2000", "worse"]);
    expect(table.find(([first, pairs]) => first === "all" && pairs === "3")).toContain("0.1250");
    const other = words(peers, "--against", "random", "--at", "3", "--brief");
    expect(other).toContainEqual(["a-1", "1", "0.2000", "0.0000", "0.2000", "0.2000 … 0.2000", "worse"]);
    const same = words(ours, `again=${ours}`, "--method", "bohb", "--against", "again-bohb", "--at", "3", "--brief");
    expect(same).toContainEqual(["all", "3", "0.3000", "0.3000", "0.0000", "0.0000 … 0.0000"]);
  });

  it("sums up the stops, and how busy slots were", () => {
    const [all] = table.filter(([group, method, , trials]) => group === "all" && method === "bohb" && trials === "24");
    expect(all?.slice(2, 7)).toEqual(["3", "24", "25.0%", "62.5%", "12.5%"]);
    // Wilson's intervals of 1 in 2, 3 in 4, 2 in 2, 0 in 3 and 1 in 3.
    expect(all?.slice(7)).toEqual([
      "1/2 50.0% (9.5%…90.5%)",
      "3/4 75.0% (30.1%…95.4%)",
      "2/2 100.0% (34.2%…100.0%)",
      "0/3 0.0% (0.0%…56.1%)",
      "1/3 33.3% (6.1%…79.2%)",
      "1",
    ]);
    expect(table).toContainEqual(["bohb", "4", "1", "0.7500", "0.7500", "9.0"]);
  });
});

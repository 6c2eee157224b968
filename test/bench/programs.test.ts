import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { benchFile } from "./import-bench.ts";

const folder = mkdtempSync(join(tmpdir(), "hpo-bench-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (program: string, ...args: string[]): string =>
  execFileSync(process.execPath, [benchFile(program), ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });

describe("sample-efficiency", () => {
  const file = join(folder, "runs.jsonl");
  const measure = (): string[] => {
    run(
      "sample-efficiency.mjs",
      "--functions",
      "branin",
      "--samplers",
      "random",
      "--trials",
      "4",
      "--seeds",
      "0-1",
      "--out",
      file,
    );
    return readFileSync(file, "utf8").trimEnd().split("\n");
  };

  it("runs what is not finished in its file, and only that", () => {
    const lines = measure();
    expect(lines).toHaveLength(8);
    expect(measure()).toEqual(lines);

    // As a killed process leaves it: the second run lacks its end, and its last line is torn.
    writeFileSync(file, `${lines.slice(0, 6).join("\n")}\n${lines[6]?.slice(0, 30)}`);
    const again = measure();
    expect(again.slice(0, 4)).toEqual(lines.slice(0, 4));
    const values = (all: readonly string[]): unknown[] =>
      all.map((line) => {
        const { seed, trial, value } = JSON.parse(line) as Record<string, unknown>;
        return [seed, trial, value];
      });
    expect(values(again)).toEqual(values(lines));
  });
});

describe("summarize", () => {
  /** A run of two trials; null where none has succeeded. */
  const rows = (method: string, problem: string, seed: number, regrets: readonly (number | null)[]): string =>
    regrets
      .map(
        (nregret, trial) => `${JSON.stringify({ problem, method, seed, trial, nregret, best: nregret, wall_s: 1 })}\n`,
      )
      .join("");

  it("compares by hand-computed figures", () => {
    const ours = join(folder, "ours.jsonl");
    const peers = join(folder, "peers.jsonl.gz");
    writeFileSync(
      ours,
      rows("gp", "a-1", 0, [0.5, 0.1]) +
        rows("gp", "a-1", 1, [0.5, 0.3]) +
        rows("gp", "a-1", 5, [0, 0]) +
        // One trial only: what it reached is carried forward.
        rows("gp", "b-1", 0, [0.4]) +
        rows("gp", "c-1", 0, [0.9, 0.9]),
    );
    writeFileSync(
      peers,
      gzipSync(
        rows("tpe", "a-1", 0, [null, 0.3]) +
          rows("tpe", "a-1", 1, [0.5, 0.3]) +
          rows("tpe", "a-1", 7, [0, 0]) +
          rows("tpe", "b-1", 0, [0.6, 0.2]) +
          rows("tpe", "c-1", 0, [0.8, 0.1]) +
          rows("random", "a-1", 0, [null, null]),
      ),
    );
    const words = run("summarize.mjs", ours, `optuna=${peers}`, "--at", "1,2", "--ranks-only", "c-1", "--brief")
      .split("\n")
      .map((line) => line.trim().split(/\s{2,}/));
    // a: (0.5 + 0.5) / 2 after one trial, 0.2 after two; b: 0.4; tpe on a: (1 + 0.5) / 2, then 0.3. c counts in ranks alone,
    // and a seed of one of them nowhere.
    expect(words).toContainEqual(["all", "2", "gp", "0.4500", "0.3000"]);
    expect(words).toContainEqual(["all", "2", "optuna-tpe", "0.6750", "0.2500"]);
    expect(words).toContainEqual(["gp", "1.33", "1.67"]);
    expect(words).toContainEqual(["optuna-tpe", "1.67", "1.33"]);
    // After two trials: a win and a tie on a, a loss on b and c.
    expect(words).toContainEqual(["all, 2", "38 % of 4", "100 % of 1"]);
    // (−0.1 + 0.2) / 2. Drawn again: a twice has chance 1/4 and then −0.2 with 1/16, which is 1.6 % in all, and −0.15 with 1/4;
    // so the quantile of 2.5 % is −0.15. That of 97.5 % is b twice.
    expect(words).toContainEqual(["2", "* optuna-tpe", "0.0500", "-0.1500 … 0.2000", "2", "3"]);
    expect(words).toContainEqual(["2", "optuna-random", "-0.9000", "-0.9000 … -0.9000", "1", "1"]);
  });
});

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { example, temporaryFolder } from "./module.ts";

const TRAIN = example("perceptron-python/train.py");
const OPTIONS = [
  "--hidden",
  "6",
  "--learning-rate",
  "0.1",
  "--momentum",
  "0.8",
  "--activation",
  "tanh",
  "--l2",
  "0.001",
];

interface Order {
  readonly epochs: number;
  readonly start?: number;
  readonly checkpoints?: string;
  readonly seed?: number;
}

/** The lines that the command prints, read as JSON. */
function run({ epochs, start = 1, checkpoints, seed = 5 }: Order): readonly Readonly<Record<string, number>>[] {
  const environment = { ...process.env, ...(checkpoints !== undefined && { HPO_CHECKPOINT: checkpoints }) };
  const budget = ["--epochs", String(epochs), "--start", String(start), "--seed", String(seed)];
  const output = execFileSync("python3", [TRAIN, ...OPTIONS, ...budget], { encoding: "utf8", env: environment });
  return output
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, number>);
}

const reportsOf = (lines: ReturnType<typeof run>): ReturnType<typeof run> => lines.filter((line) => "step" in line);

test("reports every epoch, with a loss that falls", () => {
  const lines = run({ epochs: 4 });
  expect(lines.map((line) => line["step"])).toEqual([1, 2, 3, 4]);
  expect(lines.at(-1)?.["loss"]).toBeLessThan(lines[0]?.["loss"] ?? NaN);
});

test("gives the same numbers in every process, and others for another seed", () => {
  expect(run({ epochs: 2 })).toEqual(run({ epochs: 2 }));
  expect(run({ epochs: 2, seed: 6 })).not.toEqual(run({ epochs: 2 }));
});

test("resumed it goes on digit for digit", () => {
  const checkpoints = temporaryFolder();
  const whole = run({ epochs: 6 });
  const first = run({ epochs: 2, checkpoints });
  const rest = run({ epochs: 6, start: 3, checkpoints });
  expect([...reportsOf(first), ...reportsOf(rest)]).toEqual(whole);
});

test("says that a checkpoint is there once it is, before the epoch's report", () => {
  const checkpoints = temporaryFolder();
  expect(run({ epochs: 2, checkpoints }).map((line) => Object.keys(line)[0])).toEqual([
    "checkpoint",
    "step",
    "checkpoint",
    "step",
  ]);
  const state = JSON.parse(readFileSync(join(checkpoints, "2", "state.json"), "utf8")) as { units: unknown[] };
  expect(state.units).toHaveLength(6);
});

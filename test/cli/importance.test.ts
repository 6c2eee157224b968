import stringWidth from "string-width";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { showImportance } from "../../src/cli/text/show-importance.ts";
import type { Params } from "../../src/space/parameter.ts";
import { importanceOf } from "../../src/views/importance.ts";
import type { Importance } from "../../src/views/payload.ts";
import { spec, TRAIN, TestFolder } from "./cli.ts";

interface Shown {
  readonly trials: readonly {
    readonly params: Params;
    readonly value: number | null;
    readonly budget: number | null;
  }[];
}

let place: TestFolder;

beforeAll(async () => {
  place = new TestFolder();
  place.write("train.mjs", TRAIN);
  place.write("space.json", spec({ strategy: { sampler: "random", scheduler: "full" }, stop: { trials: 16 } }));
  place.write("few.json", spec({ name: "few" }));
  for (const file of ["space.json", "few.json"]) expect((await place.run(["study", "start", file])).code).toBe(0);
});

afterAll(() => place.remove());

test("importance computes in its thread what it computes anywhere", async () => {
  const shown = await place.json<Shown>("study", "show", "toy");
  const { parameters } = spec() as { parameters: Parameters<typeof importanceOf>[0]["parameters"] };
  const expected = importanceOf({ parameters, trials: shown.trials });
  expect(expected).toMatchObject({ trials: 16, problem: null });
  expect(expected.shares[0]?.parameter).toBe("lr");
  expect(await place.json<Importance>("study", "importance", "toy")).toEqual(expected);
});

test("importance is bars for people", async () => {
  const { code, stdout } = await place.run(["study", "importance", "toy"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^What each parameter explains of how loss varies, from 16 trials:\nlr +\d+\.\d% {2}█{40}\nopt +\d/,
  );
  expect(stdout).not.toContain("\u001B");
});

test("importance says at which budget its values were seen", async () => {
  const budget = { min: 1, max: 3, unit: "epochs" };
  const strategy = { sampler: "random", scheduler: "full" };
  place.write("budget.json", spec({ name: "budget", strategy, budget, stop: { trials: 10 } }));
  expect((await place.run(["study", "start", "budget.json"])).code).toBe(0);
  const { code, stdout, stderr } = await place.run(["study", "importance", "budget"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/varies, from 10 trials at 3 epochs:\n/);
});

test("importance of too few trials fails and says so", async () => {
  const problem = "4 trials have a value: it takes 8 to say which parameters matter.";
  expect(await place.run(["study", "importance", "few"])).toEqual({ code: 1, stdout: "", stderr: `${problem}\n` });
  const { code, stdout } = await place.run(["study", "importance", "few", "--json"]);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual({ shares: [], trials: 4, budget: 1, problem, note: null });
});

describe("the bars", () => {
  const study = {
    settings: { metric: { name: "loss", goal: "minimize" }, budget: {} },
    words: () => "9 epochs",
  } as never;
  const importance: Importance = {
    shares: [
      { parameter: "learningRate", share: 0.75 },
      { parameter: `a${"b".repeat(60)}`, share: 0.249 },
      { parameter: "漢字", share: 0.001 },
    ],
    trials: 12,
    budget: 9,
    problem: null,
    note: "A random part of 10000 trials stands for all of them.",
  };

  test("stand under each other", () => {
    expect(showImportance(importance, study)).toEqual([
      "What each parameter explains of how loss varies, from 12 trials at 9 epochs:",
      "A random part of 10000 trials stands for all of them.",
      `learningRate                       75.0%  ${"█".repeat(38)}`,
      `a${"b".repeat(30)}…   24.9%  ${"█".repeat(13)}`,
      "漢字                                0.1%",
    ]);
  });

  test.each([20, 40, 80, 200])("keep within %i columns", (width) => {
    const lines = showImportance(importance, study, width);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
    for (const share of ["75.0%", "24.9%", "0.1%"]) expect(lines.join("\n")).toContain(share);
  });
});

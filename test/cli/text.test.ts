import { describe, expect, test } from "vitest";
import { clip, fit } from "../../src/cli/text/clip.ts";
import { commandLine, quote } from "../../src/views/command-line.ts";
import { sparkline } from "../../src/cli/text/sparkline.ts";
import { stopInWords, strategyInWords } from "../../src/views/study-words.ts";
import { table } from "../../src/cli/text/table.ts";
import { inBrief, inClock, inDigits, oneLine, reasonInWords } from "../../src/views/words.ts";

test.each([
  [0, "0"],
  [12, "12"],
  [1 / 3, "0.3333"],
  [0.000012345, "1.234e-5"],
  [123456.789, "123500"],
  [-0.5, "-0.5"],
  [1e20, "1e+20"],
])("%d in digits is %s", (value, text) => expect(inDigits(value)).toBe(text));

test("times", () => {
  expect([0, 59_999, 60_000, 3_723_000].map(inClock)).toEqual(["0:00", "0:59", "1:00", "1:02:03"]);
  expect([10, 61_000, 7_200_000].map(inBrief)).toEqual(["1s", "1m", "2h"]);
});

test("what others wrote becomes one line without control characters", () => {
  expect(oneLine("a\n\u001B[2J\tb\u0007\u009B")).toBe("a b\uFFFD\uFFFD");
  expect(reasonInWords("up to 0.49850919397472526, not 1.5 or 2.1e-7 of 12345678")).toBe(
    "up to 0.4985, not 1.5 or 2.1e-7 of 12345678",
  );
});

test("clip counts columns, not characters", () => {
  expect(clip("漢字漢字", 8)).toBe("漢字漢字");
  expect(clip("漢字漢字", 7)).toBe("漢字漢…");
  expect(clip("漢字漢字", 6)).toBe("漢字…");
  expect(clip("abc", 0)).toBe("");
  expect(fit("ab", 4)).toBe("ab  ");
});

test("table aligns its columns and cuts the last one", () => {
  expect(
    table(
      [
        ["a", "bb", "long text"],
        ["漢字", "c", "x"],
      ],
      14,
    ),
  ).toEqual(["a     bb  lon…", "漢字  c   x"]);
});

describe("sparkline", () => {
  test("runs from the least to the greatest", () => expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 10)).toBe("▁▂▃▄▅▆▇█"));
  test("averages neighbours when there is no room", () => expect(sparkline([0, 0, 7, 7], 2)).toBe("▁█"));
  test("is logarithmic over wide ranges", () => expect(sparkline([1, 10, 100], 5)).toBe("▁▅█"));
  test("stays low where nothing changes", () => expect(sparkline([3, 3], 5)).toBe("▁▁"));
  test("is empty without values or room", () => expect(sparkline([], 5) + sparkline([1], 0)).toBe(""));
});

test("command lines are quoted for the shell", () => {
  expect(commandLine("study resume", ["toy"], "studies")).toBe("hpo study resume toy");
  expect(commandLine("trial run", ["it's", 3], "my studies")).toBe(
    String.raw`hpo trial run 'it'\''s' 3 --directory 'my studies'`,
  );
  expect(quote("")).toBe("''");
  expect(quote("$HOME")).toBe("'$HOME'");
});

test("strategies and stop rules in words", () => {
  expect(strategyInWords({ sampler: { name: "random" }, scheduler: { name: "hyperband" } })).toBe("hyperband");
  const median = { name: "median", percentile: 25, startup: 5, warmup: 0 };
  expect(strategyInWords({ sampler: { name: "gp" }, scheduler: median })).toBe("gp + median (percentile 25)");
  expect(strategyInWords({ sampler: { name: "gp" }, scheduler: { ...median, percentile: 50 } })).toBe("gp + median");
  expect(stopInWords({ trials: 1, time: 60_000, value: 0.1, patience: 5 }, "loss")).toBe(
    "after 1 trial, after 1 minute, at loss 0.1 or after 5 trials without a better loss",
  );
  expect(stopInWords({ trials: null, time: null, value: null, patience: null }, "loss")).toBeUndefined();
});

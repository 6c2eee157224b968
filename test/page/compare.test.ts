import { describe, expect, it } from "vitest";
import { differencesOf } from "../../page/compare.ts";
import {
  agoInWords,
  clockInWords,
  elapsedTime,
  predictionInWords,
  reasonInWords,
  spanInWords,
} from "../../page/words.ts";
import { madeStudy } from "./charts/made-study.ts";

const { head } = madeStudy({ trials: 5 });

describe("settings that differ", () => {
  it("are none between a study and itself", () => {
    expect(differencesOf([head, { ...head, name: "again" }])).toEqual([]);
  });

  it("are named with what they are in each", () => {
    const { layers: _, ...others } = head.parameters;
    const other = {
      ...head,
      seed: 99,
      strategy: "random",
      parameters: { ...others, rate: { type: "float" as const, low: 0.1, high: 1, log: true } },
    };
    expect(differencesOf([head, other])).toEqual([
      { setting: "Strategy", values: [head.strategy, "random"] },
      { setting: "Seed", values: [String(head.seed), "99"] },
      { setting: "Parameter layers", values: ["1 to 4, whole", "not there"] },
      { setting: "Parameter rate", values: ["not there", "0.1 to 1, logarithmic"] },
    ]);
  });
});

describe("words", () => {
  it("of times", () => {
    expect([7_000, 760_000, 11_109_000].map(clockInWords)).toEqual(["0:07", "12:40", "3:05:09"]);
    expect([290, 9_960, 42_000].map(spanInWords)).toEqual(["0.29 s", "9.96 s", "0:42"]);
    expect([0, 59_999, 60_000, 7_200_000, 200_000_000].map((ms) => agoInWords(0, ms))).toEqual([
      "just now",
      "just now",
      "1 minute ago",
      "2 hours ago",
      "2 days ago",
    ]);
  });

  it("of the time of all sessions, the open one until now", () => {
    const sessions = [
      { startedAt: 100, endedAt: 300, slots: [] },
      { startedAt: 1000, endedAt: null, slots: [] },
    ];
    expect(elapsedTime({ sessions }, 1500)).toBe(700);
  });

  it("of predictions say whether it came better, by the goal", () => {
    const prediction = { mean: 0.5, deviation: 0.1 };
    expect(predictionInWords(prediction, null, "minimize")).toBe("0.5 ± 0.1 foretold");
    expect(predictionInWords(prediction, 0.3, "minimize")).toBe("0.5 ± 0.1 foretold, 0.3 seen: 2 deviations better");
    expect(predictionInWords(prediction, 0.3, "maximize")).toBe("0.5 ± 0.1 foretold, 0.3 seen: 2 deviations worse");
    expect(predictionInWords({ mean: 1, deviation: 0 }, 1, "minimize")).toBe("1 ± 0 foretold, 1 seen");
  });

  it("of reasons round numbers with many digits", () => {
    expect(reasonInWords("dropped: 0.7588645728565218 after 3 epochs, 0.25")).toBe(
      "dropped: 0.7589 after 3 epochs, 0.25",
    );
  });
});

import { expect, test } from "vitest";
import { simulationLines } from "../../src/cli/text/simulation.ts";
import { wrap } from "../../src/cli/text/wrap.ts";
import type { ComponentSettings } from "../../src/history/settings.ts";
import { recordedTotals } from "../../src/simulation/compare.ts";
import { record } from "../../src/simulation/recording.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import type { StudySimulation } from "../../src/simulation/simulation.ts";
import type { Recorded } from "../../src/history/events.ts";
import { CROSSING, recordCurves } from "../simulation/recorded.ts";

async function simulateAll(
  events: readonly Recorded[],
  ...schedulers: readonly ComponentSettings[]
): Promise<StudySimulation> {
  const recording = record(events);
  return {
    name: "crossing",
    metric: { name: "loss", goal: "minimize" },
    unit: "epochs",
    fullBudget: 4,
    slots: 1,
    trials: recording.trials.length,
    hasCurves: true,
    recorded: recordedTotals(recording),
    simulations: await Promise.all(schedulers.map((scheduler) => simulate(recording, scheduler, 1))),
  };
}

test("what is lost is told with the scheduler's reason, and what was stopped wrongly", async () => {
  const median = { name: "median", percentile: 50, startup: 2, warmup: 0 };
  const study = await simulateAll(await recordCurves(CROSSING), median, { name: "hyperband" });
  expect(simulationLines(study, undefined)).toEqual([
    "crossing: 6 trials recorded with full, gone through again on 1 slot; nothing was",
    "  trained",
    "",
    "scheduler           epochs  saved  slot time  saved  makespan  saved",
    "as recorded         24             84 ms             84 ms",
    "median (startup 2)  15      38%    42 ms      50%    42 ms     50%",
    "hyperband           20      17%    78 ms      7%     78 ms     7%",
    "",
    "scheduler           full  stopped  failed  beyond  wrong   best loss",
    "as recorded         6     0        0                       0.5, trial 5",
    "median (startup 2)  3     3        0       0       2 of 3  1, trial 3",
    "hyperband           2     4        0       0       1 of 4  1, trial 3",
    "",
    "median (startup 2)",
    "  loses the recorded best, trial 5, after 1 epoch: stopped at step 1: its best",
    "    loss by then, 9, is worse than 5, the median of 3 completed trials",
    "  wrong stops: of 3 stopped whose end is recorded, 2 had a better loss there",
    "    than the best when they were stopped, 1 than the best at the end",
    "",
    "hyperband",
    "  loses the recorded best, trial 5, after 2 epochs: dropped: 8 after 2 epochs is",
    "    rank 2 of 2 in bracket 1; only the best goes on, with 7",
    "  wrong stops: of 4 stopped whose end is recorded, 1 had a better loss there",
    "    than the best when they were stopped, 1 than the best at the end",
  ]);
});

test("a best that was not trained in full says how far it came, and none says so", async () => {
  // Two trials of two epochs are all that was recorded.
  const events = await recordCurves(CROSSING, {
    spec: { strategy: "hyperband", stop: { trials: 1 }, budget: { min: 1, max: 4, eta: 2, unit: "epochs" } },
  });
  const paused = events.slice(0, events.findIndex(({ type }) => type === "run-ended") + 1);
  const study = await simulateAll(paused, { name: "full" });
  const lines = simulationLines(study, undefined);
  expect(lines[0]).toBe("crossing: 1 trial recorded with hyperband, gone through again on 1 slot; nothing");
  expect(lines).toContain("as recorded  0     1        0                       5, trial 0, 1 epoch");
  expect(lines).toContain("full         0     0        0       1       0 of 0  none");
  // Whether it is the best is not known: it is neither kept nor lost.
  expect(lines.slice(-3)).toEqual([
    "full",
    "  1 trial would go on beyond the record and counts as far as it goes: what is",
    "    saved is at most this, and there may be a better best",
  ]);
});

test("a terminal's width cuts the tables", async () => {
  const study = await simulateAll(await recordCurves(CROSSING), { name: "full" });
  const lines = simulationLines(study, 40);
  expect(lines.filter((line) => line.length > 40)).toEqual([]);
  expect(lines.some((line) => line.endsWith("…"))).toBe(true);
});

test("words are never cut, only lines", () => {
  expect(wrap("  one two three", 9, "    ")).toEqual(["  one two", "    three"]);
  expect(wrap("immeasurable word", 5, " ")).toEqual(["immeasurable", " word"]);
  expect(wrap("", 5, " ")).toEqual([""]);
});

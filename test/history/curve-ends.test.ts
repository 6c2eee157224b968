import { describe, expect, it } from "vitest";
import { curveEnds, fitPoint, type CurveEnds } from "../../src/history/curve-ends.ts";
import { fold, History } from "../../src/history/history.ts";
import type { HistoryView } from "../../src/history/view.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual, type VirtualObjective, type VirtualRun, type VirtualStudy } from "../support/virtual-study.ts";

const spec: StudySpec = {
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  strategy: { sampler: "random", scheduler: "hyperband" },
  budget: { min: 1, max: 9, unit: "epochs" },
  stop: { trials: 22 },
  seed: 3,
};

const endsOf = (history: HistoryView): CurveEnds => curveEnds(history, history.outcomes);
/** All that they say, as plain data. */
const told = ({ ends, cautiousEndOf, whole, best }: CurveEnds): unknown => [
  [...ends],
  [...ends.keys()].map(cautiousEndOf),
  [...whole],
  best,
];

/** A study of one trial after another, whose outcomes are given. */
function given(outcomes: readonly object[], budget: object | null = { min: 1, max: 9 }): CurveEnds {
  const settings = { metric: { name: "loss", goal: "minimize" }, budget };
  return curveEnds({ settings, maxBudget: budget === null ? 1 : 9 } as unknown as HistoryView, outcomes as never);
}
const reports = (losses: readonly number[]): readonly object[] =>
  losses.map((loss, index) => ({ step: index + 1, metrics: { loss } }));
const outcome = (trial: number, kind: string, budget: number, losses: readonly number[], value?: number): object => ({
  trial,
  kind,
  budget,
  curve: reports(losses),
  value: value ?? losses.at(-1),
});

describe("where the curves of a study end", () => {
  it.each(["hyperband", "asha", "curve", "median"])(
    "is the same whether it was asked for at each event or once: %s",
    async (scheduler) => {
      const objective: VirtualObjective = {
        loss: ({ trial, attempt }, step) => ((trial * 7) % 11) + attempt / step,
        failure: ({ trial, attempt }, step) =>
          trial % 5 === 3 && step === 2 && (attempt % 2 === 1 || trial % 2 === 0)
            ? { kind: "failed", cause: { kind: "error", message: "x".repeat(trial) } }
            : undefined,
        duration: ({ run }) => 1 + ((run * 7) % 5),
        ...(scheduler === "median" ? {} : { checkpoints: "after" }),
      };
      const run: VirtualRun = {
        spec: { ...spec, strategy: { sampler: "random", scheduler }, trial: { retries: 1 } },
        objective,
        slots: 3,
      };
      const { events: first } = await runVirtual({ ...run, killAt: 60 });
      const { events } = await runVirtual({ ...run, events: first });
      const growing = new History();
      for (const [index, event] of events.entries()) {
        growing.apply(event);
        if (event.type === "study-created" || growing.seq < 1) continue;
        const asked = told(endsOf(growing));
        if (event.type === "run-ended") expect(asked).toEqual(told(endsOf(fold(events.slice(0, index + 1)))));
      }
      const { ends } = endsOf(growing);
      const ended = growing.trials.filter(({ state }) => state !== "failed").map(({ number }) => number);
      expect([...ends.keys()].sort((a, b) => a - b)).toEqual(ended);
      expect(growing.trials.length - ended.length).toBeGreaterThan(0);
    },
  );

  it("is that of the negated metric where it is maximised", async () => {
    const study = (goal: "minimize" | "maximize", sign: number): Promise<VirtualStudy> =>
      runVirtual({
        spec: { ...spec, metric: { name: "loss", goal } },
        objective: { loss: ({ trial }, step) => sign * (((trial * 7) % 11) + 1 / step), checkpoints: "after" },
      });
    const [least, most] = [await study("minimize", 1), await study("maximize", -1)];
    expect(told(endsOf(most.history))).toEqual(told(endsOf(least.history)));
  });

  it("is learned from results where nothing is reported, each promotion another point", () => {
    const silent = (trial: number, budget: number, value: number): object =>
      outcome(trial, "completed", budget, [], value);
    const some = [0, 1, 2, 3, 4, 5].flatMap((trial) => [
      silent(trial, 1, 10 + trial),
      silent(trial, 3, 5 + trial),
      ...(trial < 3 ? [silent(trial, 9, 1 + trial)] : []),
    ]);
    const { ends, whole, best } = given(some);
    expect([...whole]).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(best).toBe(1);
    for (const trial of [3, 4, 5]) {
      const { mean, deviation } = ends.get(trial) as { readonly mean: number; readonly deviation: number };
      expect(Math.abs(mean - (1 + trial))).toBeLessThan(2);
      expect(deviation).toBeGreaterThan(0);
    }
  });

  it("takes a result for the loss at its budget, whatever was reported there or beyond", () => {
    const plain = given([
      outcome(0, "completed", 3, [9, 8, 7]),
      outcome(1, "completed", 9, [9, 8, 7, 6, 5, 4, 3, 2, 1]),
    ]);
    const other = given([
      outcome(0, "completed", 3, [9, 8, 100, 200, 300], 7),
      outcome(1, "completed", 9, [9, 8, 7, 6, 5, 4, 3, 2, 100, 100], 1),
    ]);
    expect(told(other)).toEqual(told(plain));
  });

  it("knows what a promoted run told before it was stopped", () => {
    const whole = [0, 1, 2, 3, 4].map((trial) =>
      outcome(trial, "completed", 9, [9, 8, 7, 6, 5, 4, 3, 2, 1 + trial / 4]),
    );
    const rested = outcome(5, "completed", 3, [9, 8, 7]);
    const stopped = outcome(5, "stopped", 9, [9, 8, 7, 50, 60]);
    const [before, after] = [given([...whole, rested]), given([...whole, rested, stopped])];
    expect(before.ends.get(5)?.mean as number).toBeLessThan(5);
    expect(after.ends.get(5)?.mean as number).toBeGreaterThan(20);
  });

  it("forgets who failed", () => {
    const others = [outcome(0, "completed", 9, [3, 2, 1]), outcome(1, "completed", 3, [4, 3, 2])];
    const failed = given([...others, outcome(2, "completed", 3, [1, 0, -1]), outcome(2, "failed", 9, [1, 0, -1])]);
    expect(told(failed)).toEqual(told(given(others)));
  });

  it("says nothing of a curve without a word of the metric", () => {
    const { ends, endOf, cautiousEndOf } = given([
      { ...outcome(0, "stopped", 9, []), curve: [{ step: 1, metrics: { other: 1 } }] },
      { ...outcome(1, "stopped", 9, []), curve: [{ step: 0, metrics: { loss: 1 } }] },
      outcome(2, "stopped", 9, []),
      outcome(3, "completed", 9, [1]),
    ]);
    expect([...ends.keys()]).toEqual([3]);
    expect([0, 1, 2].map(endOf)).toEqual([undefined, undefined, undefined]);
    expect([0, 1, 2].map(cautiousEndOf)).toEqual([undefined, undefined, undefined]);
  });

  it("says nothing of a curve that ended before the least budget", () => {
    const whole = [0, 1, 2].map((trial) => outcome(trial, "completed", 9, [9, 8, 7, 6, 5, 4, 3, 2, 1 + trial / 4]));
    const { endOf, count } = given([...whole, outcome(3, "stopped", 9, [9, 8]), outcome(4, "stopped", 9, [9, 8, 7])], {
      min: 3,
      max: 9,
    });
    expect(endOf(3)).toBeUndefined();
    expect(endOf(4)?.mean).toBeLessThan(6);
    expect(count).toBe(4);
  });

  it("asks no model for an end that was seen, and fits one at a few points only", () => {
    expect(fitPoint(0)).toBe(0);
    const points = new Set(Array.from({ length: 100_000 }, (_, count) => fitPoint(count)));
    expect(points.size).toBeLessThan(128 + 64 * Math.log2(100_000 / 128) + 64);
    for (let count = 1; count < 5000; count++) {
      expect(fitPoint(count)).toBeLessThanOrEqual(count);
      expect(fitPoint(count)).toBeGreaterThanOrEqual(fitPoint(count - 1));
      expect(fitPoint(count)).toBeGreaterThan(count * (1 - 1 / 32));
    }
  });

  it("is the last loss in a study without a budget, wherever its steps lie", () => {
    const { ends, whole, best } = given(
      [outcome(0, "completed", 1, [9, 8, 7], 6), outcome(1, "stopped", 1, [9, 8, 4]), outcome(2, "failed", 1, [1])],
      null,
    );
    expect([...ends]).toEqual([
      [0, { mean: 6, deviation: 0 }],
      [1, { mean: 4, deviation: 0 }],
    ]);
    expect([[...whole], best]).toEqual([[[0, 6]], 6]);
  });
});

import { describe, expect, it } from "vitest";
import { fold, History } from "../../src/history/history.ts";
import { observe } from "../../src/history/observations.ts";
import type { HistoryView } from "../../src/history/view.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual } from "../support/virtual-study.ts";

const spec: StudySpec = {
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  strategy: "hyperband",
  budget: { min: 1, max: 9, unit: "epochs" },
  stop: { trials: 22 },
  seed: 3,
};

describe("what is known of trials", () => {
  it("is their loss at the largest budget that enough of them have completed", async () => {
    const { history } = await runVirtual({ spec, objective: { loss: ({ trial }, step) => trial + 1 / step } });
    const count = (enough: number): readonly number[] => {
      const { known, budget } = observe(history, enough);
      expect(known.every(({ trial, loss }) => loss === trial + 1 / budget)).toBe(true);
      return [budget, known.length];
    };
    // One round is 9 + 5 + 3 trials with 3 + 1 promoted to 3 epochs and 1 + 1 + 3 at 9, the next begins with 5 of 9.
    const atNine = history.trials.filter(({ completedBudget }) => completedBudget === 9).length;
    // Who began with 9 epochs has told its loss after 3 on the way.
    const atThree = history.trials.filter(({ completedBudget }) => completedBudget >= 3).length;
    expect(count(1)).toEqual([9, atNine]);
    expect(count(atNine)).toEqual([9, atNine]);
    expect(count(atNine + 1)).toEqual([3, atThree]);
    expect(count(atThree + 1)[0]).toBe(1);
    expect(count(1000)[0]).toBe(1);
  });

  it("is the same when a lower budget is first completed after larger ones", () => {
    const curve = [1, 2, 3].map((step) => ({ step, metrics: { loss: 10 - step } }));
    const long = { trial: 0, run: 0, params: { x: 0 }, budget: 3, kind: "completed", value: 7, curve };
    const short = { ...long, trial: 1, run: 1, budget: 1, value: 5, curve: curve.slice(0, 1) };
    const trials = [long, short].map(({ trial, params }) => ({ number: trial, params, state: "complete" }));
    const history = {
      settings: { metric: { name: "loss", goal: "minimize" } },
      maxBudget: 3,
      trials,
      outcomes: [long],
    };
    const lossesOf = (enough: number): readonly (number | undefined)[] =>
      observe(history as unknown as HistoryView, enough).known.map(({ loss }) => loss);
    expect(lossesOf(2)).toEqual([7]);
    history.outcomes.push(short);
    expect(lossesOf(2)).toEqual([9, 5]);
  });

  it.each(["hyperband", "median"])(
    "is the same whether it was asked for at each event or once: %s",
    async (scheduler) => {
      const { events } = await runVirtual({
        spec: {
          ...spec,
          strategy: { sampler: "random", scheduler },
          trial: { retries: 1 },
          stop: { trials: 30 },
        },
        objective: {
          loss: ({ trial, attempt }, step) => ((trial * 7) % 11) + attempt / step,
          failure: ({ trial, attempt }, step) =>
            trial % 5 === 3 && step === 2 && attempt % 2 === 1
              ? { kind: "failed", cause: { kind: "error", message: `trial ${trial}` } }
              : undefined,
          duration: ({ run }) => 1 + ((run * 7) % 5),
        },
        slots: 3,
      });
      const growing = new History();
      for (const [index, event] of events.entries()) {
        growing.apply(event);
        const asked = observe(growing, 4);
        if (event.type === "run-ended") expect(asked).toEqual(observe(fold(events.slice(0, index + 1)), 4));
      }
    },
  );

  it("is a loss also where the metric is maximised", async () => {
    const { history } = await runVirtual({
      spec: { ...spec, metric: { name: "loss", goal: "maximize" }, strategy: "random", stop: { trials: 3 } },
      objective: { loss: ({ trial }) => trial },
    });
    expect(observe(history, 1).known.map(({ loss }) => loss)).toEqual([-0, -1, -2]);
  });

  it("is nothing good of a trial that failed or was stopped", async () => {
    const { history } = await runVirtual({
      spec: {
        ...spec,
        strategy: { sampler: "random", scheduler: { name: "median", startup: 3 } },
        stop: { trials: 8 },
      },
      objective: {
        // The sixth starts badly, and is stopped before it gets good.
        loss: ({ trial }, step) => (trial === 5 ? 100 / step : trial + 10 - step),
        failure: ({ trial }) =>
          trial === 2 ? { kind: "failed", cause: { kind: "timeout", message: "too slow" } } : undefined,
      },
    });
    const { known } = observe(history, 1);
    expect(known[2]).toMatchObject({ trial: 2, loss: undefined });
    expect(history.trials[5]?.state).toBe("pruned");
    expect(known[5]).toMatchObject({ trial: 5, loss: 100 });
    const completed = known.filter(({ trial }) => history.trials[trial]?.state === "complete");
    for (const { loss } of completed) expect(loss as number).toBeLessThan(100);
  });

  it("is no better than the median of one that was stopped where all were still good", async () => {
    const { history } = await runVirtual({
      spec: {
        ...spec,
        strategy: { sampler: "random", scheduler: { name: "median", startup: 3 } },
        stop: { trials: 8 },
      },
      // All get worse with time; the sixth is stopped early, at a loss that the others only had then.
      objective: { loss: ({ trial }, step) => (trial === 5 ? 2.5 : 1) * step },
    });
    expect(history.trials[5]).toMatchObject({ state: "pruned", value: 2.5 });
    expect(observe(history, 1).known[5]).toMatchObject({ trial: 5, loss: 9 });
  });

  it("leaves what rests on a lower rung, or was dropped from one, to what was tried", async () => {
    const { history } = await runVirtual({ spec, objective: { loss: ({ trial }, step) => trial + 1 / step } });
    const { known, running, resting, budget } = observe(history, 1);
    expect([budget, running]).toEqual([9, []]);
    expect(known.length + resting.length).toBe(history.trials.length);
    const dropped = history.trials.filter(({ state }) => state === "pruned");
    expect(resting).toEqual(dropped.map(({ params }) => params));
  });

  it("leaves what runs to what is running", async () => {
    const { events } = await runVirtual({
      spec: { ...spec, strategy: "random" },
      objective: { loss: () => 1 },
      slots: 3,
    });
    const open = events.findLastIndex(({ type }) => type === "run-started") + 1;
    const { history } = await runVirtual({
      spec: { ...spec, strategy: "random" },
      objective: { loss: () => 1 },
      slots: 3,
      killAt: open,
    });
    const { known, running, resting } = observe(history, 1);
    expect(known.length + running.length).toBe(history.trials.length);
    expect(running.length).toBeGreaterThan(0);
    expect(resting).toEqual([]);
  });
});

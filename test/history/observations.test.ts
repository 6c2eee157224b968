import { describe, expect, it } from "vitest";
import { curveEnds } from "../../src/history/curve-ends.ts";
import { fold, History } from "../../src/history/history.ts";
import { observe } from "../../src/history/observations.ts";
import type { HistoryView } from "../../src/history/view.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual, type VirtualObjective, type VirtualStudy } from "../support/virtual-study.ts";

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
  it("is their loss after the whole training, and else where their curve is foretold to end", async () => {
    const { history } = await runVirtual({ spec, objective: { loss: ({ trial }, step) => trial + 1 / step } });
    const { known, running, resting } = observe(history);
    expect(known.map(({ trial }) => trial)).toEqual(history.trials.map(({ number }) => number));
    expect([running, resting]).toEqual([[], []]);
    const { ends } = curveEnds(history, history.outcomes);
    let foretold = 0;
    for (const { trial, params, loss } of known) {
      const { completedBudget, params: own } = history.trials[trial] as (typeof history.trials)[number];
      expect(params).toBe(own);
      if (completedBudget === 9) expect(loss).toBe(trial + 1 / 9);
      else {
        foretold++;
        expect(loss).toBe(ends.get(trial)?.mean);
        expect(loss as number).toBeLessThan(trial + 1 / completedBudget);
        expect(Math.abs((loss as number) - (trial + 1 / 9))).toBeLessThan(0.5);
      }
    }
    expect(foretold).toBeGreaterThan(10);
  });

  it("is the same when a lower budget is first completed after larger ones", () => {
    const curve = [1, 2, 3].map((step) => ({ step, metrics: { loss: 10 - step } }));
    const long = { trial: 0, run: 0, params: { x: 0 }, budget: 3, kind: "completed", value: 7, curve };
    const short = { ...long, trial: 1, run: 1, budget: 1, value: 9, curve: curve.slice(0, 1) };
    const trials = [long, short].map(({ trial, params }) => ({ number: trial, params, state: "complete" }));
    const settings = { metric: { name: "loss", goal: "minimize" }, budget: { min: 1, max: 3 } };
    const lossesOf = (outcomes: readonly unknown[]): readonly (number | undefined)[] =>
      observe({ settings, maxBudget: 3, trials, outcomes } as unknown as HistoryView).known.map(({ loss }) => loss);
    const growing = [long];
    expect(lossesOf(growing)).toEqual([7]);
    growing.push(short);
    const [first, second] = lossesOf(growing);
    expect(first).toBe(7);
    // It stood where the other one did, and goes on alike.
    expect(second as number).toBeGreaterThan(6.9);
    expect(second as number).toBeLessThan(8);
    expect(lossesOf([short, long])).toEqual([first, second]);
  });

  it.each(["hyperband", "median", "curve"])(
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
        const asked = observe(growing);
        if (event.type === "run-ended") expect(asked).toEqual(observe(fold(events.slice(0, index + 1))));
      }
    },
  );

  it("is a loss also where the metric is maximised", async () => {
    const { history } = await runVirtual({
      spec: { ...spec, metric: { name: "loss", goal: "maximize" }, strategy: "random", stop: { trials: 3 } },
      objective: { loss: ({ trial }) => trial },
    });
    expect(observe(history).known.map(({ loss }) => loss)).toEqual([-0, -1, -2]);
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
    const { known } = observe(history);
    expect(known[2]).toMatchObject({ trial: 2, loss: undefined });
    expect(history.trials[5]?.state).toBe("pruned");
    const completed = known.filter(({ trial }) => history.trials[trial]?.state === "complete");
    expect(completed.length).toBe(3);
    for (const { loss } of completed) expect(loss as number).toBeLessThan(known[5]?.loss as number);
  });

  it("is, without a budget, the last loss of one that was stopped, but no better than the median", async () => {
    const study = async (loss: VirtualObjective["loss"]): Promise<VirtualStudy> => {
      const { budget: _, ...rest } = spec;
      return runVirtual({
        spec: {
          ...rest,
          strategy: { sampler: "random", scheduler: { name: "median", startup: 3, warmup: 2 } },
          stop: { trials: 8 },
        },
        // Nobody but the objective knows that it trains for nine steps.
        objective: { loss, overrun: 8 },
      });
    };
    // All get worse with time; the sixth is stopped early, at a loss that the others only had then.
    const rising = await study(({ trial }, step) => (trial === 5 ? 2.5 : 1) * step);
    expect(rising.history.trials[5]).toMatchObject({ state: "pruned", value: 7.5 });
    expect(observe(rising.history).known[5]).toMatchObject({ trial: 5, loss: 9 });
    const falling = await study(({ trial }, step) => (trial === 5 ? 120 / step : 10 - step));
    expect(falling.history.trials[5]).toMatchObject({ state: "pruned", value: 40 });
    expect(observe(falling.history).known.map(({ loss }) => loss)).toEqual([1, 1, 1, 1, 1, 40, 1, 1]);
  });

  it("counts as tried and unknown what ended without a word of its loss", async () => {
    const outcomes = [{ trial: 0, run: 0, params: { x: 0 }, budget: 9, kind: "stopped", value: undefined, curve: [] }];
    const states = ["pruned", "paused", "running", "waiting", "failed"];
    const trials = states.map((state, number) => ({ number, params: { x: number }, state }));
    const settings = { metric: { name: "loss", goal: "minimize" }, budget: { min: 1, max: 9 } };
    expect(observe({ settings, maxBudget: 9, trials, outcomes } as unknown as HistoryView)).toEqual({
      known: [{ trial: 4, params: { x: 4 }, loss: undefined }],
      running: [{ x: 2 }, { x: 3 }],
      resting: [{ x: 0 }, { x: 1 }],
    });
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
    const { known, running, resting } = observe(history);
    expect(known.length + running.length).toBe(history.trials.length);
    expect(running.length).toBeGreaterThan(0);
    expect(resting).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { createRng } from "../../src/numerics/rng.ts";
import { createGpSampler } from "../../src/samplers/gp.ts";
import { gpTask, type GpTask, type Lesson } from "../../src/samplers/gp-task.ts";
import type { Parameters, Params } from "../../src/space/parameter.ts";
import { createSpace } from "../../src/space/space.ts";
import { runVirtual, type VirtualStudy } from "../support/virtual-study.ts";

const LINE: Parameters = { x: { type: "float", low: 0, high: 1 } };

/** Whole trainings end lowest at 0.8; the beginnings of others foretell that they end lowest at 0. */
const slowStarters = (beginnings: number): readonly Lesson[] => {
  const rng = createRng("slow", 0, "sample");
  return [
    ...Array.from({ length: beginnings }, () => rng.uniform()).map((x) => ({ params: { x }, loss: x, progress: 0 })),
    ...[0.05, 0.25, 0.45, 0.65, 0.85, 0.95].flatMap((x) => [
      { params: { x }, loss: (x - 0.8) ** 2, progress: 1 },
      { params: { x }, loss: x, progress: 0 },
    ]),
  ];
};

const suggest = (lessons: readonly Lesson[], foretold: boolean, pending: readonly Params[] = []): number => {
  const task: GpTask = {
    seed: "1",
    trial: 100,
    metric: "loss",
    goal: "minimize",
    lessons,
    taught: lessons.length,
    foretold,
    count: lessons.length,
    completed: lessons.length,
    best: 0,
    budget: 9,
    pending,
    running: 0,
    lastFit: undefined,
    remaining: undefined,
    drawn: 0,
    compared: false,
  };
  return Number(createGpSampler(createSpace(LINE)).suggest(task).params["x"]);
};

const placeOf = (params: Params): number => Number(params["x"]);

const study = (trials: number, diverges = (trial: number): boolean => trial % 10 === 4): Promise<VirtualStudy> =>
  runVirtual({
    spec: {
      name: "test",
      metric: { name: "loss", goal: "minimize" },
      parameters: LINE,
      strategy: { sampler: "random", scheduler: "curve" },
      budget: { min: 1, max: 27, eta: 3 },
      stop: { trials },
      seed: 1,
    },
    objective: {
      loss: ({ params, trial }, step) => (diverges(trial) ? Number.NaN : placeOf(params) + 1 / step),
      checkpoints: "after",
    },
  });

describe("a process that learns from trainings on their way", () => {
  it("finds out where their beginnings mislead", () => {
    for (const beginnings of [20, 60]) {
      expect(Math.abs(suggest(slowStarters(beginnings), true) - 0.8)).toBeLessThan(0.1);
      // As if each beginning were an end.
      const blind = slowStarters(beginnings).map((each) => ({ ...each, progress: 1 }));
      expect(Math.abs(suggest(blind, false) - 0.8)).toBeGreaterThan(0.2);
    }
  });

  it("learns from the beginnings where they do not", () => {
    const rng = createRng("true", 0, "sample");
    const truth = (x: number): number => (x - 0.35) ** 2;
    const beginnings = Array.from({ length: 30 }, () => rng.uniform()).map((x) => ({
      params: { x },
      loss: truth(x),
      progress: 0,
    }));
    const whole = [0.1, 0.9, 0.6].flatMap((x) => [
      { params: { x }, loss: truth(x), progress: 1 },
      { params: { x }, loss: truth(x), progress: 0 },
    ]);
    expect(Math.abs(suggest([...beginnings, ...whole], true) - 0.35)).toBeLessThan(0.05);
  });

  it("is taught by every trial at its last step and before it, and by failures at the end", async () => {
    const { history } = await study(40);
    const { lessons, foretold, completed, count, pending } = gpTask(history, 40);
    expect(foretold).toBe(true);
    expect([completed, count]).toEqual([36, 40]);
    const log = (step: number): number => Math.log(step) / Math.log(27);
    for (const { params, state, value, completedBudget } of history.trials) {
      const own = lessons.filter((each) => each.params["x"] === params["x"]);
      if (state === "failed") {
        expect(own).toEqual([{ params, loss: undefined, progress: 1 }]);
        continue;
      }
      expect(own[0]?.progress).toBeCloseTo(log(completedBudget), 12);
      if (state === "complete") expect(own[0]?.loss).toBe(value);
      else expect(pending).toContainEqual(params);
      const before = own.slice(1).map(({ progress }) => Math.round(27 ** progress));
      expect(before).toEqual({ 1: [], 3: [1], 9: [3, 1], 27: [3, 1] }[completedBudget]);
    }
  });

  it("looks between trials that rest as near to them as it takes", () => {
    const grid = Array.from({ length: 100 }, (_, index) => ({ x: (index + 0.5) / 100 }));
    const lessons = grid.map((params) => ({ params, loss: (params.x - 0.3519) ** 2, progress: 0 }));
    expect(Math.abs(suggest(lessons, true, grid) - 0.3519)).toBeLessThan(0.05);
  });

  it("is taught by no more than it can bear, by the best trials and the latest", async () => {
    const { history } = await study(900);
    const { lessons, taught, count } = gpTask(history, 900);
    expect([count, taught, lessons.length]).toEqual([900, 450, 600]);
    const last = new Set(lessons.slice(0, taught).map(({ params }) => placeOf(params)));
    expect(last.size).toBe(450);
    for (const { params, state, number } of history.trials)
      if (state === "complete" || number >= 750) expect(last.has(placeOf(params))).toBe(true);
    // What came before their last word: whoever came furthest, whole.
    const before = lessons.slice(taught);
    for (const { params, state } of history.trials)
      if (state === "complete")
        expect(before.filter((each) => placeOf(each.params) === placeOf(params)).length).toBe(2);
  });

  it("is taught by the best however many failed after it, and suggests", async () => {
    const { history } = await study(900, (trial) => trial >= 200);
    const task = gpTask(history, 900);
    expect(task.completed).toBe(200);
    expect(task.lessons.filter(({ loss }) => loss !== undefined).length).toBeGreaterThan(200);
    const best = history.best?.params as Params;
    expect(task.lessons).toContainEqual({ params: best, loss: history.best?.value, progress: 1 });
    expect(createGpSampler(createSpace(LINE)).suggest(task).source).toBeUndefined();
  });

  it("is taught by the best of many whole trainings where a few were stopped", async () => {
    const { history } = await runVirtual({
      spec: {
        name: "test",
        metric: { name: "loss", goal: "minimize" },
        parameters: LINE,
        strategy: { sampler: "random", scheduler: { name: "threshold", upper: 3 } },
        budget: { min: 1, max: 3 },
        stop: { trials: 800 },
        seed: 1,
      },
      objective: { loss: ({ params, trial }) => (trial === 50 ? 0 : trial % 100 === 7 ? 4 : 1 + placeOf(params)) },
    });
    const { lessons, foretold, best } = gpTask(history, 800);
    expect([foretold, best, lessons.length]).toEqual([true, 0, 600]);
    expect(lessons).toContainEqual({ params: history.trials[50]?.params, loss: 0, progress: 1 });
  });

  it("knows trainings by their ends alone where all came to it", async () => {
    const { history } = await runVirtual({
      spec: {
        name: "test",
        metric: { name: "loss", goal: "minimize" },
        parameters: LINE,
        strategy: { sampler: "random", scheduler: "full" },
        budget: { min: 1, max: 9 },
        stop: { trials: 12 },
        seed: 1,
      },
      objective: { loss: ({ params }, step) => Number(params["x"]) + 1 / step },
    });
    const { lessons, foretold } = gpTask(history, 12);
    expect(foretold).toBe(false);
    expect(lessons).toEqual(history.trials.map(({ params, value }) => ({ params, loss: value, progress: 1 })));
  });

  it("goes on where runs are stopped in a study whose shortest run is almost the whole training", async () => {
    const { history } = await runVirtual({
      spec: {
        name: "test",
        metric: { name: "loss", goal: "minimize" },
        parameters: LINE,
        strategy: { sampler: "gp", scheduler: { name: "median", startup: 2, shadow: 0 } },
        budget: { min: 8, max: 9 },
        stop: { trials: 25 },
        seed: 1,
      },
      objective: { loss: ({ params }, step) => (Number(params["x"]) - 0.3) ** 2 + 1 / step },
    });
    expect(history.trials.filter(({ state }) => state === "pruned").length).toBeGreaterThan(3);
    expect(history.fallbacks).toBe(0);
    expect(Math.abs(Number(history.best?.params["x"]) - 0.3)).toBeLessThan(0.02);
  });
});

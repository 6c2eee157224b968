import { describe, expect, it } from "vitest";
import type { Recorded, StudyEvent } from "../../src/history/events.ts";
import { fold, type History } from "../../src/history/history.ts";
import { safetyOf } from "../../src/history/safety.ts";
import type { StudySettings } from "../../src/history/settings.ts";

const settings: StudySettings = {
  name: "test",
  seed: "1",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  objective: { kind: "none" },
  sampler: { name: "random" },
  scheduler: { name: "median", percentile: 50, startup: 1, warmup: 0, shadow: 5 },
  budget: { min: 1, max: 9, eta: 3, unit: "epochs" },
  stop: { trials: 10, time: null, value: null, patience: null },
  workers: { gpus: "none", trialsPerGpu: 1, gpusPerTrial: 1, cpus: 1 },
  trial: { timeout: null, idle: null, memory: null, retries: 1, grace: 1000 },
  enqueue: [],
  parallel: null,
};

const answer = { reason: "because", seen: 0 };
const session: StudyEvent = { type: "session-started", engine: "0", node: "0", pid: 1 };

/** A trial of the same number as its run starts, and tells losses at steps. */
const begin = (run: number, reports: Readonly<Record<number, number>>, budget = 9): readonly StudyEvent[] => [
  { ...answer, type: "trial-created", trial: run, params: { x: 0.5 }, source: "random" },
  { ...answer, type: "run-started", run, trial: run, attempt: 1, budget, startStep: 1, slot: "a", objective: null },
  ...Object.entries(reports).map(([step, loss]): StudyEvent => ({
    type: "reported",
    run,
    step: Number(step),
    metrics: { loss },
  })),
];
const complete = (run: number, loss: number): StudyEvent => ({
  type: "run-ended",
  run,
  outcome: { kind: "completed", metrics: { loss } },
});
const stopped = (run: number, step?: number, chance?: number): readonly StudyEvent[] => [
  {
    ...answer,
    type: "run-stopped",
    run,
    ...(step === undefined ? {} : { step }),
    ...(chance === undefined ? {} : { chance }),
  },
  { type: "run-ended", run, outcome: { kind: "stopped" } },
];
const shadowed = (run: number, step: number, toBeat: number): StudyEvent => ({
  ...answer,
  type: "run-shadowed",
  run,
  step,
  toBeat,
});

const study = (events: readonly StudyEvent[], changes: Partial<StudySettings> = {}): History => {
  const created: StudyEvent = {
    type: "study-created",
    version: 1,
    engine: "0",
    settings: { ...settings, ...changes },
  };
  return fold([created, session, ...events].map((event, seq): Recorded => ({ seq, at: seq, ...event })));
};

describe("the safety record", () => {
  it("is none of a study without stops, and of stops by the study's end or a used budget", () => {
    expect(safetyOf(study([...begin(0, { 1: 5, 9: 4 }), complete(0, 4)]))).toBeUndefined();
    expect(safetyOf(study([...begin(0, { 1: 5 }), ...stopped(0)]))).toBeUndefined();
  });

  it("counts stops, what they saved, and what the shadow found", () => {
    const history = study([
      ...begin(0, { 1: 5, 9: 4 }),
      complete(0, 4),
      ...begin(1, { 1: 6, 2: 6 }),
      ...stopped(1, 2),
      ...begin(2, { 1: 9, 2: 8, 3: 7 }),
      ...stopped(2, 3),
      ...begin(3, { 1: 7 }),
      shadowed(3, 1, 4),
      { type: "reported", run: 3, step: 9, metrics: { loss: 4 } },
      // As good as the best is not better.
      complete(3, 4),
      ...begin(4, { 4: 7 }),
      shadowed(4, 4, 4),
      complete(4, 3.9),
    ]);
    expect(safetyOf(history)).toEqual({
      stopped: 2,
      dropped: 0,
      steps: { done: 9 + 2 + 3 + 9 + 9, saved: 7 + 6, shadow: 8 + 5 },
      shadow: {
        stops: 2,
        ended: 2,
        wrong: 1,
        share: { rate: 0.5, low: expect.closeTo(0.0945, 4) as number, high: expect.closeTo(0.9055, 4) as number },
      },
      wrongStops: { rate: 1, low: expect.closeTo(0.189, 3) as number, high: expect.closeTo(1.811, 3) as number },
      foretold: undefined,
    });
    expect(history.outcomes.map(({ wrongStop }) => wrongStop)).toEqual([undefined, undefined, undefined, false, true]);
    expect(history.trials.map(({ state }) => state)).toEqual("complete pruned pruned complete complete".split(" "));
    expect(history.best).toMatchObject({ number: 4, value: 3.9 });
  });

  it("judges no shadow that failed, was stopped with the study, or still runs", () => {
    const history = study([
      ...begin(0, { 1: 5 }),
      shadowed(0, 1, 4),
      { type: "run-ended", run: 0, outcome: { kind: "failed", cause: { kind: "non-finite", message: "NaN" } } },
      ...begin(1, { 1: 5, 2: 1 }),
      shadowed(1, 2, 4),
      ...stopped(1),
      ...begin(2, { 1: 5 }),
      shadowed(2, 1, 4),
      { type: "reported", run: 2, step: 3, metrics: { loss: 1 } },
    ]);
    expect(history.trials.map(({ state }) => state)).toEqual(["failed", "pruned", "running"]);
    expect(safetyOf(history)).toMatchObject({
      stopped: 0,
      steps: { done: 1 + 2 + 3, saved: 0, shadow: 0 + 0 + 2 },
      shadow: { stops: 3, ended: 0, wrong: 0, share: undefined },
      wrongStops: undefined,
    });
  });

  it("keeps a shadow over a kill and another attempt, which is judged", () => {
    const history = study([
      ...begin(0, { 1: 5, 2: 6 }),
      shadowed(0, 2, 4),
      session,
      {
        ...answer,
        type: "run-started",
        run: 1,
        trial: 0,
        attempt: 2,
        budget: 9,
        startStep: 1,
        slot: "a",
        objective: null,
      },
      complete(1, 3),
    ]);
    expect(safetyOf(history)).toMatchObject({
      shadow: { stops: 1, ended: 1, wrong: 1 },
      steps: { done: 9, shadow: 7 },
    });
  });

  it("knows which value is the better", () => {
    const metric = { name: "loss", goal: "maximize" } as const;
    const history = study([...begin(0, { 1: 5 }), shadowed(0, 1, 4), complete(0, 3)], { metric });
    expect(safetyOf(history)?.shadow).toMatchObject({ ended: 1, wrong: 0 });
  });

  it("adds up what was foretold of stops and drops", () => {
    const history = study([
      ...begin(0, { 1: 5 }),
      ...stopped(0, 1, 0.25),
      ...begin(1, { 1: 5, 3: 4 }, 3),
      complete(1, 4),
      { ...answer, type: "trial-dropped", trial: 1, chance: 0.5 },
      ...begin(2, { 1: 5, 3: 4 }, 3),
      complete(2, 4),
      { ...answer, type: "trial-dropped", trial: 2 },
    ]);
    expect(safetyOf(history)).toMatchObject({
      stopped: 1,
      dropped: 2,
      foretold: { of: 2, wrong: 0.75 },
      steps: { done: 1 + 3 + 3, saved: 8 },
    });
  });

  it("has no steps in a study without a budget", () => {
    const history = study([...begin(0, { 1: 5, 7: 4 }, 1), ...stopped(0, 7)], { budget: null });
    expect(safetyOf(history)).toMatchObject({ stopped: 1, steps: undefined });
  });
});

import { describe, expect, it } from "vitest";
import type { Recorded, StudyEvent } from "../../src/history/events.ts";
import { fold, type History } from "../../src/history/history.ts";
import type { StudySettings } from "../../src/history/settings.ts";

const settings: StudySettings = {
  name: "test",
  seed: "1",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  objective: { kind: "none" },
  sampler: { name: "random" },
  scheduler: { name: "full" },
  budget: { min: 1, max: 9, eta: 3, unit: "epochs" },
  stop: { trials: 10, time: null, value: null, patience: null },
  workers: { gpus: "none", trialsPerGpu: 1, gpusPerTrial: 1, cpus: 1 },
  trial: { timeout: null, idle: null, memory: null, retries: 1, grace: 1000 },
  enqueue: [],
  parallel: null,
};

const answer = { reason: "because", seen: 0 };
const session: StudyEvent = { type: "session-started", engine: "0", node: "0", pid: 1 };
const start = (run: number, trial: number, attempt = 1, startStep = 1, budget = 9): StudyEvent => ({
  ...answer,
  type: "run-started",
  run,
  trial,
  attempt,
  budget,
  startStep,
  slot: "cpu-0",
  objective: null,
});
const create = (trial: number): StudyEvent => ({
  ...answer,
  type: "trial-created",
  trial,
  params: { x: 0.5 },
  source: "random",
});
const report = (run: number, step: number, loss = 1 / step): StudyEvent => ({
  type: "reported",
  run,
  step,
  metrics: { loss },
});
const save = (run: number, step: number): StudyEvent => ({ type: "checkpoint-saved", run, step });

const created: StudyEvent = { type: "study-created", version: 1, engine: "0", settings };

const history = (...events: readonly StudyEvent[]): History =>
  fold([created, session, ...events].map((event, seq): Recorded => ({ seq, at: seq * 10, ...event })));

const steps = ({ trials }: History): unknown => trials[0]?.reports.map(({ step }) => step);

describe("the fold", () => {
  it("supersedes what a dead attempt reported beyond its checkpoint, as soon as it is lost", () => {
    const lost = history(create(0), start(0, 0), report(0, 1), save(0, 1), report(0, 2), report(0, 3), session);
    expect(steps(lost)).toEqual([1]);
    expect(lost.trials[0]).toMatchObject({ state: "waiting", checkpoint: 1 });
    expect(lost.runs[0]?.state).toBe("lost");
  });

  it("counts a checkpoint once its step was reported, and keeps the one before until then", () => {
    const early = history(create(0), start(0, 0), save(0, 1), report(0, 1), save(0, 2));
    expect(early.trials[0]).toMatchObject({ checkpoint: 1, saved: [{ step: 1 }, { step: 2 }] });
    const late = history(create(0), start(0, 0), save(0, 1), report(0, 1), save(0, 2), report(0, 2));
    expect(late.trials[0]).toMatchObject({ checkpoint: 2, saved: [{ step: 2 }] });
  });

  it("counts every checkpoint of a trial that never reports, from the second on", () => {
    expect(history(create(0), start(0, 0), save(0, 1)).trials[0]).toMatchObject({ checkpoint: 0 });
    expect(history(create(0), start(0, 0), save(0, 1), save(0, 2)).trials[0]).toMatchObject({
      checkpoint: 2,
      saved: [{ step: 2 }],
    });
  });

  it("logs reports that come after a stop, and does not fold them", () => {
    const stop: StudyEvent = { ...answer, type: "run-stopped", run: 0 };
    const end: StudyEvent = { type: "run-ended", run: 0, outcome: { kind: "stopped" } };
    const stopped = history(create(0), start(0, 0), report(0, 1, 0.7), stop, report(0, 2, 0.1), end);
    expect(steps(stopped)).toEqual([1]);
    expect(stopped.trials[0]).toMatchObject({ state: "pruned", value: 0.7, reason: "because" });
  });

  it("compares only values at the largest completed budget", () => {
    const end = (run: number, loss: number): StudyEvent => ({
      type: "run-ended",
      run,
      outcome: { kind: "completed", metrics: { loss } },
    });
    const small = history(create(0), start(0, 0, 1, 1, 3), end(0, 0.1));
    expect(small.best).toMatchObject({ number: 0, budget: 3, value: 0.1 });
    const large = history(
      create(0),
      start(0, 0, 1, 1, 3),
      end(0, 0.1),
      create(1),
      start(1, 1),
      end(1, 0.5),
      create(2),
      start(2, 2, 1, 1, 3),
      end(2, 0.01),
    );
    expect(large.best).toMatchObject({ number: 1, budget: 9, value: 0.5 });
    expect(large.endedSinceBest).toBe(0);
  });

  it("charges a crash to the retries, and a lost run not", () => {
    const crash = (run: number): StudyEvent => ({
      type: "run-ended",
      run,
      outcome: { kind: "failed", cause: { kind: "signal", message: "SIGSEGV" } },
    });
    expect(history(create(0), start(0, 0), crash(0)).trials[0]?.state).toBe("waiting");
    expect(history(create(0), start(0, 0), session, start(1, 0, 2), crash(1)).trials[0]?.state).toBe("waiting");
    expect(history(create(0), start(0, 0), crash(0), start(1, 0, 2), crash(1)).trials[0]?.state).toBe("failed");
  });
});

it("reads the settings of the first journals, which had a number of CPU slots", () => {
  const { workers: _, ...rest } = settings;
  const first = { type: "study-created", version: 1, engine: "0", settings: { ...rest, cpus: 3 } } as const;
  const old = fold([{ seq: 0, at: 0, ...first } as unknown as Recorded]).settings;
  expect(old).toEqual({ ...rest, workers: { gpus: "none", trialsPerGpu: 1, gpusPerTrial: 1, cpus: 3 } });
});

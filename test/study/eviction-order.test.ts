import { describe, expect, it } from "vitest";
import type { Recorded, StudyEvent } from "../../src/history/events.ts";
import { fold, type History } from "../../src/history/history.ts";
import { costToResume } from "../../src/history/cost-to-resume.ts";
import type { StudySettings } from "../../src/history/settings.ts";
import type { TrialView } from "../../src/history/view.ts";
import { createHyperbandScheduler } from "../../src/schedulers/hyperband.ts";
import type { Scheduler } from "../../src/schedulers/scheduler.ts";
import { nextEviction } from "../../src/study/eviction.ts";

/** Which checkpoints go first: each has 10 bytes. */

const budget = { min: 1, max: 9, eta: 3, unit: "epochs" };
const settings: StudySettings = {
  name: "test",
  seed: "1",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  objective: { kind: "none" },
  sampler: { name: "random" },
  scheduler: { name: "hyperband" },
  budget,
  stop: { trials: 10, time: null, value: null, patience: null },
  workers: { gpus: "none", trialsPerGpu: 1, gpusPerTrial: 1, cpus: 1 },
  trial: { timeout: null, idle: null, memory: null, retries: 0, grace: 1000 },
  enqueue: [],
  parallel: null,
  checkpoints: { disk: 5 },
};
const answer = { reason: "because", seen: 0 };

/** A trial's runs, each to a budget with what it then reported; the last may fail or stay open. */
interface Life {
  readonly runs: readonly (readonly [budget: number, loss: number])[];
  readonly end?: "dropped" | "failed" | "open" | "stopped";
}

/** A history in which these trials, one after the other, have lived so far. */
function historyOf(lives: readonly Life[], changes: Partial<StudySettings> = {}, more: readonly StudyEvent[] = []) {
  const events: StudyEvent[] = [
    { type: "study-created", version: 1, engine: "0", settings: { ...settings, ...changes } },
    { type: "session-started", engine: "0", node: "0", pid: 1 },
  ];
  let run = 0;
  for (const [trial, { runs, end }] of lives.entries()) {
    events.push({ ...answer, type: "trial-created", trial, params: { x: 0 }, source: "random" });
    let startStep = 1;
    for (const [attempt, [to, loss]] of runs.entries()) {
      const placement = { bracket: 0, rung: Math.round(Math.log(to) / Math.log(3)) };
      const where = { placement, slot: `cpu-${trial}`, objective: null };
      events.push(
        { ...answer, ...where, type: "run-started", run, trial, attempt: attempt + 1, budget: to, startStep },
        { type: "reported", run, step: to, metrics: { loss } },
        { type: "checkpoint-saved", run, step: to, bytes: 10 },
      );
      const last = attempt === runs.length - 1;
      if (last && end === "stopped") events.push({ ...answer, type: "run-stopped", run });
      if (last && end === "failed")
        events.push({ type: "run-ended", run, outcome: { kind: "failed", cause: { kind: "exit", message: "1" } } });
      else if (!last || (end !== "open" && end !== "stopped"))
        events.push({ type: "run-ended", run, outcome: { kind: "completed", metrics: { loss } } });
      run++;
      startStep = to + 1;
    }
    if (end === "dropped") events.push({ ...answer, type: "trial-dropped", trial });
  }
  return fold([...events, ...more].map((event, seq): Recorded => ({ seq, at: seq, ...event })));
}

const plain: Scheduler = { next: () => ({ kind: "done" }), decide: () => ({ kind: "continue" }) };

/** The trials in the order in which they lose their checkpoints, until nothing more may go. */
function order(history: History, scheduler: Scheduler = plain): readonly number[] {
  const gone: number[] = [];
  for (;;) {
    const next = nextEviction(history, scheduler);
    if (next?.type !== "checkpoint-evicted") return gone;
    gone.push(next.trial);
    history.apply({ ...next, seen: history.seq, seq: history.seq + 1, at: 0 });
  }
}

describe("the order in which checkpoints go", () => {
  it("begins with trials that ended, by what they completed and then worst first, and ends with paused ones", () => {
    const history = historyOf([
      { runs: [[3, 0.9]] },
      { runs: [[1, 0.1]] },
      { runs: [[1, 0.2]], end: "dropped" },
      { runs: [[1, 0.3]], end: "dropped" },
      { runs: [[9, 0.5]] },
      { runs: [[9, 0.4]] },
      { runs: [[9, 0.6]] },
      { runs: [[1, 0.05]], end: "failed" },
      { runs: [[1, 0.7]] },
    ]);
    // 5 is the best. 7 failed without a value. Paused are 0, 1 and 8.
    expect(order(history)).toEqual([7, 3, 2, 6, 4, 8, 1, 0]);
  });

  it("lets the least value go first where the metric is maximized", () => {
    const lives: Life[] = [0.5, 0.4, 0.6].map((loss) => ({ runs: [[9, loss]] }));
    expect(order(historyOf(lives))).toEqual([2, 0]);
    expect(order(historyOf(lives, { metric: { name: "loss", goal: "maximize" } }))).toEqual([1, 0]);
  });

  it("follows the scheduler's promise among paused trials only", () => {
    const history = historyOf([
      { runs: [[3, 0.1]] },
      { runs: [[1, 0.1]] },
      { runs: [[1, 0.9]] },
      { runs: [[1, 0.5]], end: "dropped" },
      { runs: [[9, 1]] },
    ]);
    const promise = (): ((trial: TrialView) => number) => (trial) =>
      ({ 0: 1, 1: 2, 2: 3, 3: 9 })[trial.number] as number;
    expect(order(history, { ...plain, promise })).toEqual([3, 0, 1, 2]);
  });

  it("spares what runs, what is being stopped, what waits to start again, and the best, and says so once", () => {
    const lives: Life[] = [
      { runs: [[3, 0.1]], end: "open" },
      { runs: [[3, 0.2]], end: "stopped" },
      { runs: [[9, 0.3]] },
    ];
    const open = historyOf(lives);
    expect(open.checkpoints.bytes).toBe(30);
    expect(nextEviction(open, plain)).toMatchObject({ type: "checkpoints-exceeded" });
    open.apply({ ...answer, type: "checkpoints-exceeded", seq: open.seq + 1, at: 0 });
    expect(nextEviction(open, plain)).toBeUndefined();
    // A run that died with its coordinator starts again from what it had.
    const again = { run: 2, trial: 0, attempt: 2, budget: 9, startStep: 4, slot: "cpu-0", objective: null };
    const lost = historyOf([{ runs: [[3, 0.1]] }, { runs: [[9, 0.3]] }], {}, [
      { ...answer, ...again, type: "run-started" },
      { type: "session-started", engine: "0", node: "0", pid: 1 },
    ]);
    expect(lost.trials[0]).toMatchObject({ state: "waiting", checkpoint: 3, checkpointBytes: 10 });
    expect(lost.best?.number).toBe(1);
    expect(nextEviction(lost, plain)).toMatchObject({ type: "checkpoints-exceeded" });
  });

  it("stops as soon as what is left fits", () => {
    const lives: Life[] = [1, 2, 3, 4].map((loss) => ({ runs: [[9, loss]] }));
    expect(order(historyOf(lives, { checkpoints: { disk: 25 } }))).toEqual([3, 2]);
    expect(order(historyOf(lives, { checkpoints: { disk: 40 } }))).toEqual([]);
  });

  it("gives its reasons", () => {
    const one = nextEviction(historyOf([{ runs: [[9, 1]] }, { runs: [[9, 2]] }]), plain);
    expect(one).toEqual({
      type: "checkpoint-evicted",
      trial: 1,
      step: 9,
      bytes: 10,
      reason: "removed to keep the checkpoints within 5 B: the trial is complete, and not the best",
    });
    const paused = nextEviction(historyOf([{ runs: [[1, 1]] }, { runs: [[1, 2]] }, { runs: [[1, 3]] }]), plain);
    expect(paused?.reason).toMatch(/: of 3 paused trials it is the least likely to go on$/);
  });
});

describe("Hyperband's promise", () => {
  it("is 0 for a trial that enough others of its rung are better than, and grows with the rank", () => {
    const history = historyOf([0.5, 0.1, 0.3, 0.2, 0.4].map((loss) => ({ runs: [[1, loss]] })));
    const promise = createHyperbandScheduler(budget).promise?.(history);
    // Three of the nine on the first rung go on.
    expect(history.trials.map((trial) => promise?.(trial))).toEqual([0, 1, 1 - 2 / 3, 1 - 1 / 3, 0]);
  });

  it("keeps a sure winner of a low rung rather than a sure loser of a higher one", () => {
    const history = historyOf([{ runs: [[1, 0.1]] }, { runs: [[3, 0.5]] }, { runs: [[3, 0.4]] }, { runs: [[9, 0.3]] }]);
    expect(order(history, createHyperbandScheduler(budget))).toEqual([1, 0, 2]);
  });
});

describe("an eviction, folded", () => {
  const evicted = (): History => {
    const history = historyOf([{ runs: [[3, 0.5]] }, { runs: [[9, 0.1]] }]);
    const next = nextEviction(history, plain);
    if (next !== undefined) history.apply({ ...next, seen: history.seq, seq: history.seq + 1, at: 0 });
    return history;
  };
  const follow = (history: History, ...events: readonly StudyEvent[]): History => {
    for (const event of events) history.apply({ seq: history.seq + 1, at: 0, ...event });
    return history;
  };
  const again = (run: number, attempt: number): StudyEvent => {
    const where = { slot: "cpu-0", objective: null, placement: { bracket: 0, rung: 2 } };
    return { ...answer, ...where, type: "run-started", run, trial: 0, attempt, budget: 9, startStep: 1 };
  };
  const session: StudyEvent = { type: "session-started", engine: "0", node: "0", pid: 1 };

  it("leaves no checkpoint, says why, and keeps the curve until the trial runs again", () => {
    const history = evicted();
    expect(history.trials[0]).toMatchObject({
      state: "paused",
      value: 0.5,
      checkpoint: 0,
      checkpointBytes: 0,
      saved: [],
      evicted: { step: 3, bytes: 10, reason: expect.stringMatching(/^removed to keep/) },
      reports: [{ step: 3 }],
    });
    expect(history.checkpoints).toMatchObject({ bytes: 10, evicted: 1, reruns: 0 });
    expect(follow(history, again(2, 2)).trials[0]).toMatchObject({ reports: [], completedBudget: 3 });
  });

  it("is counted as a rerun once, however often that run is lost", () => {
    const history = follow(evicted(), again(2, 2), session, again(3, 3));
    expect(history.checkpoints).toMatchObject({ evicted: 1, reruns: 1 });
  });

  it("is over when the trial has saved again", () => {
    const saved: StudyEvent = { type: "checkpoint-saved", run: 2, step: 1, bytes: 7 };
    const history = follow(evicted(), again(2, 2), { type: "reported", run: 2, step: 1, metrics: { loss: 1 } }, saved);
    expect(history.trials[0]).toMatchObject({ checkpoint: 1, checkpointBytes: 7, evicted: undefined });
    expect(history.checkpoints.bytes).toBe(17);
  });

  it("makes a run to any budget cost all its steps", () => {
    const [paused, best] = evicted().trials as readonly TrialView[] as readonly [TrialView, TrialView];
    expect(costToResume(paused, 9)).toBe(9);
    expect(costToResume({ checkpoint: 3 }, 9)).toBe(6);
    expect(costToResume(best, 9)).toBe(0);
    expect(costToResume(best, 3)).toBe(0);
  });
});

it("reads a journal from before there was a limit as one without", () => {
  const { checkpoints: _, ...old } = settings;
  const history = historyOf([{ runs: [[1, 1]] }]);
  expect(history.settings.checkpoints).toEqual({ disk: 5 });
  const event = { type: "study-created", version: 1, engine: "0", settings: old } as const;
  expect(fold([{ seq: 0, at: 0, ...event }]).settings.checkpoints).toBeUndefined();
});

import { expect, test } from "vitest";
import { Progress } from "../../src/cli/live/progress.ts";
import { plannedBudget, timeLeftInWords } from "../../src/cli/live/time-left.ts";
import type { Recorded, StudyEvent } from "../../src/history/events.ts";
import { History } from "../../src/history/history.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { resolveSpec } from "../../src/study/resolve.ts";
import { runVirtual } from "../support/virtual-study.ts";

const SPEC: StudySpec = {
  name: "virtual",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  strategy: "hyperband",
  budget: { min: 1, max: 9, unit: "epochs" },
  seed: 1,
};

const loss = (order: { readonly params: Readonly<Record<string, unknown>> }, step: number): number =>
  Number(order.params["x"]) + 1 / step;

/** What a study planned and what it used, with and without checkpoints. */
test.each([true, false])("the plan of a whole round is what it uses (checkpoints: %s)", async (checkpoints) => {
  const { events } = await runVirtual({
    spec: SPEC,
    objective: { loss, ...(checkpoints ? { checkpoints: "after" } : {}) },
  });
  const history = new History();
  history.apply(events[0] as Recorded);
  const progress = new Progress(history);
  const plan = plannedBudget(history, checkpoints);
  for (const event of events.slice(1)) {
    history.apply(event);
    progress.take(event);
  }
  expect(progress.continues).toBe(checkpoints);
  expect(progress.used).toBe(plan);
  expect(progress.planned).toBe(plan);
  expect(progress.trend.at(-1)).toBe(history.best?.value);
});

test("a resumed study counts what earlier sessions have done", async () => {
  const { events } = await runVirtual({ spec: SPEC, objective: { loss }, killAt: 60 });
  const history = new History();
  for (const event of events) history.apply(event);
  const progress = new Progress(history);
  expect(progress.ended).toBe(0);
  expect(progress.planned).toBeGreaterThan(0);
  expect(progress.trend.length).toBeGreaterThan(0);
});

function study(changes: Partial<StudySpec>): {
  history: History;
  progress: Progress;
  take: (event: StudyEvent, at: number) => void;
} {
  const spec = { ...SPEC, strategy: "random", ...changes };
  const settings = resolveSpec(spec, { subject: "test", specFolder: "/", studyFolder: null, objective: "none" });
  const history = new History();
  const apply = (event: StudyEvent, at: number): Recorded => {
    const recorded = { seq: history.seq + 1, at, ...event } as Recorded;
    history.apply(recorded);
    return recorded;
  };
  apply({ type: "study-created", version: 1, engine: "0", settings }, 0);
  apply({ type: "session-started", engine: "0", node: "", pid: 1 }, 0);
  const progress = new Progress(history);
  return { history, progress, take: (event, at) => progress.take(apply(event, at)) };
}

function runs(of: ReturnType<typeof study>, number: number): void {
  for (let trial = 0; trial < number; trial++) {
    const common = { reason: "", seen: 0 };
    of.take({ type: "trial-created", trial, params: { x: 0 }, source: "random", ...common }, trial * 1000);
    const start = { run: trial, trial, attempt: 1, budget: 9, startStep: 1, slot: "cpu-0", objective: null };
    of.take({ type: "run-started", ...start, ...common }, trial * 1000);
    of.take(
      { type: "run-ended", run: trial, outcome: { kind: "completed", metrics: { loss: 1 } } },
      (trial + 1) * 1000,
    );
  }
}

test.each<[Partial<StudySpec>, number, string | undefined]>([
  [{ stop: { trials: 10 } }, 1, "no estimate yet"],
  [{ stop: { trials: 10 } }, 4, "about 6s left"],
  [{ stop: { trials: 10, patience: 100 } }, 4, "at most about 6s left"],
  [{ stop: { trials: 10, time: "6s" } }, 4, "about 2s left, by its time rule"],
  [{ stop: { time: "1m" } }, 4, "at most 56s left"],
  [{ stop: { patience: 100 } }, 4, "no estimate: ends after 100 trials without a better loss"],
  [{ stop: { value: 0.1 } }, 4, "no estimate: ends at loss 0.1"],
  [{ strategy: "asha", stop: { trials: 20 } }, 4, "no estimate yet"],
  [{ strategy: "asha", stop: { trials: 20 } }, 10, "about 10s left"],
  [{ strategy: "asha", stop: { trials: 20, time: "12s" } }, 10, "about 2s left, by its time rule"],
  [{ strategy: "asha", stop: { trials: 10 } }, 10, undefined],
  [{ stop: { trials: 4 } }, 4, undefined],
])("with %j and %d ended runs a second each: %s", (changes, ended, words) => {
  const of = study(changes);
  runs(of, ended);
  expect(timeLeftInWords(of.history, of.progress, 1, ended * 1000)).toBe(words);
});

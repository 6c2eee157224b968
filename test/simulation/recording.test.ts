import { expect, test } from "vitest";
import { JOURNAL_VERSION, type Recorded, type StudyEvent } from "../../src/history/events.ts";
import { record } from "../../src/simulation/recording.ts";
import { resolveSpec } from "../../src/study/resolve.ts";
import { spec } from "./recorded.ts";

/** Journals written by hand, for what a clock does in the real world. */

type Timed = readonly [at: number, event: StudyEvent];

const settings = resolveSpec(spec(), { subject: "", specFolder: "/", studyFolder: null, objective: "function" });
const reason = "";
const seen = 0;

const created: Timed = [0, { type: "study-created", version: JOURNAL_VERSION, engine: "test", settings }];
const session = (at: number, slots: readonly string[] = []): Timed => [
  at,
  {
    type: "session-started",
    engine: "test",
    node: "v20",
    pid: 1,
    slots: slots.map((name) => ({ name, gpus: [] })),
  },
];
const begun = (at: number, trial: number, run: number, startStep = 1, attempt = 1, budget = 4): readonly Timed[] => [
  ...(attempt === 1
    ? [[at, { type: "trial-created", trial, params: { x: trial / 10 }, source: "random", reason, seen }] as const]
    : []),
  [
    at,
    { type: "run-started", run, trial, attempt, budget, startStep, slot: `cpu-${run}`, objective: null, reason, seen },
  ],
];
const told = (at: number, run: number, step: number): Timed => [
  at,
  { type: "reported", run, step, metrics: { loss: 10 - step } },
];
const saved = (at: number, run: number, step: number): Timed => [at, { type: "checkpoint-saved", run, step }];
const done = (at: number, run: number): Timed => [
  at,
  { type: "run-ended", run, outcome: { kind: "completed", metrics: { loss: 1 } } },
];

const recordAll = (...timed: readonly Timed[]) =>
  record(timed.map(([at, event], seq): Recorded => ({ ...event, seq, at })));

test("a step lasts the median time between reports, by the steps between them", () => {
  const { trials } = recordAll(
    created,
    session(0),
    ...begun(100, 0, 0),
    // Slow to start, then 10 ms a step, and a coordinator that was held up for an hour.
    told(400, 0, 1),
    told(410, 0, 2),
    told(3_600_410, 0, 3),
    told(3_600_420, 0, 4),
    told(3_600_430, 0, 5),
    // A report for two steps is two steps.
    ...begun(3_600_430, 1, 1),
    told(3_600_470, 1, 2),
    told(3_600_512, 1, 4),
  );
  expect(trials.map(({ pace }) => pace)).toEqual([10, 20.5]);
});

test("a lost attempt costs nothing, and what its coordinator's successor waited does not either", () => {
  const { trials, makespan } = recordAll(
    created,
    session(0),
    ...begun(0, 0, 0),
    told(10, 0, 1),
    saved(10, 0, 1),
    told(20, 0, 2),
    // Killed, and resumed a day later from the checkpoint of step 1.
    session(86_400_000),
    ...begun(86_400_000, 0, 1, 2, 2),
    told(86_400_010, 1, 2),
    told(86_400_020, 1, 3),
    told(86_400_030, 1, 4),
    done(86_400_030, 1),
  );
  expect(trials[0]).toMatchObject({ pace: 10, steps: 4, time: 40, saved: new Set([1]), ends: new Map([[4, 1]]) });
  expect(makespan).toBe(50);
});

test("what a run reported stays known when a later one is lost before it comes so far", () => {
  const { trials } = recordAll(
    created,
    session(0),
    ...begun(0, 0, 0, 1, 1, 2),
    told(10, 0, 1),
    told(20, 0, 2),
    done(20, 0),
    ...begun(20, 0, 1, 1, 2),
    told(30, 1, 1),
  );
  expect(trials[0]?.curve.map(({ step }) => step)).toEqual([1, 2]);
  // 2 epochs of the first run, and 1 so far of the second, which had no checkpoint.
  expect(trials[0]).toMatchObject({ state: "running", steps: 3, ends: new Map([[2, 1]]) });
});

test("a report after the stop is no part of the curve", () => {
  const { trials } = recordAll(
    created,
    session(0),
    ...begun(0, 0, 0),
    told(10, 0, 1),
    [10, { type: "run-stopped", run: 0, reason, seen: 4 }],
    told(1_000, 0, 2),
    [1_000, { type: "run-ended", run: 0, outcome: { kind: "stopped" } }],
  );
  expect(trials[0]).toMatchObject({ curve: [{ step: 1, metrics: { loss: 9 } }], steps: 1, pace: 10, state: "pruned" });
});

test("a trial without reports takes as long as its run, shared out over its budget", () => {
  const { trials } = recordAll(created, session(0), ...begun(0, 0, 0), done(400, 0));
  expect(trials[0]).toMatchObject({ pace: 100, steps: 4, time: 400, curve: [] });
});

test("slots are those of the session that had most, or else as many runs as were ever open", () => {
  const open = [...begun(0, 0, 0), ...begun(0, 1, 1), ...begun(0, 2, 2)];
  expect(recordAll(created, session(0, ["cpu-0", "cpu-1"]), session(0, ["cpu-0"])).slots).toBe(2);
  expect(recordAll(created, session(0), ...open).slots).toBe(3);
  expect(recordAll(created, session(0)).slots).toBe(1);
});

import fc from "fast-check";
import { describe, expect } from "vitest";
import type { Recorded } from "../../../src/history/events.ts";
import { History } from "../../../src/history/history.ts";
import { SCHEDULERS } from "../../../src/schedulers/registry.ts";
import type { StudySpec } from "../../../src/space/spec.ts";
import { schedulerOf } from "../../support/schedulers.ts";
import type { VirtualObjective, VirtualRun, VirtualStudy } from "../../support/virtual-study.ts";

/**
 * What the files of this folder share. Each of them states clauses that every scheduler must hold to, whoever wrote it, and
 * runs them for each word of the registry: `npx vitest run test/schedulers/suite -t '"asha"'` for one of them.
 */
export function forEachScheduler(clauses: (name: string) => void): void {
  for (const name of Object.keys(SCHEDULERS)) describe(`the scheduler "${name}"`, () => clauses(name));
}

/** The whole budget of these studies, of which 1 is the least. */
export const MAX = 9;

export function schedulerSpec(name: string, changes: Partial<StudySpec> = {}): StudySpec {
  return {
    name: "test",
    metric: { name: "loss", goal: "minimize" },
    parameters: { x: { type: "float", low: 0, high: 1 } },
    strategy: { sampler: "random", scheduler: schedulerOf(name, changes.metric?.goal) },
    budget: { min: 1, max: MAX, unit: "epochs" },
    trial: { retries: 1 },
    seed: 1,
    ...changes,
  };
}

/** 0 … 1, without a pattern. */
export const noise = (trial: number, step: number): number => (((trial * 31 + step) * 7919) % 101) / 101;

/** Losses of a trial with x in 0 … 1, by what is hard about them. */
const CURVES: Readonly<Record<string, (trial: number, x: number, step: number) => number>> = {
  "fall and part": (_, x, step) => x + 1 / step,
  "are flat": () => 0.5,
  cross: (trial, x, step) => (trial % 2 === 0 ? x + step / MAX : x + 1 - step / MAX),
  "rise again": (_, x, step) => x + (step / MAX - 0.4) ** 2,
  "are noisy": (trial, x, step) => x + noise(trial, step),
  "are noise": noise,
  "are huge": (trial, x, step) => (trial % 3 === 0 ? 1e300 * x : trial % 3 === 1 ? -1e300 * x : x / step),
  diverge: (trial, x, step) => (trial % 3 === 1 && step > 2 ? Number.NaN : x + 1 / step),
  explode: (trial, x, step) => (trial % 4 === 2 ? (step > 3 ? Infinity : 1e300) : x + 1 / step),
};

export const curves: fc.Arbitrary<string> = fc.constantFrom(...Object.keys(CURVES));

/** How an objective behaves beside its losses. */
export interface Behaviour {
  readonly curve: string;
  readonly checkpoints: "none" | "before" | "after";
  /** Times of steps by run and step, over and over. */
  readonly durations: readonly number[];
  /** One trial in so many fails, at its second step; 0: none. */
  readonly failing: number;
  /** One trial in so many ends before its budget; 0: none. */
  readonly content: number;
  /** One step in so many is not told; 0: none. */
  readonly untold: number;
  readonly stride: number;
  readonly overrun: number;
}

export const behaviours: fc.Arbitrary<Behaviour> = fc.record({
  curve: curves,
  checkpoints: fc.constantFrom("none", "before", "after"),
  durations: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 9 }),
  failing: fc.constantFrom(0, 0, 4, 7),
  content: fc.constantFrom(0, 0, 5),
  untold: fc.constantFrom(0, 0, 2, 5),
  stride: fc.constantFrom(1, 1, 1, 0.5, 0.7, 2),
  overrun: fc.constantFrom(0, 0, 2),
});

/** @param sign −1 for the same to be maximized */
export function objectiveOf(behaviour: Behaviour, sign: 1 | -1 = 1): VirtualObjective {
  const { curve, checkpoints, durations, failing, content, untold, stride, overrun } = behaviour;
  const oneIn = (many: number, number: number): boolean => many > 0 && number % many === many - 1;
  const loss = CURVES[curve] as NonNullable<(typeof CURVES)[string]>;
  return {
    loss: ({ trial, params }, step) => sign * loss(trial, params["x"] as number, step),
    duration: ({ run }, step) => durations[(run + Math.floor(step)) % durations.length] as number,
    // What differs in more than its numbers does not end the study.
    failure: ({ trial }, step) =>
      oneIn(failing, trial) && step >= 2
        ? { kind: "failed", cause: { kind: "exit", message: "x".repeat(trial + 1) } }
        : undefined,
    contentAt: ({ trial }) => (oneIn(content, trial) ? 2 : Infinity),
    tells: (_, step) => !oneIn(untold, Math.ceil(step)),
    ...(checkpoints === "none" ? {} : { checkpoints }),
    stride,
    overrun,
  };
}

export interface Case {
  readonly behaviour: Behaviour;
  readonly seed: number;
  readonly trials: number;
  readonly slots: number;
  readonly reproducible: boolean;
}

export const cases: fc.Arbitrary<Case> = fc.record({
  behaviour: behaviours,
  seed: fc.nat(1000),
  trials: fc.integer({ min: 1, max: 30 }),
  slots: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(1, 64)),
  reproducible: fc.boolean(),
});

export function runOf(
  name: string,
  { behaviour, seed, trials, slots, reproducible }: Case,
  goal: "minimize" | "maximize" = "minimize",
): VirtualRun {
  const metric = { name: "loss", goal };
  return {
    spec: schedulerSpec(name, { metric, seed, stop: { trials }, reproducible, workers: { cpus: slots } }),
    objective: objectiveOf(behaviour, goal === "minimize" ? 1 : -1),
    slots,
  };
}

/** What a study came to, as far as no kill and no timing may change it. */
export const substance = ({ history }: VirtualStudy): readonly unknown[] =>
  history.trials.map(({ params, state, value, completedBudget, runs, reason }) => {
    const { budget, placement, stopReason } = runs.at(-1) ?? {};
    return { params, state, value, completedBudget, budget, placement, stopReason, reason };
  });

/** Calls `visit` with each event and the history before it. */
export function replay(events: readonly Recorded[], visit: (event: Recorded, before: History) => void): History {
  const history = new History();
  for (const event of events) {
    visit(event, history);
    history.apply(event);
  }
  return history;
}

/** What cannot be in an event that is an answer, after the history before it. */
function problemsOf(event: Recorded, before: History, slots: number): readonly string[] {
  const { min = 1, max = 1 } = before.seq === -1 ? {} : (before.settings.budget ?? {});
  const unless = (holds: boolean, problem: string): readonly string[] =>
    holds ? [] : [`event ${event.seq} (${event.type}): ${problem}`];
  const stateOf = (trial: number): string | undefined => before.trials[trial]?.state;
  const reason = "reason" in event ? event.reason : "-";
  const words = unless(/\S/.test(reason) && !/undefined|null|\[object|(?<!was )NaN/.test(reason), reason);
  switch (event.type) {
    case "trial-created":
      return [...words, ...unless(before.trials.length < (before.stop.trials ?? Infinity), "one too many")];
    case "trial-dropped":
      return [...words, ...unless(stateOf(event.trial) === "paused", `it is ${stateOf(event.trial)}`)];
    case "run-stopped":
      return [...words, ...unless(before.runs[event.run]?.state === "open", "the run is not open")];
    case "run-started": {
      const { completedBudget = Infinity, runs = [] } = before.trials[event.trial] ?? {};
      const last = runs.at(-1);
      // A promotion, or else a new trial or another attempt at the same.
      const promotion = last?.state === "completed";
      const possible = stateOf(event.trial) === (promotion ? "paused" : "waiting");
      return [
        ...words,
        ...unless(before.openRuns.length < slots, "no slot is free"),
        ...unless(event.budget >= min && event.budget <= max, `its budget is ${event.budget}`),
        ...unless(event.budget > completedBudget, `it has completed ${completedBudget} of ${event.budget}`),
        ...unless(possible, `the trial is ${stateOf(event.trial)}`),
        ...unless(
          promotion || last === undefined || last.budget === event.budget,
          "another attempt, at another budget",
        ),
      ];
    }
    default:
      return words;
  }
}

/**
 * Each answer of a whole study is possible where it stands, says why, and leaves nothing undone: a run has a budget that
 * grows, only what is paused is promoted or dropped, slots hold one run each, and no trial is left waiting or paused.
 */
export function expectSound({ events, history, dispatcher }: VirtualStudy): void {
  const problems: string[] = [];
  replay(events, (event, before) => problems.push(...problemsOf(event, before, dispatcher.slots.length)));
  expect(problems).toEqual([]);
  expect(history.finished).toBeDefined();
  expect(history.openRuns).toEqual([]);
  if (history.finished?.failed !== false) return;
  if (!history.tried.exhausted) expect(history.trials).toHaveLength(history.stop.trials ?? Infinity);
  const undone = history.trials.filter(({ state }) => !["complete", "pruned", "failed"].includes(state));
  expect(undone.map(({ number, state }) => ({ number, state }))).toEqual([]);
  expect(history.trials.filter(({ value }) => !Number.isFinite(value ?? 0))).toEqual([]);
}

import { expect, it } from "vitest";
import { JOURNAL_VERSION } from "../../src/history/events.ts";
import { Coordinator } from "../../src/study/coordinator.ts";
import { Decider } from "../../src/study/decider.ts";
import { ENGINE } from "../../src/study/engine.ts";
import { resolveSpec } from "../../src/study/resolve.ts";
import { RecordingJournal } from "../support/virtual-study.ts";

/** The second attempt of a run that reports and saves as told, and then crashes. */
function secondAttempt(reproducible: boolean, live: (coordinator: Coordinator) => void): unknown {
  const settings = resolveSpec(
    {
      name: "test",
      metric: { name: "loss", goal: "minimize" },
      parameters: { x: { type: "float", low: 0, high: 1 } },
      strategy: "random",
      budget: { max: 10 },
      stop: { trials: 3 },
      trial: { retries: 1 },
      workers: { cpus: 2 },
      seed: 1,
      reproducible,
    },
    { subject: "the test's spec", specFolder: "/", studyFolder: null, objective: "function" },
  );
  const coordinator = new Coordinator(new Decider(), new RecordingJournal(), { now: () => 0 });
  coordinator.record({ type: "study-created", version: JOURNAL_VERSION, engine: ENGINE, settings });
  coordinator.startSession({});
  for (const slot of ["cpu-0", "cpu-1"]) coordinator.next({ slot, objective: null });
  live(coordinator);
  coordinator.end(0, { kind: "failed", cause: { kind: "exit", message: "it left with 1" } });
  const next = coordinator.next({ slot: "cpu-0", objective: null });
  if (typeof next === "string") throw new TypeError(`nothing was started: ${next}`);
  const { trial, startStep, reason } = next;
  return { trial, startStep, reason };
}

const save = (coordinator: Coordinator, steps: readonly number[]): void => {
  for (const step of steps) coordinator.checkpoint(0, step);
};

it.each<[string, number, (coordinator: Coordinator) => void]>([
  [
    "between two reports",
    6,
    (coordinator) => {
      for (const step of [2, 4]) coordinator.report(0, step, { loss: step });
      save(coordinator, [5]);
      coordinator.report(0, 6, { loss: 6 });
    },
  ],
  ["without any report", 6, (coordinator) => save(coordinator, [1, 2, 3, 4, 5])],
  [
    "at each report",
    6,
    (coordinator) => {
      for (const step of [1, 2, 3, 4, 5]) {
        coordinator.report(0, step, { loss: step });
        save(coordinator, [step]);
      }
    },
  ],
])("a retry goes on from a checkpoint that was saved %s, in a reproducible study too", (_, startStep, live) => {
  expect(secondAttempt(false, live)).toMatchObject({ trial: 0, startStep });
  expect(secondAttempt(true, live)).toEqual(secondAttempt(false, live));
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { HpoError } from "../../src/errors.ts";
import type { Recorded, TrialStopRequested } from "../../src/history/events.ts";
import { safetyOf } from "../../src/history/safety.ts";
import { encodeLine } from "../../src/journal/line.ts";
import { record } from "../../src/simulation/recording.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import type { Coordinator } from "../../src/study/coordinator.ts";
import { verifyStudy, type VerifyResult } from "../../src/study/verify.ts";
import { runVirtual, type VirtualObjective, type VirtualRun } from "../support/virtual-study.ts";

/** Trials that a user stops, in whole studies on a simulated clock. */

const folder = mkdtempSync(join(tmpdir(), "hpo-stop-trial-"));
afterAll(() => rmSync(folder, { recursive: true }));

function verify(events: readonly Recorded[]): VerifyResult {
  const file = join(folder, "journal.jsonl");
  writeFileSync(file, events.map((event, seq) => `${encodeLine({ ...event, seq })}\n`).join(""));
  return verifyStudy(file);
}

const spec = (strategy: string): StudySpec => ({
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  strategy,
  budget: { min: 1, max: 9, unit: "epochs" },
  trial: { retries: 1 },
  seed: 1,
});

const objective: VirtualObjective = {
  checkpoints: "after",
  loss: ({ params }, step) => (params["x"] as number) + 1 / step,
  failure: ({ trial, attempt }, step) =>
    trial % 5 === 2 && attempt === 1 && step === 1
      ? { kind: "failed", cause: { kind: "signal", message: "ended by SIGSEGV" } }
      : undefined,
};

/** Asks for a stop where it can be. */
function request(coordinator: Coordinator, trial: number): void {
  try {
    coordinator.stopTrial(trial);
  } catch (error) {
    if (!(error instanceof HpoError)) throw error;
  }
}

/** Trial 1 is asked to stop while it runs its step 2 or, on rungs, while trial 2 runs and it rests. */
const running: VirtualRun = {
  spec: { ...spec("random"), stop: { trials: 4 } },
  objective,
  during: (coordinator, { trial }, step) => {
    if (trial === 1 && step === 2) request(coordinator, 1);
  },
};
const resting: VirtualRun = {
  spec: spec("hyperband"),
  objective,
  during: (coordinator, { trial }) => {
    if (trial === 3) request(coordinator, 1);
  },
};

const isRequest = (event: Recorded): event is Recorded<TrialStopRequested> => event.type === "trial-stop-requested";

describe("a trial that a user stops", () => {
  it("ends as pruned with the last value that it told, and counts as no stop of the scheduler", async () => {
    const { history, events } = await runVirtual(running);
    const trial = history.trials[1];
    expect(trial).toMatchObject({ state: "pruned", stopRequested: true, reason: "stopped: you asked for it" });
    expect(trial?.value).toBe(trial?.reports.at(-1)?.metrics["loss"]);
    expect(trial?.reports.map(({ step }) => step)).toEqual([1]);
    expect(trial?.runs).toHaveLength(1);
    expect(trial?.givenUp).toBeUndefined();
    expect(safetyOf(history)).toBeUndefined();
    expect(history.outcomes.find((outcome) => outcome.trial === 1)).toMatchObject({ kind: "stopped" });
    expect(history.finished?.reason).toBe("all 4 trials asked for are done");
    expect(verify(events).kind).toBe("verified");
  });

  it("is given up at once where it rests on a rung, and leaves its place to others", async () => {
    const { history, events } = await runVirtual(resting);
    const at = events.findIndex(isRequest);
    expect(events[at + 1]).toMatchObject({ type: "trial-dropped", trial: 1, reason: "dropped: you asked for it" });
    expect(history.trials[1]).toMatchObject({ state: "pruned", completedBudget: 1, givenUp: undefined });
    expect(history.rungs(0).map(({ length }) => length)).toEqual([9, 3, 1]);
    expect(verify(events).kind).toBe("verified");
  });

  it("is not promoted where its run had used its budget already", async () => {
    const { history, events } = await runVirtual({
      spec: spec("hyperband"),
      objective: { loss: ({ trial }) => trial, overrun: 1 },
      during: (coordinator, { trial }, step) => {
        if (trial === 0 && step === 2) request(coordinator, 0);
      },
    });
    const types = events.slice(events.findIndex(isRequest)).map(({ type }) => type);
    expect(types.slice(0, 5)).toEqual([
      "trial-stop-requested",
      "run-stopped",
      "reported",
      "run-ended",
      "trial-dropped",
    ]);
    expect(history.runs[0]).toMatchObject({ state: "completed", value: 0 });
    // It was the best of its rung.
    expect(history.trials[0]).toMatchObject({ state: "pruned", completedBudget: 1, value: 0 });
    expect(history.trials[0]?.runs).toHaveLength(1);
    expect(verify(events).kind).toBe("verified");
  });

  it("has a record that ends there, for a simulation that would have it go on", async () => {
    const { events } = await runVirtual(running);
    const recording = record(events);
    expect(recording.trials[1]).toMatchObject({ state: "pruned", failure: undefined, steps: 1 });
    const { trials } = await simulate(recording, { name: "full" }, 1);
    expect(trials.map(({ fate }) => fate)).toEqual(["complete", "beyond", "complete", "complete"]);
  });

  it("is given up where it waits to start again", async () => {
    const whole = await runVirtual({ ...running, spec: spec("hyperband") });
    const killed = whole.events.findIndex(({ type }) => type === "reported") + 1;
    let asked = false;
    const { history, events } = await runVirtual({
      spec: spec("hyperband"),
      objective,
      events: whole.events.slice(0, killed),
      onStart: (coordinator) => {
        asked = true;
        coordinator.stopTrial(0);
      },
    });
    expect(asked).toBe(true);
    expect(history.trials[0]).toMatchObject({ state: "pruned", reason: "dropped: you asked for it" });
    expect(history.trials[0]?.runs).toHaveLength(1);
    expect(history.rungs(0)[0]?.[0]).toMatchObject({ trial: 0, state: "stopped" });
    expect(history.finished).toBeDefined();
    expect(verify(events).kind).toBe("verified");
  });

  it.each([
    ["runs", running],
    ["rests", resting],
  ] as const)("is stopped by the next session when a kill fell between request and answer (%s)", async (_, run) => {
    const whole = await runVirtual(run);
    const at = whole.events.findIndex(isRequest);
    const killed = await runVirtual({ ...run, killAt: at + 1 });
    expect(killed.events.at(-1)?.type).toBe("trial-stop-requested");
    const { history, events } = await runVirtual({ ...run, events: killed.events });
    expect(events[at + 1]).toMatchObject({ type: whole.events[at + 1]?.type, seen: at });
    expect(events[at + 2]?.type).toBe("session-started");
    expect(history.trials[1]).toMatchObject({ state: "pruned", stopRequested: true });
    expect(history.trials[1]?.runs).toHaveLength(1);
    expect(verify(events).kind).toBe("verified");
  });

  it("is refused in words where there is nothing to stop", async () => {
    const refused: string[] = [];
    const ask = (coordinator: Coordinator, trial: number): void => {
      try {
        coordinator.stopTrial(trial);
      } catch (error) {
        refused.push((error as HpoError).message);
      }
    };
    const during = (coordinator: Coordinator, { trial }: { readonly trial: number }, step: number): void => {
      if (trial !== 1 || step !== 1) return;
      for (const number of [0, 1, 1, 2]) ask(coordinator, number);
    };
    await runVirtual({ ...running, during });
    expect(refused).toEqual([
      "trial 0 has ended already: it is complete",
      "trial 1 is told to stop already",
      'study "test" has no trial 2: it has the trials 0 to 1',
    ]);
    const reproducible: StudySpec = {
      ...spec("random"),
      stop: { trials: 2 },
      reproducible: true,
      workers: { cpus: 1 },
    };
    const { events } = await runVirtual({ spec: reproducible, objective, during });
    expect(refused.at(-2)).toMatch(/^trial 1 belongs to a reproducible study: /);
    expect(events.some(isRequest)).toBe(false);
  });

  it.each(["random", "hyperband", "asha", "curve"])(
    "never goes on, whenever it is asked for and whatever is killed, in a study of %s that is verified",
    async (strategy) => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 4 }),
          fc.array(fc.record({ at: fc.nat(60), trial: fc.nat(12) }), { minLength: 1, maxLength: 6 }),
          fc.array(fc.integer({ min: 4, max: 60 }), { maxLength: 3 }),
          async (slots, requests, kills) => {
            let steps = 0;
            const during = (coordinator: Coordinator): void => {
              steps++;
              for (const { at, trial } of requests) if (at === steps) request(coordinator, trial);
            };
            const run = { spec: { ...spec(strategy), stop: { trials: 14 } }, objective, slots, during };
            let events: readonly Recorded[] = [];
            for (const after of kills)
              ({ events } = await runVirtual({ ...run, events, killAt: events.length + after }));
            const { history, events: all } = await runVirtual({ ...run, events });
            expect(history.finished).toBeDefined();
            expect(verify(all).kind).toBe("verified");
            for (const { seq, trial: number } of all.filter(isRequest)) {
              const trial = history.trials[number];
              expect(["pruned", "complete"]).toContain(trial?.state);
              expect(trial?.givenUp?.kind).not.toBe("dropped");
              expect(all.slice(seq).some((event) => event.type === "run-started" && event.trial === number)).toBe(
                false,
              );
            }
          },
        ),
        { numRuns: 25 },
      );
    },
  );
});

describe("verify of a journal with a stop that a user asked for", () => {
  it.each<[string, VirtualRun, number, (answer: Recorded) => readonly object[], RegExp]>([
    ["the stop left out", running, 1, () => [], /^kind of answer: .*"run-stopped"/],
    ["the drop left out", resting, 1, () => [], /^kind of answer: .*"trial-dropped"/],
    ["its reason altered", running, 1, (answer) => [{ ...answer, reason: "stopped: it was bad" }], /^reason: /],
    ["another run stopped", running, 1, (answer) => [{ ...answer, run: 0 }], /^run: /],
    ["what it saw altered", running, 1, (answer) => [{ ...answer, seen: 3 }], /^the event it saw last: /],
    ["a step in it", running, 1, (answer) => [{ ...answer, step: 1 }], /^found step, which no such answer has/],
    ["the request left out", running, 0, () => [], /^the event it saw last: /],
    [
      "another word in the request's place",
      running,
      0,
      (event) => [{ ...event, type: "noted", text: "stop it", trial: 1 }],
      /^kind of answer: .*"trial-created".*"run-stopped"/,
    ],
    ["a request for another trial", running, 0, (event) => [{ ...event, trial: 0 }], /^cannot be: trial 0 has ended/],
    ["a request twice", running, 0, (event) => [event, event], /^kind of answer: .*"run-stopped"/],
    ["a request for no trial", running, 0, (event) => [{ ...event, trial: 99 }], /has no trial 99/],
  ])("names %s", async (_, run, offset, change, message) => {
    const { events } = await runVirtual(run);
    const at = events.findIndex(isRequest) + offset;
    const changed = change(events[at] as Recorded) as readonly Recorded[];
    const result = verify([...events.slice(0, at), ...changed, ...events.slice(at + 1)]);
    expect(result).toMatchObject({ kind: "different", message: expect.stringMatching(message) });
    expect([at, at + 1]).toContain((result as { readonly seq: number }).seq);
  });

  it("refuses a request that is not for a number", async () => {
    const { events } = await runVirtual(running);
    const asked = events.find(isRequest) as Recorded;
    const damaged = events.map((event) => (event === asked ? ({ ...event, trial: "length" } as never) : event));
    expect(() => verify(damaged)).toThrow(expect.objectContaining({ code: "journal-damaged" }));
  });
});

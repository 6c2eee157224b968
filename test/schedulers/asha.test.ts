import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Recorded, RunStarted, TrialDropped } from "../../src/history/events.ts";
import { History } from "../../src/history/history.ts";
import { ashaRound, createAshaScheduler } from "../../src/schedulers/asha.ts";
import { rungBudgets } from "../../src/schedulers/rung-budgets.ts";
import type { Next } from "../../src/schedulers/scheduler.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual, type VirtualObjective } from "../support/virtual-study.ts";

const budget = (min: number, max: number, eta = 3) => ({ min, max, eta, unit: "epochs" });

const spec = (max: number, trials: number, extra: Partial<StudySpec> = {}): StudySpec => ({
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  strategy: "asha",
  budget: { min: 1, max, unit: "epochs" },
  stop: { trials },
  seed: 1,
  ...extra,
});

/** Worse from the first step to the last the larger x is; resumable. */
const objective: VirtualObjective = {
  loss: ({ params }, step) => (params["x"] as number) + 1 / step,
  checkpoints: "after",
};

/** The losses 1, 2, 3, … of trial 0, 1, 2, …, as told by `of`. */
const inOrder = (of: readonly number[], more: Partial<VirtualObjective> = {}): VirtualObjective => ({
  loss: ({ trial }) => of[trial] as number,
  checkpoints: "after",
  ...more,
});

const starts = (events: readonly Recorded[]): readonly Recorded<RunStarted>[] =>
  events.filter((event) => event.type === "run-started");

const drops = (events: readonly Recorded[]): readonly Recorded<TrialDropped>[] =>
  events.filter((event) => event.type === "trial-dropped");

describe("the rungs of ASHA", () => {
  it("are min·ηᵏ below max, and max", () => {
    expect(rungBudgets(budget(1, 27))).toEqual([1, 3, 9, 27]);
    expect(rungBudgets(budget(1, 243))).toEqual([1, 3, 9, 27, 81, 243]);
    expect(rungBudgets(budget(1, 10))).toEqual([1, 3, 9, 10]);
    expect(rungBudgets(budget(5, 9))).toEqual([5, 9]);
    expect(rungBudgets(budget(7, 7))).toEqual([7]);
    expect(rungBudgets(budget(1, 10, 2.5))).toEqual([1, 3, 6, 10]);
    expect(rungBudgets(budget(0.5, 3, 2))).toEqual([0.5, 1, 2, 3]);
  });

  it("ascend, and are whole where min and max are", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.nat(3000),
        fc.double({ min: 2, max: 5, noNaN: true }),
        (min, more, eta) => {
          const rungs = rungBudgets(budget(min, min + more, eta));
          expect(rungs[0]).toBe(min);
          expect(rungs.at(-1)).toBe(min + more);
          for (const [index, rung] of rungs.entries()) {
            expect(Number.isInteger(rung)).toBe(true);
            if (index > 0) expect(rung).toBeGreaterThan(rungs[index - 1] as number);
          }
        },
      ),
    );
  });

  it("make a round of which η trials come to the top", () => {
    expect(ashaRound(budget(1, 27))).toBe(81);
    expect(ashaRound(budget(1, 81))).toBe(243);
    expect(ashaRound(budget(9, 9))).toBe(3);
    expect(ashaRound(budget(1, 8, 2))).toBe(16);
  });
});

/** Algorithm 2's get_job as it reads, from the rungs alone, with a sort for each. */
function promotionPlainly(history: History, eta: number): { trial: number; rung: number } | undefined {
  const rungs = history.rungs(0);
  for (let rung = rungBudgets(history.settings.budget ?? budget(1, 1)).length - 2; rung >= 0; rung--) {
    const entries = rungs[rung] ?? [];
    const candidates = entries
      .filter(({ state }) => state === "completed")
      .toSorted((a, b) => history.compare(a.value as number, b.value as number) || a.trial - b.trial)
      .slice(0, Math.floor(entries.filter(({ state }) => state !== "open").length / eta));
    const promotable = candidates.find(({ trial }) => {
      const above = rungs.slice(rung + 1).some((higher) => higher.some((entry) => entry.trial === trial));
      return !above && history.trials[trial]?.state === "paused";
    });
    if (promotable !== undefined) return { trial: promotable.trial, rung: rung + 1 };
  }
  return undefined;
}

describe("a study by ASHA with checkpoints", () => {
  it("promotes what Algorithm 2 promotes, whenever it is asked", async () => {
    const study = fc.record({
      seed: fc.nat(),
      slots: fc.constantFrom(1, 2, 5, 16),
      goal: fc.constantFrom("minimize" as const, "maximize" as const),
      eta: fc.constantFrom(2, 3, 4),
      levels: fc.constantFrom(3, 10, 1e9),
      failing: fc.constantFrom(0, 3, 5),
      durations: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 9 }),
    });
    let promotions = 0;
    await fc.assert(
      fc.asyncProperty(study, async ({ seed, slots, goal, eta, levels, failing, durations }) => {
        const { events } = await runVirtual({
          spec: spec(27, 60, { seed, metric: { name: "loss", goal }, budget: { min: 1, max: 27, eta } }),
          objective: {
            ...objective,
            // Equal values too.
            loss: ({ params }, step) => Math.floor((params["x"] as number) * levels) / levels + 1 / step,
            duration: ({ run }, step) => durations[(run + step) % durations.length] as number,
            failure: ({ run, trial }) =>
              failing > 0 && run % failing === failing - 1
                ? { kind: "failed", cause: { kind: "timeout", message: "x".repeat(trial + 1) } }
                : undefined,
          },
          slots,
        });
        const history = new History();
        const scheduler = createAshaScheduler(budget(1, 27, eta), { shadow: 0 });
        for (const event of events) {
          history.apply(event);
          if (event.type === "study-created" || event.type === "session-started") continue;
          const expected = promotionPlainly(history, eta);
          const next = scheduler.next(history, true);
          if (expected === undefined) expect(next).toMatchObject({ kind: "sample", budget: 1, placement: { rung: 0 } });
          else {
            promotions++;
            const { trial, rung } = expected;
            const to = rungBudgets(budget(1, 27, eta))[rung];
            expect(next).toMatchObject({ kind: "promote", trial, budget: to, placement: { bracket: 0, rung } });
          }
        }
      }),
      { numRuns: 20 },
    );
    expect(promotions).toBeGreaterThan(200);
  });

  it("promotes as soon as η trials have come, from the checkpoint, and says why", async () => {
    const { events } = await runVirtual({ spec: spec(9, 9), objective: inOrder([5, 4, 6, 3, 7, 8, 1, 2, 9]) });
    // Of trials 0 to 2 the best is 1, of 0 to 3 it is 3, of 0 to 6 the best two are 6 and 3.
    expect(
      starts(events)
        .map(({ trial, budget: given }) => `${trial}:${given}`)
        .join(" "),
    ).toMatch(/^0:1 1:1 2:1 1:3 3:1 3:3 4:1 5:1 6:1 6:3 6:9 7:1 /);
    const promoted = starts(events).find(({ reason }) => reason.startsWith("promoted"));
    expect(promoted).toMatchObject({
      trial: 1,
      startStep: 2,
      placement: { bracket: 0, rung: 1 },
      reason:
        "promoted to 3 epochs: 4 after 1 epoch is rank 1 of 3 on rung 0, of which the best goes on, from the checkpoint of step 1",
    });
    expect(starts(events)[0]?.reason).toBe("starts with 1 epoch, on the lowest of 3 rungs");
  });

  it("counts a failed trial as worst, in the size of its rung", async () => {
    const failure: VirtualObjective["failure"] = ({ trial }) =>
      trial > 0 ? { kind: "failed", cause: { kind: "timeout", message: "x".repeat(trial) } } : undefined;
    const { events } = await runVirtual({ spec: spec(9, 3), objective: { ...objective, failure } });
    expect(starts(events)[3]).toMatchObject({ trial: 0, budget: 3 });
    expect(starts(events)[3]?.reason).toContain("is rank 1 of 3 on rung 0");
  });

  it("ends with a full training of the best of the highest rung where none came to the top, and drops the rest", async () => {
    const { events, history } = await runVirtual({ spec: spec(81, 7), objective: inOrder([5, 4, 6, 3, 7, 8, 9]) });
    expect(starts(events).at(-1)).toMatchObject({
      trial: 3,
      budget: 81,
      startStep: 4,
      placement: { bracket: 0, rung: 4 },
      reason:
        "promoted to 81 epochs: 3 after 3 epochs is rank 1 of 2 on rung 1, the best that is left; no trial has completed a full training, from the checkpoint of step 3",
    });
    expect(history.best).toMatchObject({ number: 3, budget: 81 });
    expect(history.rungs(0).map((entries) => entries.length)).toEqual([7, 2, 0, 0, 1]);
    expect(drops(events).map(({ trial }) => trial)).toEqual([6, 5, 4, 2, 0, 1]);
    expect(drops(events)[0]?.reason).toBe(
      "dropped: 9 after 1 epoch is rank 7 of 7 on rung 0, of which the best 2 go on; no new trial comes",
    );
    expect(drops(events).at(-1)?.reason).toBe(
      "dropped: 4 after 3 epochs is rank 2 of 2 on rung 1, of which none goes on; no new trial comes",
    );
    expect(history.finished).toEqual({ failed: false, reason: "all 7 trials asked for are done" });
  });

  it("gives the last full training to the next best where it fails, η times at most", async () => {
    for (const failing of [1, 2, 3, 9]) {
      const failed = new Set<number>();
      const failure: VirtualObjective["failure"] = ({ trial, budget: given }) => {
        if (given < 81 || (failed.size >= failing && !failed.has(trial))) return undefined;
        failed.add(trial);
        return { kind: "failed", cause: { kind: "timeout", message: "too slow" } };
      };
      const { events, history } = await runVirtual({
        spec: spec(81, 7),
        objective: inOrder([5, 4, 6, 3, 7, 8, 9], { failure }),
      });
      const full = starts(events).filter(({ budget: given }) => given === 81);
      expect(full.map(({ trial }) => trial)).toEqual([3, 1, 0].slice(0, failing + 1));
      expect(history.best?.budget).toBe(failing < 3 ? 81 : 3);
      expect(history.trials.some(({ state }) => state === "paused")).toBe(false);
    }
  });

  it("goes on promoting, and to the top by the rungs, when a resume allows more trials", async () => {
    const run = { spec: spec(9, 3), objective };
    const { events } = await runVirtual(run);
    const { history } = await runVirtual({ ...run, events, stop: { trials: 60 } });
    expect(history.trials.filter(({ state }) => state === "complete").length).toBeGreaterThan(3);
    expect(history.rungs(0).map((entries) => entries.length)).toEqual([60, expect.any(Number), expect.any(Number)]);
  });

  it("looks at each end once, and at few of the others then", async () => {
    class Counting extends History {
      comparisons = 0;
      override compare(a: number, b: number): number {
        this.comparisons++;
        return super.compare(a, b);
      }
    }
    const { events } = await runVirtual({ spec: spec(9, 1000), objective, slots: 8 });
    const history = new Counting();
    const scheduler = createAshaScheduler(budget(1, 9), { shadow: 0 });
    let [most, next] = [0, undefined as Next | undefined];
    for (const event of events) {
      history.apply(event);
      if (event.type !== "run-ended" && event.type !== "trial-dropped") continue;
      history.comparisons = 0;
      next = scheduler.next(history, false);
      most = Math.max(most, history.comparisons);
    }
    expect(next).toEqual({ kind: "done" });
    // Two binary searches for the end, one for each rung, and one for words, among up to 1,000.
    expect(most).toBeLessThanOrEqual(6 * 11);
  });
});

describe("64 slots on a study of 2,000 trials", () => {
  /** Which share of the slots' time is spent on runs until the last trial starts. */
  const busyShare = async (checkpoints: "after" | undefined): Promise<number> => {
    const { dispatcher, history } = await runVirtual({
      spec: spec(27, 2000),
      objective: {
        loss: ({ params, trial }, step) => (params["x"] as number) + ((trial * 7919 + step * 31) % 101) / 101 / step,
        // Trainings differ tenfold in their speed, and steps a little.
        duration: ({ trial, params }, step) => 1 + 9 * (params["x"] as number) + ((trial + step) % 7) / 7,
        ...(checkpoints === undefined ? {} : { checkpoints }),
      },
      slots: 64,
    });
    expect(history.trials).toHaveLength(2000);
    const last = dispatcher.started.findLastIndex(({ attempt }) => attempt === 1);
    const until = dispatcher.spans[last]?.from ?? 0;
    const busy = dispatcher.spans.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, until) - from), 0);
    return busy / (64 * until);
  };

  it.each(["after", undefined] as const)(
    "are busy until the last starts, with checkpoints: %s",
    async (checkpoints) => {
      expect(await busyShare(checkpoints)).toBeGreaterThanOrEqual(0.95);
    },
  );
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Recorded, RunStarted, TrialDropped } from "../../src/history/events.ts";
import { History } from "../../src/history/history.ts";
import { createHyperbandScheduler, hyperbandBrackets, hyperbandRound } from "../../src/schedulers/hyperband.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual } from "../support/virtual-study.ts";

const budget = (min: number, max: number, eta = 3) => ({ min, max, eta, unit: "epochs" });

const spec = (max: number, extra: Partial<StudySpec> = {}): StudySpec => ({
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  strategy: "hyperband",
  budget: { min: 1, max, unit: "epochs" },
  seed: 1,
  ...extra,
});

/** Worse from the first step to the last the larger x is. */
const objective = {
  loss: ({ params }: { params: Record<string, unknown> }, step: number) => (params["x"] as number) + 1 / step,
};

const startsByRung = (events: readonly Recorded[]): Record<string, number[]> => {
  const starts: Record<string, number[]> = {};
  for (const event of events) {
    if (event.type !== "run-started" || event.placement === undefined) continue;
    const bracket = (starts[event.placement.bracket] ??= []);
    bracket[event.placement.rung] = (bracket[event.placement.rung] ?? 0) + 1;
  }
  return starts;
};

describe("the brackets of a round", () => {
  it("are those of Li et al. 2018, table 1, for R = 81 and η = 3", () => {
    const table = hyperbandBrackets(budget(1, 81)).map((rungs) => rungs.map(({ size, budget: r }) => [size, r]));
    expect(table).toEqual([
      [
        [81, 1],
        [27, 3],
        [9, 9],
        [3, 27],
        [1, 81],
      ],
      [
        [34, 3],
        [11, 9],
        [3, 27],
        [1, 81],
      ],
      [
        [15, 9],
        [5, 27],
        [1, 81],
      ],
      [
        [8, 27],
        [2, 81],
      ],
      [[5, 81]],
    ]);
    expect(hyperbandRound(budget(1, 81))).toBe(143);
  });

  it("are not one short where a quotient of logarithms is (243, 1, 3)", () => {
    expect(hyperbandBrackets(budget(1, 243))).toHaveLength(6);
    expect(hyperbandBrackets(budget(1, 1000, 10))).toHaveLength(4);
  });

  it("end at the whole budget, with whole budgets where min and max are whole", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 2, max: 5 }),
        (min, more, eta) => {
          for (const rungs of hyperbandBrackets(budget(min, min + more, eta))) {
            expect(rungs.at(-1)?.budget).toBe(min + more);
            for (const [i, rung] of rungs.entries()) {
              expect(Number.isInteger(rung.budget)).toBe(true);
              expect(rung.budget).toBeGreaterThanOrEqual(min);
              expect(rung.size).toBeGreaterThanOrEqual(1);
              const before = rungs[i - 1];
              if (before !== undefined) expect(rung.budget).toBeGreaterThan(before.budget);
            }
          }
        },
      ),
    );
  });
});

describe("a study by Hyperband", () => {
  it("starts every rung with the trials of the table, at any number of slots, and ends", async () => {
    for (const slots of [1, 2, 3, 7, 16, 100, 200]) {
      const { events, history } = await runVirtual({ spec: spec(81), objective, slots });
      expect(startsByRung(events)).toEqual({
        0: [81, 27, 9, 3, 1],
        1: [34, 11, 3, 1],
        2: [15, 5, 1],
        3: [8, 2],
        4: [5],
      });
      expect(history.finished).toEqual({ failed: false, reason: "all 143 trials asked for are done" });
      expect(history.trials.filter(({ state }) => state === "complete")).toHaveLength(10);
      expect(history.trials.filter(({ state }) => state === "pruned")).toHaveLength(133);
    }
  });

  it("promotes the best of a rung, from the checkpoint, and drops the others with their reasons", async () => {
    const { events, history } = await runVirtual({
      spec: spec(9),
      objective: { ...objective, checkpoints: "after" },
      slots: 3,
    });
    const xs = history.trials.slice(0, 9).map(({ params }) => params["x"] as number);
    const best = [...xs]
      .sort((a, b) => a - b)
      .slice(0, 3)
      .map((x) => xs.indexOf(x));
    const promotions = events.filter(
      (event): event is Recorded<RunStarted> => event.type === "run-started" && event.attempt === 2,
    );
    expect(promotions.slice(0, 3).map(({ trial }) => trial)).toEqual(best);
    expect(promotions[0]).toMatchObject({ startStep: 2, budget: 3, placement: { bracket: 0, rung: 1 } });
    expect(promotions[0]?.reason).toMatch(
      /^promoted to 3 epochs: \d\.\d+ after 1 epoch is rank 1 of 9 in bracket 0, from the checkpoint of step 1$/,
    );
    const drops = events.filter((event): event is Recorded<TrialDropped> => event.type === "trial-dropped");
    expect(drops[0]?.reason).toMatch(
      /^dropped: \d\.\d+ after 1 epoch is rank 4 of 9 in bracket 0; only the best 3 go on, up to \d/,
    );
  });

  it("says when a promotion has to begin at step 1", async () => {
    const { events } = await runVirtual({ spec: spec(9), objective });
    const promotion = events.find(
      (event): event is Recorded<RunStarted> => event.type === "run-started" && event.attempt === 2,
    );
    expect(promotion).toMatchObject({ startStep: 1 });
    expect(promotion?.reason).toMatch(/, from step 1, since no checkpoint was saved$/);
  });

  it("counts a failed trial as worst", async () => {
    const failure = ({ trial }: { trial: number }) =>
      trial >= 2 && trial < 9
        ? ({ kind: "failed", cause: { kind: "timeout", message: `trial ${trial}` } } as const)
        : undefined;
    const { history, events } = await runVirtual({
      spec: spec(9, { trial: { retries: 0 } }),
      objective: { ...objective, failure },
    });
    expect(startsByRung(events)[0]).toEqual([9, 2, 1]);
    expect(history.trials.filter(({ state }) => state === "failed")).toHaveLength(7);
    expect(history.finished?.failed).toBe(false);
  });

  it("never deadlocks, whatever fails and however long the steps last", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 0, max: 2 }),
        async (slots, trials, fails, durations, retries) => {
          const { history, events } = await runVirtual({
            spec: spec(9, { stop: { trials }, trial: { retries } }),
            slots,
            objective: {
              ...objective,
              duration: ({ run }, step) => durations[(run + step) % durations.length] as number,
              failure: ({ run }, step) =>
                fails[run % fails.length] === true && step === 1
                  ? {
                      kind: "failed",
                      cause: { kind: "exit", message: "abcdefghijklmnopqrstuvwxyz"[run % 26] as string },
                    }
                  : undefined,
            },
          });
          expect(history.finished).toBeDefined();
          expect(history.openRuns).toEqual([]);
          if (history.finished?.failed === false) {
            expect(history.trials).toHaveLength(trials);
            for (const trial of history.trials) expect(["complete", "pruned", "failed"]).toContain(trial.state);
          }
          for (const event of events) if ("reason" in event) expect(event.reason).not.toBe("");
        },
      ),
      { numRuns: 60 },
    );
  });

  it("settles a bracket that lack of trials leaves short, so that something runs to the end", async () => {
    const { history, events } = await runVirtual({ spec: spec(27, { stop: { trials: 10 } }), objective });
    expect(startsByRung(events)).toEqual({ 0: [10, 3, 1, 1] });
    expect(history.best?.budget).toBe(27);
  });

  it("keeps slots busy while a rung waits: the next bracket starts", async () => {
    const slow = { ...objective, duration: ({ trial }: { trial: number }) => (trial === 0 ? 1000 : 1) };
    const { events } = await runVirtual({ spec: spec(9), objective: slow, slots: 2 });
    const first = events.findIndex((event) => event.type === "run-started" && event.placement?.bracket === 1);
    const promoted = events.findIndex((event) => event.type === "run-started" && event.placement?.rung === 1);
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(promoted);
  });

  it("is decided the same by who remembers the brackets that are over, and by who has just come", async () => {
    // The first bracket waits for trial 0 while later ones end.
    const duration = ({ trial }: { trial: number }): number => (trial % 40 === 0 ? 60 : 1 + (trial % 3));
    const { events } = await runVirtual({
      spec: spec(9, { stop: { trials: 120 } }),
      objective: { ...objective, duration },
      slots: 3,
    });
    const history = new History();
    const remembers = createHyperbandScheduler(budget(1, 9));
    for (const event of events) {
      history.apply(event);
      if (event.type === "session-started" || event.type === "study-created") continue;
      expect(remembers.next(history, true)).toEqual(createHyperbandScheduler(budget(1, 9)).next(history, true));
    }
    expect(history.brackets).toBeGreaterThan(15);
  });

  it("takes no walk over the brackets that are over", async () => {
    class Counting extends History {
      looks = 0;
      override get brackets(): number {
        this.looks++;
        return super.brackets;
      }
    }
    const { events } = await runVirtual({ spec: spec(9, { stop: { trials: 400 } }), objective });
    const history = new Counting();
    const scheduler = createHyperbandScheduler(budget(1, 9));
    let most = 0;
    for (const event of events) {
      history.apply(event);
      if (event.type !== "run-ended") continue;
      scheduler.next(history, true);
      history.looks = 0;
      scheduler.next(history, true);
      most = Math.max(most, history.looks);
    }
    expect(history.brackets).toBeGreaterThan(50);
    expect(most).toBeLessThan(10);
  });
});

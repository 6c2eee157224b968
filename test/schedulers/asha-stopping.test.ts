import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Recorded, RunStarted, RunStopped } from "../../src/history/events.ts";
import { History } from "../../src/history/history.ts";
import type { Outcome, ReportView } from "../../src/history/view.ts";
import { createAshaScheduler } from "../../src/schedulers/asha.ts";
import { RungValues, rungsReached } from "../../src/schedulers/rung-values.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual, type VirtualObjective } from "../support/virtual-study.ts";

/** ASHA where the objective saves no checkpoints: full budgets, stopped at the rungs. */

const RUNGS = [1, 3, 9];
const BUDGET = { min: 1, max: 27, eta: 3, unit: "epochs" };

const spec = (trials: number, extra: Partial<StudySpec> = {}): StudySpec => ({
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  // Every stop is carried out.
  strategy: { sampler: "random", scheduler: { name: "asha", shadow: 0 } },
  budget: BUDGET,
  stop: { trials },
  seed: 1,
  ...extra,
});

const inOrder = (losses: readonly number[], more: Partial<VirtualObjective> = {}): VirtualObjective => ({
  loss: ({ trial }) => losses[trial] as number,
  ...more,
});

const starts = (events: readonly Recorded[]): readonly Recorded<RunStarted>[] =>
  events.filter((event) => event.type === "run-started");
const stops = (events: readonly Recorded[]): readonly Recorded<RunStopped>[] =>
  events.filter((event) => event.type === "run-stopped");

describe("a study by ASHA without checkpoints", () => {
  it("starts one trial on the lowest rung, knows then, and goes on with full budgets that are stopped at the rungs", async () => {
    const { events, history } = await runVirtual({ spec: spec(6), objective: inOrder([5, 4, 6, 3, 7, 1]) });
    expect(starts(events).map(({ trial, budget, placement }) => [trial, budget, placement?.rung])).toEqual([
      [0, 1, 0],
      [0, 27, undefined],
      ...[1, 2, 3, 4, 5].map((trial) => [trial, 27, undefined]),
    ]);
    expect(starts(events)[1]?.reason).toBe(
      "promoted to 27 epochs: 5 after 1 epoch is rank 1 of 1 on rung 0, of which the best goes on; the objective saves no checkpoints, from step 1, since no checkpoint was saved",
    );
    expect(starts(events)[2]?.reason).toBe(
      "starts with its full budget of 27 epochs, since the objective saves no checkpoints; is stopped at a rung where it is not among the best 1/3",
    );
    expect(stops(events).map(({ reason }) => reason)).toEqual([
      "stopped at step 1: loss 6 after 1 epoch is rank 3 of 3 that came to rung 0; only the best goes on, since the objective saves no checkpoints",
      "stopped at step 1: loss 7 after 1 epoch is rank 5 of 5 that came to rung 0; only the best goes on, since the objective saves no checkpoints",
    ]);
    expect(history.trials.map(({ state }) => state)).toEqual(
      "complete complete pruned complete pruned complete".split(" "),
    );
  });

  it("runs the best of what was paused before it knew again, with the full budget, and drops the rest", async () => {
    const objective: VirtualObjective = { loss: ({ trial }) => trial + 1 };
    const { events } = await runVirtual({ spec: spec(40), objective, slots: 9 });
    const again = starts(events).filter(({ attempt }) => attempt > 1);
    expect(again.map(({ trial, budget, startStep, placement }) => [trial, budget, startStep, placement])).toEqual(
      [0, 1, 2].map((trial) => [trial, 27, 1, undefined]),
    );
    const dropped = events.filter((event) => event.type === "trial-dropped");
    expect(dropped.map(({ trial }) => trial)).toEqual([8, 7, 6, 5, 4, 3]);
    expect(dropped[0]?.reason).toBe(
      "dropped: 9 after 1 epoch is rank 9 of 9 on rung 0, of which the best 3 go on; the objective saves no checkpoints",
    );
  });

  it("goes on promoting an objective that never reports, whose runs nobody could stop", async () => {
    const objective = inOrder([5, 4, 6, 3, 7, 1], { tells: () => false });
    const { events } = await runVirtual({ spec: spec(6), objective });
    expect(
      starts(events)
        .slice(0, 4)
        .map(({ trial, budget }) => [trial, budget]),
    ).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
      [1, 3],
    ]);
    expect(starts(events)[3]?.reason).toMatch(/, from step 1, since no checkpoint was saved$/);
  });

  it("does not forget what it knows when a later run of the trial saves a checkpoint after all", async () => {
    const { events, history } = await runVirtual({ spec: spec(3), objective: inOrder([3, 2, 1]) });
    const late = events.flatMap((event): readonly Recorded[] =>
      event.type === "run-ended" && event.run === 1
        ? [{ seq: 0, at: event.at, type: "checkpoint-saved", run: 1, step: 27 }, event]
        : [event],
    );
    const folded = new History();
    for (const [seq, event] of late.entries()) folded.apply({ ...event, seq });
    expect(folded.trials[0]?.checkpoint).toBe(27);
    const words = { kind: "sample", budget: 27 };
    expect(createAshaScheduler(BUDGET, { shadow: 0 }).next(history, true)).toMatchObject(words);
    expect(createAshaScheduler(BUDGET, { shadow: 0 }).next(folded, true)).toMatchObject(words);
  });

  it("never stops a run that has come to its whole budget", async () => {
    // The first report is at step 27, beyond every rung.
    const objective = inOrder([1, 2, 3, 4, 5], { stride: 27 });
    const { events } = await runVirtual({ spec: spec(5), objective });
    expect(stops(events).filter(({ reason }) => !reason.startsWith("has used its budget"))).toEqual([]);
  });
});

/** The last value told up to a step. */
const by = (curve: readonly ReportView[], step: number): number | undefined =>
  curve.filter((report) => report.step <= step && report.metrics["loss"] !== undefined).at(-1)?.metrics["loss"];

/** Stops as the rule reads, from all curves anew. */
function stopPlainly(history: History, run: number): { rank: number; of: number; rung: number } | undefined {
  const { trial } = history.runs[run] as (typeof history.runs)[number];
  const told = (history.trials[trial]?.reports ?? []).filter(({ metrics }) => metrics["loss"] !== undefined);
  const latest = told.at(-1)?.step ?? 0;
  if (latest !== history.runs[run]?.lastReport?.step || latest >= 27) return undefined;
  for (const [rung, budget] of RUNGS.entries()) {
    if (latest < budget || (told.at(-2)?.step ?? -1) >= budget) continue;
    const own = by(told, budget);
    if (own === undefined) continue;
    const others = new Map<number, number>();
    for (const { trial: other, curve, kind, budget: given } of history.outcomes) {
      const came = (curve.at(-1)?.step ?? 0) >= budget || (kind === "completed" && given >= budget);
      const value = by(curve, budget);
      if (came && value !== undefined && other !== trial && !others.has(other)) others.set(other, value);
    }
    const rank = 1 + [...others.values()].filter((value) => history.compare(value, own) < 0).length;
    if (rank > Math.max(1, Math.floor((others.size + 1) / 3))) return { rank, of: others.size + 1, rung };
  }
  return undefined;
}

describe("what is compared at a rung", () => {
  it("is the value that each curve had by the rung, whatever steps were told", async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.constantFrom("minimize" as const, "maximize" as const),
        fc.constantFrom(1, 4, 9),
        fc.constantFrom(1, 0.5, 0.7, 2, 4),
        fc.constantFrom(0, 3, 5),
        fc.constantFrom(3, 1e9),
        async (seed, goal, slots, stride, untold, levels) => {
          const { events } = await runVirtual({
            spec: spec(40, { seed, metric: { name: "loss", goal } }),
            objective: {
              // Not monotone: the value at the rung is neither the best nor the last.
              loss: ({ params, trial }, step) =>
                Math.floor(((params["x"] as number) + Math.sin(trial + 2 * step)) * levels) / levels,
              duration: ({ run }, step) => 1 + ((run * 7 + Math.floor(step) * 3) % 5),
              stride,
              tells: ({ trial }, step) => untold === 0 || (trial + Math.ceil(step)) % untold !== 0,
              contentAt: ({ trial }) => (trial % 6 === 5 ? 4 : Infinity),
            },
            slots,
          });
          const history = new History();
          for (const [index, event] of events.entries()) {
            history.apply(event);
            if (event.type !== "reported" || history.runs[event.run]?.placement !== undefined) continue;
            const next = events[index + 1];
            const reason = next?.type === "run-stopped" && next.run === event.run ? next.reason : undefined;
            if (reason?.startsWith("has used its budget") === true) continue;
            // What a run does again was judged when it was done first.
            const again = history.trials[history.runs[event.run]?.trial ?? -1]?.completedBudget ?? 0;
            const expected = event.step <= again ? undefined : stopPlainly(history, event.run);
            if (expected === undefined) expect(reason).toBeUndefined();
            else {
              count++;
              const { rank, of, rung } = expected;
              expect(reason).toContain(`is rank ${rank} of ${of} that came to rung ${rung}`);
            }
          }
        },
      ),
      { numRuns: 20 },
    );
    expect(count).toBeGreaterThan(150);
  });

  it("is judged once at a rung, by the first report that comes to it", () => {
    const curve = (...steps: readonly number[]): readonly ReportView[] =>
      steps.map((step) => ({ step, metrics: { loss: step } }));
    expect(rungsReached(curve(1), "loss", RUNGS)).toEqual([{ rung: 0, value: 1 }]);
    expect(rungsReached(curve(1, 2), "loss", RUNGS)).toEqual([]);
    expect(rungsReached(curve(1, 2, 3.5), "loss", RUNGS)).toEqual([{ rung: 1, value: 2 }]);
    expect(rungsReached(curve(1, 10), "loss", RUNGS)).toEqual([
      { rung: 1, value: 1 },
      { rung: 2, value: 1 },
    ]);
    // Nothing was told by then.
    expect(rungsReached(curve(4), "loss", RUNGS)).toEqual([]);
    expect(rungsReached([...curve(2), { step: 3, metrics: { other: 1 } }], "loss", RUNGS)).toEqual([]);
    expect(rungsReached([], "loss", RUNGS)).toEqual([]);
  });

  it("may be known in part: of ends that a run could not know, and of none that were forgotten", () => {
    const outcome = (trial: number, value: number): Outcome => ({
      trial,
      run: trial,
      params: {},
      budget: 27,
      saved: false,
      kind: "stopped",
      value,
      curve: [{ step: 1, metrics: { loss: value } }],
    });
    const values = new RungValues(RUNGS, "loss", (a, b) => a - b);
    const first = [outcome(0, 1), outcome(1, 2), outcome(2, 3), outcome(1, 0)];
    expect(values.rank(first, 0, 9, 2.5)).toEqual({ rank: 3, of: 4 });
    expect(values.rank(first.slice(0, 1), 0, 9, 2.5)).toEqual({ rank: 2, of: 2 });
    expect(values.rank(first, 0, 1, 2.5)).toEqual({ rank: 2, of: 3 });
    expect(values.rank(first, 1, 9, 2.5)).toEqual({ rank: 1, of: 1 });
    expect(values.rank([outcome(5, 9)], 0, 9, 2.5)).toEqual({ rank: 1, of: 2 });
    expect(values.rank([], 0, 9, 2.5)).toEqual({ rank: 1, of: 1 });
  });
});

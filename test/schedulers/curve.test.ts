import { describe, expect, it } from "vitest";
import { chanceToBeat } from "../../src/curves/student-t.ts";
import type { CurveEnd } from "../../src/curves/curve-model.ts";
import { curveEnds } from "../../src/history/curve-ends.ts";
import type { Recorded } from "../../src/history/events.ts";
import type { History } from "../../src/history/history.ts";
import { createCurveScheduler } from "../../src/schedulers/curve.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual, type VirtualObjective, type VirtualRun, type VirtualStudy } from "../support/virtual-study.ts";
import { replay, substance } from "./suite/scheduler-study.ts";

const spec = (trials: number, options: object = {}): StudySpec => ({
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  strategy: { sampler: "random", scheduler: { name: "curve", ...options } },
  budget: { min: 1, max: 9, eta: 3, unit: "epochs" },
  stop: { trials },
  seed: 1,
});

const x = (params: Readonly<Record<string, unknown>>): number => Number(params["x"]);
const falling: VirtualObjective["loss"] = ({ params }, step) => x(params) + 1 / step;
const resting = (
  loss: VirtualObjective["loss"],
  trials = 30,
  changes: Partial<VirtualRun> = {},
): Promise<VirtualStudy> => runVirtual({ spec: spec(trials), objective: { loss, checkpoints: "after" }, ...changes });

const starts = (events: readonly Recorded[]) => events.filter((event) => event.type === "run-started");
const bestOf = (history: History, loss: (params: Readonly<Record<string, unknown>>) => number): number =>
  history.trials.reduce((a, b) => (loss(b.params) < loss(a.params) ? b : a)).number;

describe("a study whose trials go on by their curves, with checkpoints", () => {
  it("starts with the smallest budget, and goes on with the best third of a rung, the highest first", async () => {
    const { events } = await resting(falling);
    let promoted = 0;
    let whole = 0;
    replay(events, (event, before) => {
      if (event.type !== "run-started") return;
      const trial = before.trials[event.trial];
      if (trial?.runs.length === 0) {
        expect(event).toMatchObject({ budget: 1, placement: { bracket: 0, rung: 0 } });
        expect(trial.reason).toBeTypeOf("string");
        expect(event.reason).toBe("starts with 1 epoch, on the lowest of 3 rungs");
        return;
      }
      const rung = event.placement?.rung as number;
      expect([event.budget, event.startStep]).toEqual([[1, 3, 9][rung], ([1, 3, 9][rung - 1] as number) + 1]);
      if (before.trials.length === 30 && before.openRuns.length === 0 && before.waiting.length === 0) return;
      promoted++;
      const below = before.rungs(0)[rung - 1] ?? [];
      const better = below.filter(({ value }) => (value as number) < (trial?.value as number)).length;
      // A whole training is only for those to whom fewer than 1/η² are better.
      expect(better).toBeLessThan(Math.floor(below.length / (rung === 2 ? 9 : 3)));
      if (rung === 2) whole++;
      expect(event.reason).toContain(`; rank ${better + 1} of ${below.length} on rung ${rung - 1}, `);
    });
    expect(promoted).toBeGreaterThan(5);
    expect(whole).toBeGreaterThan(0);
  });

  it("goes on at the end with those that have a chance, and drops the rest with theirs", async () => {
    const { events } = await resting(falling);
    const last = events.findLastIndex(({ type }) => type === "trial-created");
    const drops: number[] = [];
    replay(events, (event, before) => {
      if (event.seq <= last + 1 || (event.type !== "run-started" && event.type !== "trial-dropped")) return;
      const { cautiousEndOf, best } = curveEnds(before, before.outcomes);
      const chanceOf = (trial: number): number =>
        chanceToBeat(cautiousEndOf(trial) ?? { mean: 0, deviation: 1 }, best ?? NaN);
      const rests = before.trials.filter(({ state }) => state === "paused").map(({ number }) => number);
      if (event.type === "trial-dropped") {
        drops.push(event.chance as number);
        expect(rests.every((trial) => chanceOf(trial) <= 0.05)).toBe(true);
        const chance = Number((100 * chanceOf(event.trial)).toPrecision(2));
        expect(event.reason).toContain(
          `: a ${chance} % chance to beat ${Number((best as number).toPrecision(4))}, by 30 curves, `,
        );
        expect(event.reason).toMatch(
          /^dropped: no new trial comes, and predicted final loss .*; less than 5 % is too little$/,
        );
      } else if (best !== undefined && before.trials[event.trial]?.state === "paused") {
        expect(chanceOf(event.trial)).toBeGreaterThan(0.05);
        expect(chanceOf(event.trial)).toBe(Math.max(...rests.map(chanceOf)));
      }
    });
    expect(drops.length).toBeGreaterThan(10);
    // Only one of them can be the best.
    expect(drops.reduce((sum, chance) => sum + chance)).toBeLessThan(1);
    const { history } = await resting(falling);
    expect(history.trials.every(({ state }) => state === "complete" || state === "pruned")).toBe(true);
  });

  it.each<[string, VirtualObjective["loss"], (params: Readonly<Record<string, unknown>>) => number]>([
    ["fall side by side", falling, x],
    ["part", ({ params }, step) => x(params) * step ** 0.5, x],
    ["fall by powers", ({ params }, step) => (0.2 + x(params)) * (0.5 + 1 / step), x],
    [
      "cross, the best at first being the worst in the end",
      ({ params }, step) => (1 - x(params)) / step + 0.3 * x(params),
      x,
    ],
  ])("never gives up the best of curves that %s", async (_, loss, order) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { history } = await resting(loss, 40, { spec: { ...spec(40), seed }, slots: 3 });
      expect(history.best?.number).toBe(bestOf(history, order));
    }
  });

  it("goes on with one of those that are the same, once that is known", async () => {
    // Of one parameter with ten values; another has no effect.
    const { history, events } = await resting(({ params }, step) => Math.floor(10 * x(params)) + 1 / step, 60);
    const full = history.trials.filter(({ completedBudget }) => completedBudget === 9);
    expect(history.best?.value).toBe(1 / 9);
    // Before it is known some are the same, and later one in 32, lest it be wrong.
    const seen = new Set<number | undefined>();
    const again = full.filter(({ value, number }) => {
      const isAgain = seen.has(value);
      seen.add(value);
      return isAgain && number % 32 > 0;
    });
    expect(again.length).toBeLessThanOrEqual(3);
    expect(
      events.filter((event) => event.type === "trial-dropped" && event.reason.endsWith("those of an older trial"))
        .length,
    ).toBeGreaterThan(10);
  });

  it("goes on with ties of a coarse metric, which part later", async () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const { history } = await resting(
        ({ params }, step) => Math.round(10 * (step === 1 ? 0.9 : x(params))) / 10,
        60,
        { spec: { ...spec(60), seed } },
      );
      expect(history.best?.value).toBe(
        Math.min(...history.trials.map(({ params }) => Math.round(10 * x(params)) / 10)),
      );
      const onRungs = [1, 3].map(
        (budget) => history.trials.filter(({ completedBudget }) => completedBudget >= budget).length,
      );
      expect(onRungs[1]).toBeGreaterThanOrEqual(20);
    }
  });

  it("does not take for the same what stands still for long and parts late", async () => {
    let found = 0;
    for (let seed = 1; seed <= 8; seed++) {
      const study = await resting(
        ({ params }, step) =>
          step < 3 ? 0.9 : step < 9 ? (x(params) < 0.4 ? 0.8 : 0.9) : Math.round(20 * x(params)) / 20,
        60,
        { spec: { ...spec(60), seed } },
      );
      const { trials, best } = study.history;
      expect(trials.filter(({ completedBudget }) => completedBudget >= 3).length).toBeGreaterThanOrEqual(15);
      if ((best?.value as number) <= 0.1) found++;
    }
    expect(found).toBeGreaterThanOrEqual(7);
  });
});

describe("the checkpoints of paused trials", () => {
  it("are kept the longer, the likelier the trial is to beat the best so far", async () => {
    const { events } = await resting(falling, 30);
    let compared = 0;
    replay(events, (event, before) => {
      if (event.type !== "trial-created" || event.trial < 15) return;
      const scheduler = createCurveScheduler({ min: 1, max: 9, eta: 3, unit: "epochs" }, { chance: 5 });
      const priority = scheduler.promise?.(before) ?? (() => NaN);
      const { best, cautiousEndOf } = curveEnds(before, before.outcomes);
      if (best === undefined) return;
      const paused = before.trials.filter(({ state }) => state === "paused");
      const first = paused.toSorted((a, b) => priority(b) - priority(a))[0];
      for (const each of paused) {
        const [own, others] = [first, each].map((one) => cautiousEndOf(one?.number ?? -1)) as [CurveEnd, CurveEnd];
        expect(chanceToBeat(own, best)).toBeGreaterThanOrEqual(chanceToBeat(others, best));
        compared++;
      }
    });
    expect(compared).toBeGreaterThan(20);
  });
});

describe("a study whose trials go on by their curves, without checkpoints", () => {
  it("does the same as with checkpoints, and pays for the steps that it repeats", async () => {
    const saved = await resting(falling);
    const { history, dispatcher } = await runVirtual({ spec: spec(30), objective: { loss: falling } });
    const came = ({ trials }: History): unknown => trials.map(({ state, value, runs }) => [state, value, runs.length]);
    expect(came(history)).toEqual(came(saved.history));
    expect(history.best?.number).toBe(bestOf(history, x));
    expect(dispatcher.started.every(({ startStep }) => startStep === 1)).toBe(true);
    // On rungs three apart that is at most half as much again.
    expect(dispatcher.busy).toBeLessThanOrEqual(1.5 * saved.dispatcher.busy);
    expect(dispatcher.busy).toBeLessThan(0.7 * 30 * 9);
  });

  it.each<[string, Partial<VirtualObjective>, readonly number[]]>([
    ["every fourth step", { tells: (_, step) => step % 4 === 0 }, [1, 3]],
    ["only at the end, whatever the budget", { tells: (_, step) => step === 9, overrun: 8 }, [1, 9]],
  ])("starts no run on a budget within which the objective never reports: %s", async (_, objective, budgets) => {
    const { events } = await runVirtual({ spec: spec(12), objective: { loss: falling, overrun: 3, ...objective } });
    const [first, second] = budgets;
    const fresh = starts(events).filter(({ attempt }) => attempt === 1);
    expect(fresh[0]?.budget).toBe(first);
    expect(new Set(fresh.slice(1).map(({ budget }) => budget))).toEqual(new Set([second]));
  });

  it("repeats no run of an objective that reports once and takes no notice of its budget", async () => {
    const { events, history } = await runVirtual({
      spec: spec(20),
      objective: { loss: ({ params }) => x(params), contentAt: () => 1 },
    });
    const again = starts(events).filter(({ attempt }) => attempt > 1);
    expect(again.length).toBeLessThanOrEqual(4);
    expect(history.best?.number).toBe(bestOf(history, x));
  });

  it.each<[string, VirtualObjective["loss"]]>([
    ["diverge", ({ trial, params }, step) => (trial % 3 === 1 && step > 2 ? Number.NaN : x(params) + 1 / step)],
    ["explode", ({ trial, params }, step) => (trial % 3 === 1 && step > 2 ? 1e300 : x(params) + 1 / step)],
    ["are noisy", ({ trial, params }, step) => x(params) + (((trial * 31 + step) * 7919) % 101) / 500],
    ["are flat", () => 0.5],
    ["cross", ({ params }, step) => (step < 5 ? 1 - x(params) : x(params) + 1 / step)],
  ])("ends with a sound best where curves %s, on several slots and after a kill", async (_, loss) => {
    for (const checkpoints of ["after", undefined] as const) {
      const run: VirtualRun = {
        spec: { ...spec(25), reproducible: true, workers: { cpus: 3 } },
        objective: { loss, ...(checkpoints && { checkpoints }) },
        slots: 3,
      };
      const whole = await runVirtual(run);
      expect(Number.isFinite(whole.history.best?.value)).toBe(true);
      expect(whole.history.best?.budget).toBe(9);
      const retimed = {
        ...run,
        objective: { ...run.objective, duration: ({ run: each }: { readonly run: number }) => 1 + ((each * 7) % 5) },
      };
      const { events } = await runVirtual({ ...retimed, killAt: Math.floor(whole.events.length / 2) });
      expect(substance(await runVirtual({ ...retimed, events }))).toEqual(substance(whole));
    }
  });
});

import { describe, expect, it } from "vitest";
import { chanceToBeat } from "../../src/curves/chance.ts";
import { curveEnds } from "../../src/history/curve-ends.ts";
import type { Recorded } from "../../src/history/events.ts";
import type { History } from "../../src/history/history.ts";
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
      expect(better).toBeLessThan(Math.floor(below.length / 3));
      expect(event.reason).toContain(`; rank ${better + 1} of ${below.length} on rung ${rung - 1}, `);
    });
    expect(promoted).toBeGreaterThan(5);
  });

  it("goes on at the end with those that have a chance, and drops the rest with theirs", async () => {
    const { events } = await resting(falling);
    const last = events.findLastIndex(({ type }) => type === "trial-created");
    const drops: number[] = [];
    replay(events, (event, before) => {
      if (event.seq <= last + 1 || (event.type !== "run-started" && event.type !== "trial-dropped")) return;
      const { cautious, best } = curveEnds(before, before.outcomes);
      const chanceOf = (trial: number): number =>
        chanceToBeat(cautious.get(trial) ?? { mean: 0, deviation: 1 }, best ?? NaN);
      const rests = before.trials.filter(({ state }) => state === "paused").map(({ number }) => number);
      if (event.type === "trial-dropped") {
        drops.push(event.trial);
        expect(rests.every((trial) => chanceOf(trial) <= 0.05)).toBe(true);
        const chance = Number((100 * chanceOf(event.trial)).toPrecision(2));
        expect(event.reason).toContain(
          `a chance of ${chance} % to beat ${Number((best as number).toPrecision(4))}, by 30 curves, `,
        );
        expect(event.reason).toMatch(
          /^dropped: no new trial comes, and loss is foretold .*; less than 5 % is too little$/,
        );
      } else if (best !== undefined && before.trials[event.trial]?.state === "paused") {
        expect(chanceOf(event.trial)).toBeGreaterThan(0.05);
        expect(chanceOf(event.trial)).toBe(Math.max(...rests.map(chanceOf)));
      }
    });
    expect(drops.length).toBeGreaterThan(10);
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

describe("a study whose trials go on by their curves, without checkpoints", () => {
  const stopping = (loss: VirtualObjective["loss"], trials = 30, options: object = {}): VirtualRun => ({
    spec: spec(trials, options),
    objective: { loss },
  });

  it("starts with the full budget once the first has shown it", async () => {
    const { events, history } = await runVirtual(stopping(falling));
    const [first, ...others] = starts(events);
    expect(first).toMatchObject({ budget: 1, placement: { bracket: 0, rung: 0 } });
    for (const each of others) {
      expect(each.budget).toBe(9);
      expect(each.placement).toBeUndefined();
    }
    expect(others[0]?.reason).toBe("starts with its full budget of 9 epochs, since the objective saves no checkpoints");
    expect(history.best?.number).toBe(bestOf(history, x));
  });

  it.each([1, 2, 5])(
    "stops by chance, and only after %i full trainings, with the figures of the curves",
    async (startup) => {
      const { events } = await runVirtual(stopping(falling, 30, { startup, shadow: 0 }));
      let stops = 0;
      let goesOn = 0;
      const history = replay(events, (event, before) => {
        if (event.type !== "run-stopped" && event.type !== "reported") return;
        const { trial, lastReport } = before.runs[event.run] ?? {};
        const { ends, whole, best = NaN, foretell } = curveEnds(before, before.outcomes);
        if (event.type === "reported") {
          // The next event answers it.
          const answer = events[event.seq + 1];
          const reports = [...(before.trials[trial as number]?.reports ?? []), event];
          if (event.step === 9 || whole.size < startup || before.runs[event.run]?.placement !== undefined)
            expect(answer?.type).not.toBe("run-stopped");
          else {
            const end = foretell(reports) as { readonly mean: number; readonly deviation: number };
            expect(answer?.type === "run-stopped").toBe(chanceToBeat(end, best) <= 0.01);
            goesOn++;
          }
          return;
        }
        stops++;
        const end = foretell(before.trials[trial as number]?.reports ?? []) as {
          readonly mean: number;
          readonly deviation: number;
        };
        const digits = (value: number, count: number): number => Number(value.toPrecision(count));
        expect(event.reason).toBe(
          `stopped at step ${lastReport?.step}: loss is foretold to end at ${digits(end.mean, 4)} ± ${digits(end.deviation, 2)}, a chance of ${digits(100 * chanceToBeat(end, best), 2)} % to beat ${digits(best, 4)}, by ${ends.size} curves, ${whole.size} of them whole`,
        );
      });
      expect(stops).toBeGreaterThan(8);
      expect(goesOn).toBeGreaterThan(stops);
      expect(history.best?.number).toBe(bestOf(history, x));
    },
  );

  it("stops nothing for a chance of 0, and the more, the greater the chance", async () => {
    const stopped = async (chance: number): Promise<number> => {
      const { events } = await runVirtual(stopping(falling, 30, { chance }));
      return events.filter(({ type }) => type === "run-stopped").length;
    };
    const [none, some, most] = [await stopped(0), await stopped(5), await stopped(50)];
    expect(none).toBe(0);
    expect(some).toBeGreaterThan(0);
    expect(most).toBeGreaterThanOrEqual(some);
  });

  it("does not stop the better one because those before were equal", async () => {
    const { history } = await runVirtual(stopping(({ trial }, step) => (trial < 3 ? 7 : 6.5) + 2 / step, 4));
    expect(history.trials[3]?.state).toBe("complete");
    expect(history.best?.number).toBe(3);
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

import { describe, expect, it } from "vitest";
import { createRng } from "../../src/numerics/rng.ts";
import type { History } from "../../src/history/history.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual, type VirtualObjective } from "../support/virtual-study.ts";

/**
 * A small benchmark: studies of made-up curves of many shapes, at fixed seeds. Each shape is a law of the loss by the trial's x and
 * y in 0 … 1 and the share of the training that is done, so that the true end of every trial is known.
 */
type Shape = (x: number, y: number, share: number, noise: number) => number;

const SHAPES: Readonly<Record<string, Shape>> = {
  "that fall by one law": (x, _, share) => x + 1.5 * Math.exp(-4 * share),
  "that fall by powers": (x, y, share) => x + ((0.2 + y) * (0.02 + share) ** -0.5) / 7,
  "with slow starters": (x, y, share) => x + 1.5 * Math.exp(-(y < 0.3 ? 3 : 8) * share),
  "that cross": (x, _, share) => x + 0.6 * (1 - x) * Math.exp(-5 * share),
  "with plateaus": (x, y, share) => x + (share < 0.1 + 0.2 * y ? 1 : 0.1 * (1 - share)),
  "that get worse first": (x, _, share) => x + 0.5 * Math.sin(Math.PI * Math.min(1, 2 * share)) + 0.2 * (1 - share),
  "with noise": (x, _, share, noise) => x + Math.exp(-4 * share) + 0.04 * (noise - 0.5),
};

const SEEDS = [1, 2, 3, 4, 5, 6];
const TRIALS = 24;
const BUDGETS = [
  [1, 10],
  [2, 10],
  [5, 50],
  [10, 200],
] as const;

interface Case {
  readonly shape: Shape;
  readonly budget: readonly [min: number, max: number];
  readonly seed: number;
  readonly goal?: "minimize" | "maximize";
  readonly scheduler?: string;
  readonly objective?: Partial<VirtualObjective>;
}

const noiseOf = (trial: number, step: number): number => createRng("noise", trial * 1000 + step, "sample").uniform();

async function study({
  shape,
  budget: [min, max],
  seed,
  goal = "minimize",
  scheduler = "curve",
  objective = {},
}: Case) {
  const sign = goal === "minimize" ? 1 : -1;
  const lossAt = (params: Readonly<Record<string, unknown>>, trial: number, step: number): number =>
    sign * shape(Number(params["x"]), Number(params["y"]), step / max, noiseOf(trial, step));
  const spec: StudySpec = {
    name: "test",
    metric: { name: "loss", goal },
    parameters: { x: { type: "float", low: 0, high: 1 }, y: { type: "float", low: 0, high: 1 } },
    strategy: { sampler: "random", scheduler },
    budget: { min, max, unit: "epochs" },
    stop: { trials: TRIALS },
    seed,
  };
  const ran = await runVirtual({
    spec,
    objective: { loss: ({ params, trial }, step) => lossAt(params, trial, step), ...objective },
  });
  const ends = ran.history.trials.map(({ params, number }) => sign * lossAt(params, number, max));
  return { ...ran, ends, steps: ran.dispatcher.busy / (max * TRIALS) };
}

/** Regret of the best trial: 0 for the best of all that were started, 1 for the median one. */
function regretOf(history: History, ends: readonly number[]): number {
  const sorted = ends.toSorted((a, b) => a - b);
  const [best, median] = [sorted[0] as number, sorted[Math.floor(sorted.length / 2)] as number];
  return ((ends[history.best?.number ?? -1] as number) - best) / (median - best);
}

describe.each(Object.keys(SHAPES))("curves %s", (name) => {
  const shape = SHAPES[name] as Shape;

  it.each(BUDGETS)(
    "without checkpoints, from %i to %i steps: the best is found and nobody is stopped early",
    async (...budget) => {
      const regrets: number[] = [];
      let judgedEarly = 0;
      let stopped = 0;
      for (const seed of SEEDS) {
        const { history, ends, events } = await study({ shape, budget, seed });
        regrets.push(regretOf(history, ends));
        const best = ends.toSorted((a, b) => a - b).slice(0, 3);
        for (const { number, state, completedBudget } of history.trials)
          if (state === "pruned" && completedBudget < budget[0] && ends[number] !== undefined) judgedEarly++;
        for (const event of events)
          if (
            event.type === "run-stopped" &&
            event.step !== undefined &&
            best.includes(ends[history.runs[event.run]?.trial ?? -1] as number)
          )
            stopped++;
      }
      expect([judgedEarly, stopped]).toEqual([0, 0]);
      expect(Math.max(...regrets)).toBeLessThan(0.15);
      expect(regrets.reduce((a, b) => a + b) / SEEDS.length).toBeLessThan(0.02);
    },
  );

  it("with checkpoints, maximised, and reported every third step: as good, for less than all steps", async () => {
    for (const seed of SEEDS) {
      const saved = await study({ shape, budget: [1, 30], seed, objective: { checkpoints: "after" } });
      expect(regretOf(saved.history, saved.ends)).toBeLessThan(0.1);
      expect(saved.steps).toBeLessThan(0.95);
      const most = await study({ shape, budget: [1, 30], seed, goal: "maximize", objective: { checkpoints: "after" } });
      expect(most.history.best?.number).toBe(saved.history.best?.number);
      const sparse = await study({ shape, budget: [3, 30], seed, objective: { tells: (_, step) => step % 3 === 0 } });
      expect(regretOf(sparse.history, sparse.ends)).toBeLessThan(0.1);
    }
  });

  it.each([
    ["median", 0.35],
    ["asha", 0.6],
    ["hyperband", 0.6],
    ["freeze-thaw", 0.1],
  ])("by %s the regret is at most %d", async (scheduler, most) => {
    const regrets: number[] = [];
    for (const seed of SEEDS) {
      const { history, ends } = await study({
        shape,
        budget: [1, 27],
        seed,
        scheduler,
        objective: { checkpoints: "after" },
      });
      regrets.push(regretOf(history, ends));
    }
    expect(regrets.reduce((a, b) => a + b) / SEEDS.length).toBeLessThan(most);
  });
});

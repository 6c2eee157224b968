import { mean } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { LANDSCAPES, type Landscape } from "../support/landscapes.ts";
import { runVirtual } from "../support/virtual-study.ts";

const TRIALS = 40;
const SEEDS = [1, 2, 3];
/** A random search costs nothing, and is a better measure for it. */
const SEEDS_OF_RANDOM = Array.from({ length: 30 }, (_, index) => index);

/** The least loss so far, mean over the trials and the seeds: less a matter of luck than that at the end. */
async function regretOf(
  sampler: string,
  { parameters, loss }: Landscape,
  seeds: readonly number[] = SEEDS,
): Promise<number> {
  const bests: number[] = [];
  for (const seed of seeds) {
    const { history } = await runVirtual({
      spec: {
        name: "regret",
        metric: { name: "loss", goal: "minimize" },
        parameters,
        strategy: { sampler, scheduler: "full" },
        stop: { trials: TRIALS },
        seed,
      },
      objective: { loss: ({ params }) => loss(params) },
    });
    let best = Infinity;
    for (const { value } of history.trials) bests.push((best = Math.min(best, value as number)));
  }
  return mean(bests);
}

/**
 * How much regret is left, in parts of what a random search leaves, at most: what was measured, and a fifth more. Where nothing can be
 * learned it is a matter of luck, and only being misled shows.
 */
const LIMITS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  smooth: { auto: 0.68, gp: 0.58, tpe: 0.65, cmaes: 0.66 },
  plateaus: { auto: 0.82, gp: 0.97, tpe: 0.86, cmaes: 0.75 },
  steps: { auto: 0.7, gp: 0.58, tpe: 0.79, cmaes: 0.53 },
  conditional: { auto: 0.94, gp: 0.96, tpe: 0.88, cmaes: 1.06 },
  permuted: { auto: 2, gp: 2.4, tpe: 1.9, cmaes: 1.5 },
};

describe.each(Object.entries(LANDSCAPES))("on a landscape of the kind %s", (kind, landscape) => {
  it.each(Object.entries(LIMITS[kind] ?? {}))("%s leaves no more regret than it did", async (sampler, limit) => {
    const random = await regretOf("random", landscape, SEEDS_OF_RANDOM);
    expect((await regretOf(sampler, landscape)) / random).toBeLessThan(limit);
  });
});

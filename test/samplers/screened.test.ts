import { describe, expect, it } from "vitest";
import type { LogExpectedImprovement } from "../../src/gp/acquisition.ts";
import type { TrainingSet } from "../../src/gp/model.ts";
import { createRng } from "../../src/numerics/rng.ts";
import { choosePoint } from "../../src/samplers/gp-choice.ts";
import type { GpTask } from "../../src/samplers/gp-task.ts";
import { drawParams } from "../../src/samplers/random.ts";
import { configurationKey, configurations } from "../../src/space/configurations.ts";
import { FeatureMap } from "../../src/space/features.ts";
import type { Parameters } from "../../src/space/parameter.ts";
import { createSpace } from "../../src/space/space.ts";
import { suggestInPlace } from "../../src/study/suggester.ts";
import { runVirtual, type VirtualStudy } from "../support/virtual-study.ts";

const SQUARE: Parameters = { x: { type: "float", low: 0, high: 1 }, y: { type: "float", low: 0, high: 1 } };

const screened = (parameters: Parameters, trials: number | undefined, drawn = 10): Promise<VirtualStudy> =>
  runVirtual({
    spec: {
      name: "test",
      metric: { name: "loss", goal: "minimize" },
      parameters,
      strategy: "gp",
      seed: 1,
      ...(trials === undefined ? {} : { stop: { trials } }),
    },
    objective: { loss: ({ params }) => (Number(params["x"]) - 0.3) ** 2 + (Number(params["y"]) - 0.6) ** 2 },
    suggester: (sampler) =>
      suggestInPlace({ ...sampler, suggest: (task) => sampler.suggest({ ...(task as GpTask), drawn }) }),
  });

describe("the best of some configurations drawn at random", () => {
  it("is the one of greatest acquisition of exactly those", () => {
    const space = createSpace(SQUARE);
    const map = new FeatureMap(space);
    // Stands for an acquisition: the greater, the nearer to a corner.
    const worth = (row: ArrayLike<number>): number => (row[0] as number) + (row[1] as number);
    const acquisition = {
      at: (points: Float64Array, count: number) =>
        Float64Array.from({ length: count }, (_, index) => worth(points.subarray(index * map.size))),
    } as unknown as LogExpectedImprovement;
    const set = { points: new Float64Array(0), targets: new Float64Array(0) } as unknown as TrainingSet;
    for (const drawn of [1, 2, 10]) {
      for (let trial = 0; trial < 20; trial++) {
        const task = { seed: "1", trial, remaining: undefined, drawn } as GpTask;
        const rng = createRng("1", trial, "search");
        const units = Array.from({ length: drawn }, () => map.unit(drawParams(space, rng)));
        const best = units.reduce((a, b) => (worth(b) > worth(a) ? b : a));
        expect(choosePoint(space, map, acquisition, [], set, task)).toEqual(best);
      }
    }
  });

  it("says that it is one of those, and is better than chance", async () => {
    const { history, events } = await screened(SQUARE, 40);
    const created = events.filter((event) => event.type === "trial-created");
    expect(created[39]?.reason).toMatch(
      /^most expected improvement of 10 drawn at random: predicts loss \S+ ± \S+, best so far \S+, by a Gaussian process of 39 trials$/,
    );
    const median = history.trials
      .slice(10)
      .map(({ value }) => value as number)
      .sort((a, b) => a - b)[15] as number;
    // Of points at random in the square the median is 0.14.
    expect(median).toBeLessThan(0.1);
  });

  it("repeats nothing in a finite space, and comes to its end", async () => {
    const parameters: Parameters = { x: { type: "int", low: 0, high: 5 }, y: { type: "ordinal", values: [0, 0.5, 1] } };
    const space = createSpace(parameters);
    const { history } = await screened(parameters, undefined);
    const keys = history.trials.map(({ params }) => configurationKey(space, params));
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(keys)).toEqual(new Set([...configurations(space)].map((params) => configurationKey(space, params))));
  });
});

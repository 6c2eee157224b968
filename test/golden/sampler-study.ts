import { FeatureMap } from "../../src/space/features.ts";
import type { Parameters, Params } from "../../src/space/parameter.ts";
import { createSpace } from "../../src/space/space.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual } from "../support/virtual-study.ts";

/** What a sampler suggests in small studies, the same on every machine: it is committed beside this, in `samplers/`. */

/** Without logarithms, whose last digit is the engine's own; the samplers have enough of those. */
const SPACES: Readonly<Record<string, Parameters>> = {
  floats: {
    x: { type: "float", low: -1, high: 2 },
    y: { type: "float", low: 0, high: 10 },
  },
  mixed: {
    rate: { type: "float", low: 0, high: 1 },
    dropout: { type: "float", low: 0, high: 0.5, step: 0.125 },
    layers: { type: "int", low: 1, high: 8 },
    batch: { type: "ordinal", values: [16, 32, 64, 128] },
    optimizer: { type: "categorical", choices: ["sgd", "momentum", "adam"] },
    momentum: { type: "float", low: 0.5, high: 1, when: { optimizer: ["momentum"] } },
  },
  finite: {
    kind: { type: "categorical", choices: ["a", "b", null, true] },
    size: { type: "int", low: 1, high: 6 },
    words: { type: "ordinal", values: ["few", "many"], when: { kind: ["a", "b"] } },
  },
};
const TRIALS = 24;
/** The space of a study more, in which trials rest on rungs. */
const RUNGS = "floats";

/** The suggested configurations of each study, in the order of the trials. */
export type SampledStudies = Readonly<Record<string, readonly Params[]>>;

export async function sampledStudies(sampler: string): Promise<SampledStudies> {
  const sampled: Record<string, readonly Params[]> = {};
  for (const [name, parameters] of Object.entries(SPACES))
    sampled[name] = await suggested(parameters, { strategy: { sampler, scheduler: "full" } });
  const rungs = { strategy: { sampler, scheduler: "curve" }, budget: { min: 1, max: 9, eta: 3 } };
  sampled["rungs"] = await suggested(SPACES[RUNGS] as Parameters, rungs);
  return sampled;
}

async function suggested(
  parameters: Parameters,
  how: Pick<StudySpec, "strategy" | "budget">,
): Promise<readonly Params[]> {
  const map = new FeatureMap(createSpace(parameters));
  const { history } = await runVirtual({
    spec: {
      name: "golden",
      metric: { name: "loss", goal: "minimize" },
      parameters,
      ...how,
      stop: { trials: TRIALS },
      seed: "golden",
    },
    objective: {
      // Multiplication and addition only. One trial fails. With a budget, the best are not the best at first.
      loss: ({ trial, params }, step) => {
        const place = how.budget === undefined ? 0.375 : 0.375 + (9 - step) * 0.0625;
        return trial === 5
          ? Number.NaN
          : map.unit(params).reduce((sum, u, index) => sum + (index + 1) * (u - place) ** 2, 0);
      },
      checkpoints: "after",
    },
  });
  return history.trials.map(({ params }) => params);
}

/** Where two results of a sampler part, in words; undefined where they do not. */
export function firstDifference(golden: SampledStudies, sampled: SampledStudies): string | undefined {
  for (const [name, now] of Object.entries(sampled)) {
    const then = golden[name] ?? [];
    for (let trial = 0; trial < Math.max(now.length, then.length); trial++) {
      const [before, after] = [JSON.stringify(then[trial]), JSON.stringify(now[trial])];
      if (before !== after) return `study "${name}", trial ${trial}: was ${before}, is ${after}`;
    }
  }
  const lost = Object.keys(golden).find((name) => !Object.hasOwn(sampled, name));
  return lost === undefined ? undefined : `study "${lost}" is no more`;
}

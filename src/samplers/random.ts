import { createRng, type Rng } from "../numerics/rng.ts";
import { decodeParams } from "../space/decode.ts";
import type { Params } from "../space/parameter.ts";
import type { Space } from "../space/space.ts";
import type { Sampler } from "./sampler.ts";
import { drawUntried, type Remaining, remainingOf } from "./untried.ts";

interface RandomTask {
  readonly seed: string;
  readonly trial: number;
  /** In a finite space: what is left. */
  readonly remaining: Remaining | undefined;
}

/** Every configuration equally likely in the space's own scales (log where the parameter says so); in a finite space, none twice. */
export function createRandomSampler(space: Space): Sampler<RandomTask> {
  return {
    task: ({ settings, tried }, trial) => ({ seed: settings.seed, trial, remaining: remainingOf(tried) }),
    suggest: ({ seed, trial, remaining }) => {
      const rng = createRng(seed, trial, "sample");
      const draw = (): Params => drawParams(space, rng);
      const params = remaining === undefined ? draw() : drawUntried(space, remaining, rng, draw);
      return { params, reason: "drawn at random" };
    },
  };
}

/** One draw for each parameter, active or not: a condition never shifts the values of the others. */
export function drawParams(space: Space, rng: Rng): Params {
  const unit = new Map(Object.keys(space.parameters).map((name) => [name, rng.uniform()]));
  return decodeParams(space, (name) => unit.get(name) as number);
}

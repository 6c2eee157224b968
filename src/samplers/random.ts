import { decodeParams } from "../space/decode.ts";
import type { Sampler } from "./sampler.ts";

/** Every configuration equally likely in the space's own scales (log where the parameter says so). */
export function createRandomSampler(): Sampler {
  return {
    suggest: ({ space, rng }) => {
      // One draw for each parameter, active or not: a condition never shifts the values of the others.
      const unit = new Map(Object.keys(space.parameters).map((name) => [name, rng.uniform()]));
      return { params: decodeParams(space, (name) => unit.get(name) as number), reason: "drawn at random" };
    },
  };
}

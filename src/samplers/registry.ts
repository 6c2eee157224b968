import { createRandomSampler } from "./random.ts";
import type { Sampler } from "./sampler.ts";

/** Every sampler by the word that users write. A new one is a file in this folder and a line here. */
export const SAMPLERS: Readonly<Record<string, SamplerEntry>> = {
  random: { options: [], create: createRandomSampler },
};

export interface SamplerEntry {
  /** The options that it takes in `{ "sampler": { "name": …, <option>: … } }`. */
  readonly options: readonly string[];
  readonly create: () => Sampler;
}

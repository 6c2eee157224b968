import type { OptionRules } from "../space/component-options.ts";
import type { Space } from "../space/space.ts";
import { createAutoSampler } from "./auto.ts";
import { createCmaesSampler } from "./cmaes.ts";
import { createGpSampler } from "./gp.ts";
import { createGridSampler, GRID_OPTIONS, gridSize } from "./grid.ts";
import { createRandomSampler } from "./random.ts";
import type { Sampler } from "./sampler.ts";
import { createSobolSampler } from "./sobol.ts";
import { createTpeSampler } from "./tpe.ts";

/** Every sampler by the word that users write. A new one is a file in this folder and a line here. */
export const SAMPLERS: Readonly<Record<string, SamplerEntry>> = {
  auto: { options: {}, create: createAutoSampler },
  random: { options: {}, create: createRandomSampler },
  gp: { options: {}, create: (space) => createGpSampler(space) },
  grid: { options: GRID_OPTIONS, create: createGridSampler, size: gridSize },
  cmaes: { options: {}, create: createCmaesSampler },
  sobol: { options: {}, create: createSobolSampler },
  tpe: { options: {}, create: createTpeSampler },
};

export interface SamplerEntry {
  /** The options that it takes in `{ "sampler": { "name": …, <option>: … } }`. */
  readonly options: OptionRules;
  /** @param options with every default filled in */
  readonly create: (space: Space, options: Readonly<Record<string, number>>) => Sampler;
  /**
   * Of a sampler that ends by itself: how many configurations it tries, Infinity where they are too many to count. A study
   * without a stop rule then goes on until they have been tried.
   */
  readonly size?: (space: Space, options: Readonly<Record<string, number>>) => number;
}

import { FeatureMap } from "../space/features.ts";
import type { Space } from "../space/space.ts";
import { pointOrOther, type QuasiRandomTask } from "./quasi-random.ts";
import type { Sampler } from "./sampler.ts";
import { remainingOf } from "./untried.ts";

/**
 * The study's scrambled Sobol sequence: trial n gets point n, whatever was found, so that any number of trials covers the
 * space more evenly than chance. An enqueued trial takes the place of its point. In a finite space a point that was tried is
 * replaced by one drawn at random from what is left. Beyond 256 parameters that vary, `createSobol` pads: each is as even as
 * before, but two of different groups of 256 are together no better than random.
 */
export function createSobolSampler(space: Space): Sampler<QuasiRandomTask> {
  const map = new FeatureMap(space);
  return {
    task: ({ settings, tried }, trial) => ({ seed: settings.seed, trial, remaining: remainingOf(tried) }),
    suggest: (task) => {
      const { params, isOwn } = pointOrOther(space, map, task);
      const point = `point ${task.trial} of a Sobol sequence`;
      return { params, reason: isOwn ? `spread evenly: ${point}` : `drawn at random: ${point} was tried before` };
    },
  };
}

import { FeatureMap } from "../space/features.ts";
import type { Space } from "../space/space.ts";
import type { Sampler } from "./sampler.ts";
import { quasiRandomPoint } from "./quasi-random.ts";
import { groupsOf } from "./tpe-groups.ts";
import { suggestByDensities } from "./tpe-suggestion.ts";
import { createTaskMaker, type TpeTask } from "./tpe-task.ts";

/** The model begins when this many trials have completed. */
const START = 10;

/**
 * A tree-structured Parzen estimator: one density of the best trials and one of all others, and the point comes next that is
 * likeliest by the first beside the second. Parameters that are active together are modelled together, those under a
 * condition by the trials that had them. Trials that run, rest on a lower rung or failed are among the others. The first ones
 * are a scrambled Sobol sequence.
 *
 * Bergstra et al., "Algorithms for hyper-parameter optimization", NeurIPS 2011; Watanabe, "Tree-structured Parzen estimator:
 * understanding its algorithm components", arXiv 2304.11127.
 */
export function createTpeSampler(space: Space): Sampler<TpeTask> {
  const map = new FeatureMap(space);
  const groups = groupsOf(space, map);
  return {
    task: createTaskMaker(space, map, groups, START),
    suggest: (task) => {
      if (task.completed >= START) return suggestByDensities(space, map, groups, task);
      const reason = `spread evenly: the model starts when ${START} trials have completed, ${task.completed} have`;
      return { params: quasiRandomPoint(space, map, task), reason };
    },
  };
}

import type { GpCore } from "../numerics/gp-core.ts";
import { createPlainGpCore } from "../numerics/gp-core-plain.ts";
import { createWasmGpCore } from "../numerics/gp-core-wasm.ts";
import { FeatureMap } from "../space/features.ts";
import type { Space } from "../space/space.ts";
import { suggestByModel } from "./gp-suggestion.ts";
import { gpTask, type GpTask, type GpTaskOptions } from "./gp-task.ts";
import { quasiRandomPoint } from "./quasi-random.ts";
import type { Sampler, Suggestion } from "./sampler.ts";

/** The model begins when this many trials have completed: one more than there are coordinates, within bounds. */
const LEAST_START = 4;
const MOST_START = 12;

/**
 * Bayesian optimisation: a Gaussian process with a Matérn-5/2 kernel and a length scale for each parameter is fitted to what
 * has completed, and the configuration of greatest log expected improvement comes next. Trials that run,
 * or rest on a lower rung, lower the variance around them; failed ones count as the worst that completed. The first ones are a
 * scrambled Sobol sequence.
 *
 * Where trainings are on their way, the process is one over configurations and how far trainings came, so that it learns how
 * much the beginning of a training says of its end, and where in the space beginnings mislead. Budgets are an input of the
 * process in Klein et al., "Fast Bayesian optimization of machine learning hyperparameters on large datasets", AISTATS 2017,
 * section 3.1. Here it models not the loss on the way but the end that the curve foretells then, and so need not learn how
 * curves fall.
 *
 * @param options how many configurations are drawn at random, of which the best one is taken
 * @param makeCore called once, when there is a model
 */
export function createGpSampler(
  space: Space,
  options: GpTaskOptions = {},
  makeCore: () => GpCore = createWasmGpCore,
): Sampler<GpTask> {
  const map = new FeatureMap(space);
  const withProgress = new FeatureMap(space, { progress: true });
  const start = Math.min(Math.max(map.coordinates.length + 1, LEAST_START), MOST_START);
  const hasModel = ({ completed }: GpTask): boolean => completed >= start;
  let core: GpCore | undefined;
  let plain: GpCore | undefined;
  const suggestBy = (by: GpCore, task: GpTask): Suggestion =>
    suggestByModel(space, task.foretold ? withProgress : map, by, task);
  const suggestPlainly = (task: GpTask, substitute: string): Suggestion => ({
    ...suggestBy((plain ??= createPlainGpCore()), task),
    substitute,
  });
  /** Why the fast core cannot be had, once that is known. */
  let lacking: string | undefined;
  return {
    task: (history, trial) => gpTask(history, trial, options),
    isSlow: hasModel,
    suggest: (task, substitute = lacking) => {
      if (!hasModel(task)) {
        const reason = `spread evenly: the model starts when ${start} trials have completed, ${task.completed} have`;
        return { params: quasiRandomPoint(space, map, task), reason };
      }
      if (substitute !== undefined) return suggestPlainly(task, substitute);
      try {
        return suggestBy((core ??= makeCore()), task);
      } catch (error) {
        // It reserves more addresses than memory, which limits such as `ulimit -v` refuse, at first or for more points.
        if (core !== undefined && !(error instanceof RangeError)) throw error;
        const why = error instanceof Error ? error.message : String(error);
        lacking = `the model computes without WebAssembly, slower and the same but for rounding, since it cannot be had: ${why}`;
        return suggestPlainly(task, lacking);
      }
    },
  };
}

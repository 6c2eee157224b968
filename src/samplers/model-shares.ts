import { crossValidate, leaveOneOut, type Predictions } from "../gp/validation.ts";
import type { TrainingSet } from "../gp/model.ts";
import type { ModelShares } from "../history/events.ts";
import type { GpCore } from "../numerics/gp-core.ts";
import { normalLogPdf } from "../numerics/normal.ts";
import { stack } from "./stacking.ts";

/**
 * Up to this many targets the process is fitted anew without those that it is to predict. Hyperparameters that have seen them make
 * pure noise in 8 dimensions look known until 40 trials; with more trials they say the same, and take too long.
 */
const MOST_REFITTED = 50;
/** Variances below this are rounding, of targets of variance 1. */
const LEAST_VARIANCE = 1e-12;

export const ONLY_PROCESS: ModelShares = { process: 1, chance: 0 };

/**
 * How far the Gaussian process is believed, and how far chance, which expects the mean of all others everywhere: by how likely each
 * found every result when it knew all others. The process predicts the targets by cross-validation, later by leave-one-out in closed
 * form, and the shares are stacked (`stacking.ts`). So nothing needs to be tried only to judge the model.
 *
 * @param set every point has a target
 * @returns the process alone where it cannot be judged
 */
export function shareModels(core: GpCore, set: TrainingSet, hyperparameters: Float64Array): ModelShares {
  const { targets } = set;
  const byProcess = targets.length > MOST_REFITTED ? leaveOneOut(core, set, hyperparameters) : crossValidate(core, set);
  if (byProcess === undefined) return ONLY_PROCESS;
  const laws = [byProcess, byChance(targets)].map(({ mean, variance }) =>
    targets.map((target, i) => {
      const deviation = Math.sqrt(Math.max(variance[i] as number, LEAST_VARIANCE));
      return normalLogPdf((target - (mean[i] as number)) / deviation) - Math.log(deviation);
    }),
  );
  const [process, chance] = stack(laws) as readonly [number, number];
  return { process, chance };
}

/** The law of a further target of the same normal law, of which all others are known: its mean, and its variance about that. */
function byChance(targets: Float64Array): Predictions {
  const others = targets.length - 1;
  const sum = targets.reduce((a, b) => a + b, 0);
  const squares = targets.reduce((a, b) => a + b * b, 0);
  const mean = targets.map((target) => (sum - target) / others);
  const variance = targets.map(
    (target, i) => ((squares - target * target) / others - (mean[i] as number) ** 2) * (1 + 1 / others),
  );
  return { mean, variance };
}

import type { HistoryView } from "../history/view.ts";
import { cardinality } from "../space/cardinality.ts";
import type { OptionRule, OptionRules, Options } from "../space/component-options.ts";
import { configurationKey } from "../space/configurations.ts";
import { isValidValue } from "../space/decode.ts";
import { FeatureMap } from "../space/features.ts";
import { latticeOf } from "../space/lattice.ts";
import type { Parameter, Params } from "../space/parameter.ts";
import type { Space } from "../space/space.ts";
import { quasiRandomPoint, type QuasiRandomTask } from "./quasi-random.ts";
import type { Sampler } from "./sampler.ts";

export const GRID_OPTIONS: GridRules = {
  points: {
    default: 5,
    low: 2,
    high: 1000,
    whole: true,
    meaning: "values of a continuous parameter, and the most of an int",
  },
};

type GridRules = Readonly<Record<"points", OptionRule>>;

/** How many points the grid of a space has; Infinity where they are too many to count. */
export function gridSize(space: Space, options: Options<OptionRules>): number {
  return cardinality(latticeOf(space, (options as Options<GridRules>).points));
}

/** What of the grid has been tried in the first `trials` trials. */
interface Progress {
  trials: number;
  readonly keys: Set<string>;
}

/**
 * Every combination of values once (`latticeOf` says of which), without those of inactive parameters; then nothing is left.
 * The order spreads, for studies that end early: points of the study's scrambled Sobol sequence over the grid, which take all
 * values of a parameter equally often, and as they begin to repeat, grid points at random. What was enqueued counts where
 * it lies on the grid. A grid of more than 2⁵³ points, or of conditions too many to count, is never told to be done.
 */
export function createGridSampler(space: Space, options: Options<OptionRules>): Sampler<QuasiRandomTask> {
  const grid = latticeOf(space, (options as Options<GridRules>).points);
  const map = new FeatureMap(grid);
  const total = cardinality(grid);
  const isOnGrid = (params: Params): boolean =>
    Object.entries(params).every(([name, value]) => isValidValue(grid.parameters[name] as Parameter, value));

  // Trials are only ever added: each is looked at once.
  const followed = new WeakMap<HistoryView, Progress>();
  const keysOf = (history: HistoryView): ReadonlySet<string> => {
    const progress = followed.get(history) ?? { trials: 0, keys: new Set() };
    followed.set(history, progress);
    for (const { params } of history.trials.slice(progress.trials))
      if (isOnGrid(params)) progress.keys.add(configurationKey(grid, params));
    progress.trials = history.trials.length;
    return progress.keys;
  };

  return {
    task: (history, trial) => ({
      seed: history.settings.seed,
      trial,
      remaining: { cardinality: total, keys: keysOf(history) },
    }),
    suggest: (task) => ({
      params: quasiRandomPoint(grid, map, task),
      reason:
        total === Infinity
          ? "a point of a grid that is too large to count"
          : `point ${(task.remaining?.keys.size ?? 0) + 1} of the grid's ${total}`,
    }),
    exhausted: (history) => {
      return keysOf(history).size < total ? undefined : `all ${total} points of the grid have been tried`;
    },
  };
}

import { defaultPopulation } from "../cmaes/constants.ts";
import { makeTargets } from "../gp/targets.ts";
import type { Observation } from "../history/observations.ts";
import type { HistoryView } from "../history/view.ts";
import type { FeatureMap } from "../space/features.ts";
import type { Space } from "../space/space.ts";
import { MOST_TRIALS } from "./gp-task.ts";

/** For each coordinate: with fewer trials the process was ahead of CMA-ES on bbob-f8-i1-d5 even where it was blind. */
const LEAST_TRIALS = 50;
/** Two draws of a normal law of deviation 1 differ by less in 95 of 100 cases: 1.96 √2. */
const WITHIN_NOISE = 1.96 * Math.SQRT2;

/**
 * Why the evolution strategy goes on where the process has come to its end; undefined while it has not. A process sees nothing where
 * it takes for noise what differs among the best trials, as many as the strategy ranks in a generation; and it cannot learn from more
 * trials than it has room for. The strategy goes by ranks alone, and sees differences of any size. It takes the trials so far as
 * candidates of its own (Hansen, "Injecting external solutions into CMA-ES", arXiv 1110.4181). Parameters that have no order, or are
 * not always there, stay with the process.
 */
export function handOver(
  space: Space,
  map: FeatureMap,
  known: readonly Observation[],
  { lastFit }: HistoryView,
): string | undefined {
  const { coordinates } = map;
  const isOrdered = coordinates.every(({ name, ordered }) => ordered && space.parameters[name]?.when === undefined);
  const size = coordinates.length;
  if (!isOrdered || known.length < LEAST_TRIALS * size) return undefined;
  if (known.length >= MOST_TRIALS) return `the Gaussian process has no room for more than ${MOST_TRIALS} trials`;
  if (lastFit?.values.length !== size + 2) return undefined;
  const losses = known.flatMap(({ loss }) => (loss === undefined ? [] : [loss]));
  const best = [...new Set(makeTargets(losses).values)].sort((a, b) => a - b).slice(0, defaultPopulation(size));
  const spread = (best.at(-1) as number) - (best[0] as number);
  const noise = Math.exp((lastFit.values[size + 1] as number) / 2);
  return spread < WITHIN_NOISE * noise
    ? `the Gaussian process takes for noise what differs among the best ${best.length} trials`
    : undefined;
}

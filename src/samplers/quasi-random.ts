import { createRng } from "../numerics/rng.ts";
import { createSobol } from "../numerics/sobol.ts";
import type { FeatureMap } from "../space/features.ts";
import type { Params } from "../space/parameter.ts";
import type { Space } from "../space/space.ts";
import { drawParams } from "./random.ts";
import { drawUntried, type Remaining } from "./untried.ts";

/** What a point of the study's Sobol sequence depends on. */
export interface QuasiRandomTask {
  readonly seed: string;
  readonly trial: number;
  /** In a finite space: what is left. */
  readonly remaining: Remaining | undefined;
}

/**
 * The point of the study's Sobol sequence that belongs to a trial; in a finite space, one drawn at random where it was tried.
 *
 * @param map of `space`
 */
export function quasiRandomPoint(space: Space, map: FeatureMap, task: QuasiRandomTask): Params {
  return pointOrOther(space, map, task).params;
}

/** As `quasiRandomPoint`, and whether it is the sequence's own point. */
export function pointOrOther(
  space: Space,
  map: FeatureMap,
  { seed, trial, remaining }: QuasiRandomTask,
): { readonly params: Params; readonly isOwn: boolean } {
  const sobol = createSobol(map.coordinates.length, createRng(seed, 0, "start"));
  const first = map.decode(sobol(trial));
  if (remaining === undefined) return { params: first, isOwn: true };
  const rng = createRng(seed, trial, "sample");
  let drawn = 0;
  const params = drawUntried(space, remaining, rng, () => (drawn++ === 0 ? first : drawParams(space, rng)));
  return { params, isOwn: params === first };
}

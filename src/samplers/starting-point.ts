import { createRng } from "../numerics/rng.ts";
import { createSobol } from "../numerics/sobol.ts";
import type { FeatureMap } from "../space/features.ts";
import type { Params } from "../space/parameter.ts";
import type { Space } from "../space/space.ts";
import { drawParams } from "./random.ts";
import { drawUntried, type Remaining } from "./untried.ts";

interface Start {
  readonly seed: string;
  readonly trial: number;
  /** In a finite space: what is left. */
  readonly remaining: Remaining | undefined;
}

/** The point of the study's Sobol sequence that belongs to a trial; in a finite space, another one where it was tried. */
export function startingPoint(space: Space, map: FeatureMap, { seed, trial, remaining }: Start): Params {
  const sobol = createSobol(map.coordinates.length, createRng(seed, 0, "start"));
  const first = map.decode(sobol(trial));
  if (remaining === undefined) return first;
  const rng = createRng(seed, trial, "sample");
  let drawn = 0;
  return drawUntried(space, remaining, rng, () => (drawn++ === 0 ? first : drawParams(space, rng)));
}

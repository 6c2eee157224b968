import type { TriedView } from "../history/view.ts";
import type { Rng } from "../numerics/rng.ts";
import { configurationKey, configurations } from "../space/configurations.ts";
import type { Params } from "../space/parameter.ts";
import type { Space } from "../space/space.ts";

/** Draws before the space is walked through. */
export const DRAWS = 100;
/** Up to this many configurations, all that are left are listed and one is drawn; of a larger space the first one serves. */
const LISTED = 10_000;

/** A finite space, and the keys of what was tried there. */
export interface Remaining {
  readonly cardinality: number;
  readonly keys: ReadonlySet<string>;
}

/** What is left of a finite space; undefined for an infinite one. */
export function remainingOf({ cardinality, keys }: TriedView): Remaining | undefined {
  return cardinality < Infinity ? { cardinality, keys } : undefined;
}

/**
 * A configuration that was not tried.
 *
 * @param draw one of `space` at random
 * @throws TypeError when nothing is left
 */
export function drawUntried(space: Space, { cardinality, keys }: Remaining, rng: Rng, draw: () => Params): Params {
  const isNew = (params: Params): boolean => !keys.has(configurationKey(space, params));
  for (let count = 0; count < DRAWS; count++) {
    const params = draw();
    if (isNew(params)) return params;
  }
  const left: Params[] = [];
  for (const params of configurations(space)) {
    if (!isNew(params)) continue;
    left.push(params);
    if (cardinality > LISTED) break;
  }
  const params = left[Math.floor(rng.uniform() * left.length)];
  if (params === undefined) throw new TypeError("every configuration of the space has been tried");
  return params;
}

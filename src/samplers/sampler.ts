import type { Rng } from "../numerics/rng.ts";
import type { Params } from "../space/parameter.ts";
import type { Space } from "../space/space.ts";

/** Decides where in the space to try next. Implementations are pure: the same task gives the same suggestion. */
export interface Sampler {
  /** @returns a configuration inside `task.space`, with inactive parameters left out */
  suggest(task: SuggestTask): Suggestion;
}

/** Everything a suggestion may depend on. */
export interface SuggestTask {
  readonly space: Space;
  /** The number that the new trial will have. */
  readonly trial: number;
  /** Random numbers of this trial; the only source of chance. */
  readonly rng: Rng;
}

export interface Suggestion {
  readonly params: Params;
  /** Why here, in words for people. */
  readonly reason: string;
}

import { drawCandidate, type SearchLaw } from "../cmaes/search.ts";
import type { HistoryView } from "../history/view.ts";
import { createRng } from "../numerics/rng.ts";
import type { Params } from "../space/parameter.ts";
import type { Space } from "../space/space.ts";
import { CmaesFollower } from "./cmaes-follower.ts";
import { CmaesLayout } from "./cmaes-layout.ts";
import type { Sampler } from "./sampler.ts";
import { drawUntried, type Remaining, remainingOf } from "./untried.ts";

interface CmaesTask {
  readonly seed: string;
  readonly trial: number;
  readonly law: SearchLaw;
  readonly restarts: number;
  readonly restarted: string | undefined;
  readonly generation: number;
  readonly population: number;
  /** In a finite space: what is left. */
  readonly remaining: Remaining | undefined;
}

/**
 * CMA-ES over the unit cube of the space: a normal distribution is drawn from, and moved and reshaped after each generation
 * by the ranks of its trials alone. Discrete parameters keep a margin, so that they can always leave their value;
 * categoricals have a law of their own; the coordinates of inactive parameters are drawn and ranked like any, without
 * effect, which neither narrows nor favours them. In a finite space a draw that was tried is drawn again, and at last
 * replaced by any that is left. What it has learned is never saved: it follows from the outcomes.
 */
export function createCmaesSampler(space: Space): Sampler<CmaesTask> {
  const layout = new CmaesLayout(space);
  // Outcomes are only ever added: each is learned from once.
  const followers = new WeakMap<HistoryView, CmaesFollower>();
  return {
    task: (history, trial) => {
      const { seed } = history.settings;
      const follower = followers.get(history) ?? new CmaesFollower(space, layout, seed);
      followers.set(history, follower);
      follower.follow(history);
      const { law, restarts, restarted, generation, population } = follower.search;
      return { seed, trial, law, restarts, restarted, generation, population, remaining: remainingOf(history.tried) };
    },
    suggest: ({ seed, trial, law, restarts, restarted, generation, population, remaining }) => {
      const rng = createRng(seed, trial, "sample");
      let last: Params | undefined;
      const draw = (): Params => (last = layout.decode(drawCandidate(law, rng)));
      const params = remaining === undefined ? draw() : drawUntried(space, remaining, rng, draw);
      // What was listed is no draw of the law.
      const how = params === last ? "drawn for" : "one of those left, since all draws were tried before, in";
      const run = restarts === 0 ? "" : ` after restart ${restarts} (${restarted})`;
      const size = law.mean.length === 0 ? "" : `, step size ${Number(law.sigma.toPrecision(3))}`;
      return { params, reason: `${how} generation ${generation + 1}${run}, of ${population} trials${size}` };
    },
  };
}

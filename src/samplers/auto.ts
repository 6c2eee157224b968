import { curveEnds } from "../history/curve-ends.ts";
import { observe } from "../history/observations.ts";
import type { HistoryView } from "../history/view.ts";
import { FeatureMap } from "../space/features.ts";
import type { Space } from "../space/space.ts";
import { chooseArm } from "./arms.ts";
import { createCmaesSampler } from "./cmaes.ts";
import { createGpSampler } from "./gp.ts";
import { handOver } from "./hand-over.ts";
import { createRandomSampler } from "./random.ts";
import type { Sampler } from "./sampler.ts";

type Word = "gp" | "screened" | "random" | "cmaes";
/** Configurations drawn at random, of which the process takes one. */
const DRAWN = 10;

interface Choice {
  readonly by: Word;
  /** What is to be said of the choice; empty where there is nothing. */
  readonly why: string;
}

/** Which sampler suggests, and its own task. */
interface AutoTask extends Choice {
  readonly task: unknown;
}

/**
 * Believes a Gaussian process as far as it predicts. It and chance are each judged by how likely they found every result when they
 * knew all others, and get shares by which their mixture is the best predictor (`model-shares.ts`). The configuration of greatest
 * expected improvement under the process comes next, or, as often as chance's share says, one drawn at random: on an objective that
 * tells nothing of itself the study is a random search. The first ones are a scrambled Sobol sequence. Where the process has come to
 * its end, CMA-ES goes on (`hand-over.ts`).
 *
 * Where most trials are not trained to the end, three ways to find them compete instead: see `arms.ts`.
 */
export function createAutoSampler(space: Space): Sampler<AutoTask> {
  const map = new FeatureMap(space);
  const samplers: Readonly<Record<Word, Sampler>> = {
    gp: createGpSampler(space, { compared: true }),
    screened: createGpSampler(space, { drawn: DRAWN }),
    random: createRandomSampler(space),
    cmaes: createCmaesSampler(space),
  };
  return {
    task: (history, trial) => {
      const choice = choose(space, map, history, trial);
      return { ...choice, task: samplers[choice.by].task(history, trial) };
    },
    isSlow: ({ by, task }) => samplers[by].isSlow?.(task) ?? false,
    suggest: ({ by, why, task }, substitute) => {
      const suggestion = samplers[by].suggest(task, substitute);
      const isProcess = by === "gp" || by === "screened";
      // Before there is a model, the process takes a Sobol sequence; making one is what takes long.
      const source = isProcess && samplers[by].isSlow?.(task) !== true ? "sobol" : by;
      return { source, ...suggestion, reason: why === "" ? suggestion.reason : `${suggestion.reason}; ${why}` };
    },
  };
}

function choose(space: Space, map: FeatureMap, history: HistoryView, trial: number): Choice {
  if (startsSmall(history)) {
    const { arm, why } = chooseArm(history, trial);
    return { by: arm, why };
  }
  const why = handOver(space, map, observe(history).known, history);
  return why === undefined ? { by: "gp", why: "" } : { by: "cmaes", why };
}

/** Whether most trials so far were not trained to the end. */
function startsSmall(history: HistoryView): boolean {
  const { ends, whole } = curveEnds(history, history.outcomes);
  return history.settings.budget !== null && ends.size > 2 * whole.size;
}

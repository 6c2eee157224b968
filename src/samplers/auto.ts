import { curveEnds } from "../history/curve-ends.ts";
import { observe } from "../history/observations.ts";
import type { HistoryView } from "../history/view.ts";
import type { Space } from "../space/space.ts";
import { chooseArm } from "./arms.ts";
import { type Evidence, evidenceFor } from "./evidence.ts";
import { createGpSampler } from "./gp.ts";
import { createRandomSampler } from "./random.ts";
import type { Sampler } from "./sampler.ts";
import { createTpeSampler } from "./tpe.ts";

/** One trial in so many is drawn at random, from this one on: before it, each would cost the model too much. */
const CANARY_EVERY = 6;
const FIRST_CANARY = 24;
/** A model helps when it wins more than this share of its comparisons with trials drawn at random. */
const NO_BETTER = 0.5;

type Word = "gp" | "tpe" | "screened" | "random";
/** Configurations drawn at random, of which the process takes one. */
const DRAWN = 10;
/** In the order of preference. */
const MODELS = ["gp", "tpe"] as const;

interface Choice {
  readonly by: Word;
  /** What is to be said of the choice; empty where there is nothing yet. */
  readonly why: string;
}

/** Which sampler suggests, and its own task. */
interface AutoTask extends Choice {
  readonly task: unknown;
}

/**
 * Chooses a sampler for each trial: the Gaussian process, as long as its trials are better than those drawn at random; else the
 * Parzen estimator, as long as its are; else chance. One trial in six is drawn at random, like a canary in a mine: it tells
 * whether the model helps, and leads it out of a region that it is wrongly sure of. SMAC draws a fifth (Lindauer et al., "SMAC3:
 * a versatile Bayesian optimization package for hyperparameter optimization", JMLR 2022). Where most trials are not trained to the
 * end, three ways to find them compete instead: see `arms.ts`.
 */
export function createAutoSampler(space: Space): Sampler<AutoTask> {
  const samplers: Readonly<Record<Word, Sampler>> = {
    gp: createGpSampler(space),
    screened: createGpSampler(space, { drawn: DRAWN }),
    tpe: createTpeSampler(space),
    random: createRandomSampler(space),
  };
  return {
    task: (history, trial) => {
      const choice = choose(history, trial);
      return { ...choice, task: samplers[choice.by].task(history, trial) };
    },
    isSlow: ({ by, task }) => samplers[by].isSlow?.(task) ?? false,
    suggest: ({ by, why, task }) => {
      const suggestion = samplers[by].suggest(task);
      // Before there is a model, the process takes a Sobol sequence; making one is what takes long.
      const isProcess = by !== "random" && by !== "tpe";
      const source = isProcess && samplers[by].isSlow?.(task) !== true ? "sobol" : by;
      return { ...suggestion, source, reason: why === "" ? suggestion.reason : `${suggestion.reason}; ${why}` };
    },
  };
}

function choose(history: HistoryView, trial: number): Choice {
  if (startsSmall(history)) {
    const { arm, why } = chooseArm(history, trial);
    return { by: arm, why };
  }
  if (trial >= FIRST_CANARY && trial % CANARY_EVERY === 0)
    return { by: "random", why: `one trial in ${CANARY_EVERY} is, to judge the model by` };
  const { known } = observe(history);
  const failed: string[] = [];
  for (const by of MODELS) {
    const evidence = evidenceFor(by, known, history.trials);
    if (evidence === undefined) return { by, why: failed.join(", ") };
    if (evidence.share > NO_BETTER) return { by, why: [...failed, inWords(by, evidence)].join(", ") };
    failed.push(inWords(by, evidence));
  }
  return { by: "random", why: failed.join(", ") };
}

/** Whether most trials so far were not trained to the end. */
function startsSmall(history: HistoryView): boolean {
  const { ends, whole } = curveEnds(history, history.outcomes);
  return history.settings.budget !== null && ends.size > 2 * whole.size;
}

function inWords(by: Word, { share, trials, canaries }: Evidence): string {
  return `of ${trials} trials by ${by} and ${canaries} at random, ${by} has the better in ${Math.round(100 * share)} % of pairs`;
}

import type { Outcome } from "../history/view.ts";
import type { OptionRule } from "../space/component-options.ts";

export const SHADOW: OptionRule = {
  default: 5,
  low: 0,
  high: 100,
  meaning: "percent: so many stops are not carried out, to see whether they would have been right",
};

/** Wrong stops among all that a scheduler may make without being loosened. */
const TOLERATED = 0.05;

/** What wrong stops in the shadow do to a scheduler's limit. */
export interface Loosening {
  /** How much of the limit is left, above 0; 1 where nothing is loosened. */
  readonly factor: number;
  /** For a reason: ", loosened since 2 of 11 stops in the shadow were wrong"; empty where nothing is loosened. */
  readonly words: string;
}

interface Count {
  outcomes: number;
  ended: number;
  wrong: number;
}

const counts = new WeakMap<readonly Outcome[], Count>();

/**
 * As a limit that lets 5 % of wrong stops through is the tolerated one, another is multiplied by 5 % / rate. Few stops are seen in
 * the shadow, so that the rate is the mean of a beta law which begins as if 1 of 20 had been wrong: the first wrong one halves the
 * limit, and does not end all stopping.
 *
 * @param outcomes of the study, or the first ones of them; only ever added to
 */
export function loosening(outcomes: readonly Outcome[]): Loosening {
  const { ended, wrong } = count(outcomes);
  const factor = (ended + 1 / TOLERATED) * (TOLERATED / (wrong + 1));
  if (wrong === 0 || factor >= 1) return { factor: 1, words: "" };
  return {
    factor,
    words: `, loosened since ${wrong} of ${ended} ${ended === 1 ? "stop" : "stops"} in the shadow ${wrong === 1 ? "was" : "were"} wrong`,
  };
}

function count(outcomes: readonly Outcome[]): Count {
  const known = counts.get(outcomes) ?? { outcomes: 0, ended: 0, wrong: 0 };
  counts.set(outcomes, known);
  for (; known.outcomes < outcomes.length; known.outcomes++) {
    const { wrongStop } = outcomes[known.outcomes] as Outcome;
    if (wrongStop !== undefined) known.ended++;
    if (wrongStop === true) known.wrong++;
  }
  return known;
}

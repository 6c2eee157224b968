import type { Observation } from "../history/observations.ts";
import type { TrialView } from "../history/view.ts";

/** Fewer trials of a kind than this prove nothing. */
const LEAST_CANARIES = 5;
const LEAST_TRIALS = 8;

/** How what a sampler suggested compares with trials drawn at random. */
export interface Evidence {
  /** Share of pairs (its trial, a random one) in which its trial is better; ties count half. Mann and Whitney 1947. */
  readonly share: number;
  readonly trials: number;
  readonly canaries: number;
}

/**
 * @param known what is known, a failed trial being the worst
 * @param source the sampler that is judged
 * @returns undefined while there are too few trials of either kind
 */
export function evidenceFor(
  source: string,
  known: readonly Observation[],
  trials: readonly TrialView[],
): Evidence | undefined {
  const lossesOf = (wanted: string): Float64Array =>
    Float64Array.from(
      known.filter(({ trial }) => trials[trial]?.source === wanted),
      ({ loss }) => loss ?? Infinity,
    ).sort();
  const [suggested, canaries] = [lossesOf(source), lossesOf("random")];
  if (suggested.length < LEAST_TRIALS || canaries.length < LEAST_CANARIES) return undefined;
  let wins = 0;
  let [better, noWorse] = [0, 0];
  for (const loss of suggested) {
    while ((canaries[better] as number) < loss) better++;
    while ((canaries[noWorse] as number) <= loss) noWorse++;
    wins += canaries.length - (better + noWorse) / 2;
  }
  const pairs = suggested.length * canaries.length;
  return { share: wins / pairs, trials: suggested.length, canaries: canaries.length };
}

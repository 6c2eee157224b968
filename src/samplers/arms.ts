import { curveEnds } from "../history/curve-ends.ts";
import type { HistoryView } from "../history/view.ts";
import { createRng } from "../numerics/rng.ts";

/** Where a new trial may come from. */
export const ARMS = ["gp", "screened", "random"] as const;
export type Arm = (typeof ARMS)[number];

/** Before so many trials are known the arms take turns. */
const TURNS = 24;
/** The trials that count as successes: the best so many of all, three at least. */
const TOP_SHARE = 0.1;
const LEAST_TOP = 3;
/** Every arm is taken with at least this probability, so that it can show when it has become better. */
const FLOOR = 0.25;

export interface ArmChoice {
  readonly arm: Arm;
  readonly why: string;
}

/**
 * Where trials cost little to begin with, many can be tried, and breadth is worth as much as a model's word: three ways to find
 * them compete, and each is taken as often as its trials were among the best tenth, beside how many it had. Trials that are
 * foretold to end at exactly the same loss count once: whoever repeats itself finds nothing.
 */
export function chooseArm(history: HistoryView, trial: number): ArmChoice {
  const { ends } = curveEnds(history, history.outcomes);
  const tried = history.trials.filter(
    ({ number, state, excused }) => ends.has(number) || (state === "failed" && !excused),
  );
  if (tried.length < TURNS)
    return { arm: ARMS[trial % ARMS.length] as Arm, why: "while little is known, they take turns" };

  const counts = new Map(ARMS.map((arm) => [arm as string, { trials: ARMS.length, top: 1 }]));
  for (const { source } of tried) {
    const count = counts.get(source);
    if (count !== undefined) count.trials++;
  }
  const ranked = tried
    .flatMap(({ number, source }) => {
      const end = ends.get(number);
      return end === undefined ? [] : [{ number, source, loss: end.mean }];
    })
    .sort((a, b) => a.loss - b.loss || a.number - b.number);
  const top = new Set<number>();
  for (const { source, loss } of ranked) {
    if (top.size >= Math.max(LEAST_TOP, Math.ceil(TOP_SHARE * tried.length))) break;
    if (top.has(loss)) continue;
    top.add(loss);
    const count = counts.get(source);
    if (count !== undefined) count.top++;
  }

  const rates = ARMS.map((arm) => {
    const { trials, top: successes } = counts.get(arm) as { readonly trials: number; readonly top: number };
    return successes / trials;
  });
  const sum = rates.reduce((a, b) => a + b);
  const shares = rates.map((rate) => FLOOR + ((1 - FLOOR * ARMS.length) * rate) / sum);
  let u = createRng(history.settings.seed, trial, "arm").uniform();
  const index = shares.findIndex((share) => (u -= share) < 0);
  const arm = ARMS[index === -1 ? ARMS.length - 1 : index] as Arm;
  const { trials, top: successes } = counts.get(arm) as { readonly trials: number; readonly top: number };
  const share = Math.round(100 * (shares[ARMS.indexOf(arm)] as number));
  return {
    arm,
    why: `${successes - 1} of ${trials - ARMS.length} trials found so are among the best ${top.size}, for which it is taken with ${share} %`,
  };
}

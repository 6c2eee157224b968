import type { TrialRow } from "../views/payload.ts";

/** Points of all curves together: with more, a file becomes too large to send, and slow to open. */
const MOST_POINTS = 200_000;
/** What every curve keeps, however many there are: where it began and where it ended. */
const FEWEST = 2;

export interface ThinCurves {
  readonly trials: readonly TrialRow[];
  /** How many points a curve has at most, besides those at the budgets that its trial completed; null where all have all. */
  readonly most: number | null;
}

/** Leaves points out of long curves where all of them together have too many. Points that are kept are as they were told. */
export function thinCurves(trials: readonly TrialRow[], mostPoints: number = MOST_POINTS): ThinCurves {
  const lengths = trials.map(({ curve }) => curve.length / 2).filter((length) => length > 0);
  const points = lengths.reduce((sum, length) => sum + length, 0);
  if (points <= mostPoints) return { trials, most: null };
  const most = Math.max(FEWEST, Math.floor(mostPoints / lengths.length));
  return { trials: trials.map((row) => ({ ...row, curve: thin(row, most) })), most };
}

/** Evenly by place, the first and the last among them, and those at completed budgets: values are compared there. */
function thin({ curve, runs }: TrialRow, most: number): readonly number[] {
  const length = curve.length / 2;
  if (length <= most) return curve;
  const budgets = new Set(runs.flatMap(({ state, budget }) => (state === "completed" ? [budget] : [])));
  const places = new Set(Array.from({ length: most }, (_, index) => Math.round((index * (length - 1)) / (most - 1))));
  const kept: number[] = [];
  for (let place = 0; place < length; place++) {
    const [step, value] = [curve[2 * place] as number, curve[2 * place + 1] as number];
    if (places.has(place) || budgets.has(step)) kept.push(step, value);
  }
  return kept;
}

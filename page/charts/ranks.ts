import type { Goal } from "../../src/space/spec.ts";
import { comparison } from "./trials.ts";
import { colourOf, type Palette } from "./theme.ts";

/** For each value its rank as a share: 0 is the worst, 1 the best; equal values share their mean rank, and a single one is best. */
export function rankShares(values: readonly number[], goal: Goal): number[] {
  const compare = comparison(goal);
  const order = values.map((_, i) => i).sort((a, b) => compare(values[b] as number, values[a] as number));
  const shares = values.map(() => 0);
  for (let from = 0, to = 0; from < order.length; from = to) {
    const value = values[order[from] as number] as number;
    while (to < order.length && values[order[to] as number] === value) to++;
    const share = values.length === 1 ? 1 : (from + to - 1) / 2 / (values.length - 1);
    for (let i = from; i < to; i++) shares[order[i] as number] = share;
  }
  return shares;
}

/** Colours by rank, so that a few values far away take no colours from the others; in 17 steps. */
export function rankColours(values: readonly number[], goal: Goal, palette: Palette): string[] {
  const steps = Array.from({ length: 17 }, (_, i) => colourOf(palette, i / 16));
  return rankShares(values, goal).map((share) => steps[Math.round(16 * share)] as string);
}

import type { TrialView } from "./view.ts";

/**
 * The price of going on with a trial: how many steps a run to `budget` would take, in the budget's unit and at least 0. From
 * its checkpoint these are the steps after it; without one, all of them.
 */
export function costToResume({ checkpoint }: Pick<TrialView, "checkpoint">, budget: number): number {
  return Math.max(0, budget - checkpoint);
}

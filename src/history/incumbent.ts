import type { Best, TrialView } from "./view.ts";

/** The best trial so far. Only values at the largest completed budget compare: a larger budget replaces whatever was best. */
export class Incumbent {
  best: Best | undefined;
  /** Trials that ended since `best` last changed. */
  endedSince = 0;

  /** @returns whether `trial` improves on the best; a tie does not, and is won by the lower number, whichever ended first */
  offer(trial: TrialView, budget: number, value: number, compare: (a: number, b: number) => number): boolean {
    const { best } = this;
    const order =
      best === undefined || budget > best.budget ? -1 : budget < best.budget ? 1 : compare(value, best.value);
    if (order > 0 || (order === 0 && trial.number >= (best?.number ?? 0))) return false;
    this.best = { number: trial.number, params: trial.params, value, budget };
    if (order === 0) return false;
    this.endedSince = 0;
    return true;
  }
}

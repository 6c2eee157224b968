import type { Best, TrialView } from "./view.ts";

/** The best trial so far. Only values at the largest completed budget compare: a larger budget replaces whatever was best. */
export class Incumbent {
  best: Best | undefined;
  /** Trials that ended since `best` last changed. */
  endedSince = 0;

  /** @returns whether `trial` is now the best; ties stay with the earlier one */
  offer(trial: TrialView, budget: number, value: number, compare: (a: number, b: number) => number): boolean {
    const { best } = this;
    const better =
      best === undefined || budget > best.budget || (budget === best.budget && compare(value, best.value) < 0);
    if (!better) return false;
    this.best = { number: trial.number, params: trial.params, value, budget };
    this.endedSince = 0;
    return true;
  }
}

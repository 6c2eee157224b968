import type { BudgetSettings } from "../history/settings.ts";
import { SAMPLERS } from "../samplers/registry.ts";
import { SCHEDULERS } from "../schedulers/registry.ts";

interface Pair {
  readonly sampler: string;
  readonly scheduler: string;
}

/** The words for users: named pairs of a sampler and a scheduler. A sampler's own word means full trainings of what it suggests. */
const STRATEGIES: Readonly<Record<string, Pair>> = {
  bayesian: { sampler: "auto", scheduler: "full" },
  hyperband: { sampler: "random", scheduler: "hyperband" },
  bohb: { sampler: "auto", scheduler: "hyperband" },
  asha: { sampler: "random", scheduler: "asha" },
  curve: { sampler: "auto", scheduler: "curve" },
  "freeze-thaw": { sampler: "auto", scheduler: "freeze-thaw" },
  ...Object.fromEntries(Object.keys(SAMPLERS).map((sampler) => [sampler, { sampler, scheduler: "full" }])),
};

export const STRATEGY_WORDS: readonly string[] = Object.keys(STRATEGIES);
export const SAMPLER_WORDS: readonly string[] = Object.keys(SAMPLERS);
export const SCHEDULER_WORDS: readonly string[] = Object.keys(SCHEDULERS);

/** The pair behind a word; undefined for an unknown word. */
export function strategyOf(word: string): Pair | undefined {
  return Object.hasOwn(STRATEGIES, word) ? STRATEGIES[word] : undefined;
}

/** What a study without a `strategy` gets: as much training as its curve deserves where budgets differ, else full trainings, of what the model suggests. */
export function defaultStrategy(budget: BudgetSettings | null): string {
  return budget !== null && budget.min * budget.eta <= budget.max ? "curve" : "bayesian";
}

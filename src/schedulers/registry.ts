import type { BudgetSettings } from "../history/settings.ts";
import { createFullScheduler } from "./full.ts";
import { createHyperbandScheduler, hyperbandRound } from "./hyperband.ts";
import type { Scheduler } from "./scheduler.ts";

/** Every scheduler by the word that users write. A new one is a file in this folder and a line here. */
export const SCHEDULERS: Readonly<Record<string, SchedulerEntry>> = {
  full: { options: [], needsBudget: false, create: createFullScheduler },
  hyperband: {
    options: [],
    needsBudget: true,
    create: (budget) => createHyperbandScheduler(budget),
    trialsOfRound: hyperbandRound,
  },
};

export interface SchedulerEntry {
  /** The options that it takes in `{ "scheduler": { "name": …, <option>: … } }`. */
  readonly options: readonly string[];
  /** It compares trials on smaller budgets, so that the spec must give a `budget`. */
  readonly needsBudget: boolean;
  readonly create: (budget: BudgetSettings) => Scheduler;
  /** Trials of one natural round: where a study without any stop rule ends. */
  readonly trialsOfRound?: (budget: BudgetSettings) => number;
}

import type { BudgetSettings } from "../history/settings.ts";
import type { OptionRules } from "../space/component-options.ts";
import { createFullScheduler } from "./full.ts";
import { createHyperbandScheduler, hyperbandRound } from "./hyperband.ts";
import { createMedianScheduler, MEDIAN_OPTIONS } from "./median.ts";
import type { Scheduler } from "./scheduler.ts";

/** Every scheduler by the word that users write. A new one is a file in this folder and a line here. */
export const SCHEDULERS: Readonly<Record<string, SchedulerEntry>> = {
  full: { options: {}, needsBudget: false, create: createFullScheduler },
  median: {
    options: MEDIAN_OPTIONS,
    needsBudget: false,
    create: (_, options) => createMedianScheduler(options),
  },
  hyperband: {
    options: {},
    needsBudget: true,
    create: (budget) => createHyperbandScheduler(budget),
    trialsOfRound: hyperbandRound,
  },
};

export interface SchedulerEntry {
  /** The options that it takes in `{ "scheduler": { "name": …, <option>: … } }`. */
  readonly options: OptionRules;
  /** It compares trials on smaller budgets, so that the spec must give a `budget`. */
  readonly needsBudget: boolean;
  /** @param options with every default filled in */
  readonly create: (budget: BudgetSettings, options: Readonly<Record<string, number>>) => Scheduler;
  /** Trials of one natural round: where a study without any stop rule ends. */
  readonly trialsOfRound?: (budget: BudgetSettings) => number;
}

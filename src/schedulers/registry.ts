import type { BudgetSettings } from "../history/settings.ts";
import type { OptionRules, Options, Problem } from "../space/component-options.ts";
import { ASHA_OPTIONS, ashaRound, createAshaScheduler } from "./asha.ts";
import { createCurveScheduler, CURVE_OPTIONS } from "./curve.ts";
import { createFreezeThawScheduler } from "./freeze-thaw.ts";
import { createFullScheduler } from "./full.ts";
import { createHyperbandScheduler, hyperbandRound, hyperbandRungs } from "./hyperband.ts";
import { createPatientScheduler, PATIENT_OPTIONS } from "./patient.ts";
import { createPercentileScheduler, MEDIAN_OPTIONS, PERCENTILE_OPTIONS } from "./percentile.ts";
import { rungBudgets } from "./rung-budgets.ts";
import type { Scheduler } from "./scheduler.ts";
import { createThresholdScheduler, THRESHOLD_OPTIONS, thresholdProblem } from "./threshold.ts";

/** Every scheduler by the word that users write. A new one is a file in this folder and a line here. */
export const SCHEDULERS: Readonly<Record<string, SchedulerEntry>> = {
  full: { options: {}, needsBudget: false, create: createFullScheduler },
  median: {
    options: MEDIAN_OPTIONS,
    needsBudget: false,
    create: (_, options) => createPercentileScheduler(options),
  },
  percentile: {
    options: PERCENTILE_OPTIONS,
    needsBudget: false,
    create: (_, options) => createPercentileScheduler(options),
  },
  threshold: {
    options: THRESHOLD_OPTIONS,
    problem: thresholdProblem,
    needsBudget: false,
    create: (_, options) => createThresholdScheduler(options),
  },
  patient: {
    options: PATIENT_OPTIONS,
    needsBudget: false,
    create: (_, options) => createPatientScheduler(options),
  },
  hyperband: {
    options: {},
    needsBudget: true,
    create: (budget) => createHyperbandScheduler(budget),
    trialsOfRound: hyperbandRound,
    rungs: hyperbandRungs,
  },
  asha: {
    options: ASHA_OPTIONS,
    needsBudget: true,
    create: createAshaScheduler,
    trialsOfRound: ashaRound,
    rungs: rungBudgets,
  },
  curve: {
    options: CURVE_OPTIONS,
    needsBudget: true,
    create: createCurveScheduler,
    trialsOfRound: ashaRound,
    rungs: rungBudgets,
  },
  "freeze-thaw": {
    options: CURVE_OPTIONS,
    needsBudget: true,
    create: createFreezeThawScheduler,
    trialsOfRound: ashaRound,
    rungs: rungBudgets,
  },
};

export interface SchedulerEntry {
  /** The options that it takes in `{ "scheduler": { "name": …, <option>: … } }`. */
  readonly options: OptionRules;
  /** What is wrong with options that are sound one by one, every default filled in. */
  readonly problem?: (options: Options<OptionRules>) => Problem | undefined;
  /** It compares trials on smaller budgets, so that the spec must give a `budget`. */
  readonly needsBudget: boolean;
  /** @param options with every default filled in */
  readonly create: (budget: BudgetSettings, options: Readonly<Record<string, number>>) => Scheduler;
  /** Trials of one natural round: where a study without any stop rule ends. */
  readonly trialsOfRound?: (budget: BudgetSettings) => number;
  /** The budgets at which trials rest or are judged, ascending; the last is the whole one. */
  readonly rungs?: (budget: BudgetSettings) => readonly number[];
}

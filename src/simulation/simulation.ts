import type { ComponentSettings } from "../history/settings.ts";
import type { Metric } from "../space/spec.ts";

/** What simulated studies came to, for programs. Steps are in the study's unit, times in milliseconds. */

/**
 * `complete`: trained in full. `stopped` by the scheduler, or dropped from a rung. `paused`: rests on a rung at the end.
 * `failed`, as recorded. `beyond`: was to go on where its record ends. `untried`: never started.
 */
export type Fate = "complete" | "stopped" | "paused" | "failed" | "beyond" | "untried";

/** A recorded trial under another scheduler. */
export interface SimulatedTrial {
  readonly number: number;
  readonly fate: Fate;
  /** Steps trained, those done again for lack of a checkpoint included. */
  readonly steps: number;
  /** The last step that it came to. */
  readonly reached: number;
  /** The metric at the largest budget that it completed, or else the last that it told; undefined when it told none. */
  readonly value: number | undefined;
  /** Why it ended there, in the scheduler's words where that was its doing. */
  readonly reason: string;
  /** The metric that it had, as recorded, after the full budget; undefined where it never came so far. */
  readonly recordedValue: number | undefined;
  /** Stopped or paused, though `recordedValue` is better than the best that had been found after the full budget by then. */
  readonly stoppedWrongly: boolean;
  /** Stopped or paused, though `recordedValue` is better than all that was found after the full budget. */
  readonly missed: boolean;
}

/** The best value at the largest budget that any trial completed. */
export interface BestValue {
  readonly trial: number;
  readonly value: number;
  readonly budget: number;
}

/** What a study came to as a whole. */
export interface Totals {
  readonly scheduler: ComponentSettings;
  readonly steps: number;
  /** The time of these steps, over all slots. */
  readonly slotTime: number;
  /** From the first start to the last end. */
  readonly makespan: number;
  /** Trials that were trained in full. */
  readonly complete: number;
  /** Trials that were stopped, dropped or left paused. */
  readonly stopped: number;
  readonly failed: number;
  readonly best: BestValue | undefined;
}

export interface RecordedTotals extends Totals {
  /** Trials that wait or run. */
  readonly unfinished: number;
}

export interface Simulation extends Totals {
  /** Parts of what was recorded, 0 … 1; below 0 where more is needed; undefined where nothing was recorded. */
  readonly saved: Readonly<Record<"steps" | "slotTime" | "makespan", number | undefined>>;
  /** Trials that were to go on beyond their record. Above 0, `steps` and times are the least, and `saved` the most, that can be. */
  readonly beyond: number;
  readonly untried: number;
  /** The recorded best, where it was ended before it came as far; undefined where it was not, or goes on beyond its record. */
  readonly lostBest: SimulatedTrial | undefined;
  /** Stopped and paused trials whose end was recorded, those of them stopped wrongly, and those missed. */
  readonly stops: { readonly known: number; readonly wrong: number; readonly missed: number };
  readonly trials: readonly SimulatedTrial[];
}

export interface StudySimulation {
  readonly name: string;
  readonly metric: Metric;
  /** Of steps. */
  readonly unit: string;
  /** The whole training; undefined in a study without budgets. */
  readonly fullBudget: number | undefined;
  /** Runs at a time. */
  readonly slots: number;
  /** How many trials were recorded. */
  readonly trials: number;
  /** Some trial reported more than one step: there is something to stop. */
  readonly hasCurves: boolean;
  readonly recorded: RecordedTotals;
  /** One for each scheduler, in the order given. */
  readonly simulations: readonly Simulation[];
}

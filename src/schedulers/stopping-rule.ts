import type { OptionRule } from "../space/component-options.ts";
import { createFullScheduler } from "./full.ts";
import type { DecideTask, Scheduler } from "./scheduler.ts";

export const WARMUP: OptionRule = { default: 0, low: 0, high: Infinity, meaning: "steps that every trial may do" };

/**
 * Every trial starts with the whole budget, and a rule may stop it at a report. The first `warmup` steps are never judged,
 * nor is the last step of the budget: a run that came so far is complete.
 *
 * @param judge why the run is stopped at `step`, that of its latest report; undefined when it goes on
 * @param shadow percent of its stops that are not carried out
 */
export function createStoppingRule(
  warmup: number,
  judge: (task: DecideTask, step: number) => string | undefined,
  shadow = 0,
): Scheduler {
  return {
    ...createFullScheduler(),
    shadow,
    decide: (task) => {
      const step = task.curve.at(-1)?.step ?? 0;
      const reason = step <= warmup || isLastStep(task, step) ? undefined : judge(task, step);
      return reason === undefined ? { kind: "continue" } : { kind: "stop", reason };
    },
  };
}

/** Without a budget nobody knows which step is the last. */
export function isLastStep({ run, study }: DecideTask, step: number): boolean {
  return study.settings.budget !== null && step >= run.budget;
}

import ms from "ms";
import type { StopSettings, StudySettings } from "../../history/settings.ts";
import type { Best, HistoryView } from "../../history/view.ts";
import { STRATEGY_WORDS, strategyOf } from "../../study/strategies.ts";
import { inDigits } from "./words.ts";

/** A study's settings and standing in words. */

/** The user's word for a pair of sampler and scheduler, or the pair itself. */
export function strategyInWords({ sampler, scheduler }: Pick<StudySettings, "sampler" | "scheduler">): string {
  const plain = Object.keys(sampler).length === 1 && Object.keys(scheduler).length === 1;
  const word = STRATEGY_WORDS.find((each) => {
    const pair = strategyOf(each);
    return pair?.sampler === sampler.name && pair.scheduler === scheduler.name;
  });
  return plain && word !== undefined ? word : `${sampler.name} + ${scheduler.name}`;
}

/** "after 60 trials, 30 minutes, …: whichever is first"; undefined without any rule. */
export function stopInWords(stop: StopSettings, metric: string): string | undefined {
  const rules = [
    stop.trials === null ? [] : [stop.trials === 1 ? "after 1 trial" : `after ${stop.trials} trials`],
    stop.time === null ? [] : [`after ${ms(stop.time, { long: true })}`],
    stop.value === null ? [] : [`at ${metric} ${stop.value}`],
    stop.patience === null ? [] : [`after ${stop.patience} trials without a better ${metric}`],
  ].flat();
  if (rules.length === 0) return undefined;
  return rules.length === 1 ? rules[0] : `${rules.slice(0, -1).join(", ")} or ${rules.at(-1)}`;
}

/** "trial 12: loss 0.0213 after 27 epochs". */
export function bestInWords(best: Best, history: HistoryView, digits?: number): string {
  const value = digits === undefined ? String(best.value) : inDigits(best.value, digits);
  return `trial ${best.number}: ${history.settings.metric.name} ${value}${afterBudget(history, best.budget)}`;
}

/** " after 9 epochs"; nothing in a study without budgets. */
export function afterBudget(history: HistoryView, budget: number): string {
  return history.settings.budget === null ? "" : ` after ${history.words(budget)}`;
}

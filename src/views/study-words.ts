import ms from "ms";
import type { ComponentSettings, StopSettings, StudySettings } from "../history/settings.ts";
import type { Best, HistoryView } from "../history/view.ts";
import { SAMPLERS } from "../samplers/registry.ts";
import { SCHEDULERS } from "../schedulers/registry.ts";
import type { OptionRules } from "../space/component-options.ts";
import { sizeOf } from "../study/resolve.ts";
import { STRATEGY_WORDS, strategyOf } from "../study/strategies.ts";
import { count, inDigits, oneLine } from "./words.ts";

/** A study's settings and standing in words. */

/** The user's word for a pair of sampler and scheduler, or the pair itself with the options that are not the defaults. */
export function strategyInWords({ sampler, scheduler }: Pick<StudySettings, "sampler" | "scheduler">): string {
  const pair = [componentInWords(sampler, SAMPLERS), componentInWords(scheduler, SCHEDULERS)] as const;
  const word = STRATEGY_WORDS.find((each) => {
    const named = strategyOf(each);
    return named?.sampler === pair[0] && named.scheduler === pair[1];
  });
  return word ?? pair.join(" + ");
}

/** "median", or "median (percentile 25)". */
export function schedulerInWords(scheduler: ComponentSettings): string {
  return componentInWords(scheduler, SCHEDULERS);
}

function componentInWords(
  { name, ...options }: ComponentSettings,
  registry: Readonly<Record<string, { readonly options: OptionRules }>>,
): string {
  const rules = registry[name]?.options ?? {};
  const chosen = Object.entries(options).filter(([option, value]) => rules[option]?.default !== value);
  if (chosen.length === 0) return name;
  return `${name} (${chosen.map(([option, value]) => `${option} ${String(value)}`).join(", ")})`;
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

/** What ends a study: its stop rules, or that its sampler does by itself. */
export function endInWords({ metric, sampler, parameters }: StudySettings, stop: StopSettings): string {
  const rule = stopInWords(stop, metric.name);
  if (rule !== undefined) return rule;
  const size = sizeOf(sampler, parameters);
  if (size === undefined) return "only when it is interrupted";
  return `when ${sampler.name} has tried its ${count(size, "configuration")}`;
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

/** How often the sampler could not do what it is for, and where to see why. */
export function fallbacksInWords({ trials, fallbacks }: HistoryView): string {
  const last = trials.findLast((trial) => trial.fallback !== undefined);
  const times = fallbacks === 1 ? "once" : `${fallbacks} times`;
  return `${times} the sampler had no model, last for trial ${last?.number}: ${oneLine(last?.fallback ?? "")}`;
}

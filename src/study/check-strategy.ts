import {
  checkOptions,
  type OptionRules,
  type Options,
  type Problem,
  resolveOptions,
} from "../space/component-options.ts";
import { describeAlternatives } from "../space/describe.ts";
import { didYouMean } from "../space/nearest.ts";
import type { Issue } from "../errors.ts";
import type { Component, StudySpec } from "../space/spec.ts";
import { SAMPLERS } from "../samplers/registry.ts";
import { SCHEDULERS } from "../schedulers/registry.ts";
import { STRATEGY_WORDS, strategyOf } from "./strategies.ts";

type Registry = Readonly<Record<string, Entry>>;

interface Entry {
  readonly options: OptionRules;
  readonly problem?: (options: Options<OptionRules>) => Problem | undefined;
}

/** Problems of `strategy` in a spec whose structure is sound: unknown words, unknown options, a missing budget. */
export function checkStrategy(spec: Pick<StudySpec, "strategy" | "budget">): readonly Issue[] {
  const { strategy } = spec;
  if (strategy === undefined) return [];
  if (typeof strategy === "string") {
    const pair = strategyOf(strategy);
    if (pair === undefined) return [unknownWord("strategy", strategy, STRATEGY_WORDS)];
    return checkBudget(spec, pair.scheduler, "strategy");
  }
  const issues = [
    ...checkComponent("strategy.sampler", strategy.sampler, SAMPLERS),
    ...checkComponent("strategy.scheduler", strategy.scheduler, SCHEDULERS),
  ];
  const { scheduler } = strategy;
  return [
    ...issues,
    ...checkBudget(spec, typeof scheduler === "string" ? scheduler : scheduler.name, "strategy.scheduler"),
  ];
}

function checkComponent(path: string, component: Component, registry: Registry): readonly Issue[] {
  const { name, ...options } = typeof component === "string" ? { name: component } : component;
  const entry = Object.hasOwn(registry, name) ? registry[name] : undefined;
  const namePath = typeof component === "string" ? path : `${path}.name`;
  if (entry === undefined) return [unknownWord(namePath, name, Object.keys(registry))];
  const issues = checkOptions(path, name, options, entry.options);
  const problem = issues.length === 0 ? entry.problem?.(resolveOptions(entry.options, options)) : undefined;
  return problem === undefined ? issues : [{ path, ...problem }];
}

function checkBudget(spec: Pick<StudySpec, "budget">, scheduler: string, path: string): readonly Issue[] {
  const needed = Object.hasOwn(SCHEDULERS, scheduler) && SCHEDULERS[scheduler]?.needsBudget === true;
  if (!needed || spec.budget !== undefined) return [];
  return [
    {
      path,
      expected: `a budget for "${scheduler}", which compares trials on parts of it`,
      received: "no budget",
      hint: 'add for example "budget": { "min": 1, "max": 27, "unit": "epochs" }',
    },
  ];
}

function unknownWord(path: string, word: string, words: readonly string[]): Issue {
  const near = didYouMean(word, words);
  const hint = near === undefined ? {} : { hint: near };
  return { path, expected: describeAlternatives(words), received: JSON.stringify(word), ...hint };
}

import type { StudySettings } from "../history/settings.ts";
import { SAMPLERS, type SamplerEntry } from "../samplers/registry.ts";
import type { Sampler } from "../samplers/sampler.ts";
import { SCHEDULERS, type SchedulerEntry } from "../schedulers/registry.ts";
import type { Scheduler } from "../schedulers/scheduler.ts";
import { formatIssue } from "../errors.ts";
import { checkOptions, type OptionRules, resolveOptions } from "../space/component-options.ts";
import { createSpace } from "../space/space.ts";

/** What the coordinator asks: where next, and how long. */
export interface Strategy {
  readonly samplerName: string;
  readonly sampler: Sampler;
  readonly scheduler: Scheduler;
}

/**
 * @param settings of a study; they were checked when the spec was resolved, but a journal may come from anywhere
 * @throws TypeError for a sampler or a scheduler that is not known here, or an option out of its range
 */
export function createStrategy(settings: StudySettings): Strategy {
  const space = createSpace(settings.parameters);
  const { name: samplerName, ...samplerOptions } = settings.sampler;
  const { name: schedulerName, ...schedulerOptions } = settings.scheduler;
  const sampler = entryOf<SamplerEntry>("sampler", samplerName, samplerOptions, SAMPLERS);
  const scheduler = entryOf<SchedulerEntry>("scheduler", schedulerName, schedulerOptions, SCHEDULERS);
  const budget = settings.budget ?? { min: 1, max: 1, eta: 3, unit: "run" };
  return {
    samplerName,
    sampler: sampler.create(space, resolveOptions(sampler.options, samplerOptions)),
    // A study from before there were shadows has none.
    scheduler: scheduler.create(budget, resolveOptions(scheduler.options, { shadow: 0, ...schedulerOptions })),
  };
}

/** Options that are not known here were once, or will be. */
function entryOf<T extends { readonly options: OptionRules }>(
  role: string,
  name: string,
  options: Readonly<Record<string, unknown>>,
  registry: Readonly<Record<string, T>>,
): T {
  const entry = Object.hasOwn(registry, name) ? registry[name] : undefined;
  if (entry === undefined) throw new TypeError(`its ${role} ${JSON.stringify(name)} is none that this hpo has`);
  const known = Object.fromEntries(Object.entries(options).filter(([option]) => Object.hasOwn(entry.options, option)));
  const issues = checkOptions(role, name, known, entry.options);
  if (issues.length > 0) throw new TypeError(`its ${role} cannot be: ${issues.map(formatIssue).join("; ")}`);
  return entry;
}

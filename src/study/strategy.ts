import type { StudySettings } from "../history/settings.ts";
import { SAMPLERS, type SamplerEntry } from "../samplers/registry.ts";
import type { Sampler } from "../samplers/sampler.ts";
import { SCHEDULERS, type SchedulerEntry } from "../schedulers/registry.ts";
import type { Scheduler } from "../schedulers/scheduler.ts";
import { resolveOptions } from "../space/component-options.ts";
import { createSpace } from "../space/space.ts";

/** What the coordinator asks: where next, and how long. */
export interface Strategy {
  readonly samplerName: string;
  readonly sampler: Sampler;
  readonly scheduler: Scheduler;
}

/** @param settings of a study; its names were checked when the spec was resolved */
export function createStrategy(settings: StudySettings): Strategy {
  const space = createSpace(settings.parameters);
  const { name: samplerName, ...samplerOptions } = settings.sampler;
  const { name: schedulerName, ...schedulerOptions } = settings.scheduler;
  const sampler = SAMPLERS[samplerName] as SamplerEntry;
  const scheduler = SCHEDULERS[schedulerName] as SchedulerEntry;
  const budget = settings.budget ?? { min: 1, max: 1, eta: 3, unit: "run" };
  return {
    samplerName,
    sampler: sampler.create(space, resolveOptions(sampler.options, samplerOptions)),
    // A study from before there were shadows has none.
    scheduler: scheduler.create(budget, resolveOptions(scheduler.options, { shadow: 0, ...schedulerOptions })),
  };
}

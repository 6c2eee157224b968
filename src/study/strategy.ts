import type { StudySettings } from "../history/settings.ts";
import { SAMPLERS, type SamplerEntry } from "../samplers/registry.ts";
import type { Sampler } from "../samplers/sampler.ts";
import { SCHEDULERS, type SchedulerEntry } from "../schedulers/registry.ts";
import type { Scheduler } from "../schedulers/scheduler.ts";
import { createSpace, type Space } from "../space/space.ts";

/** What the coordinator asks: where next, and how long. */
export interface Strategy {
  readonly space: Space;
  readonly samplerName: string;
  readonly sampler: Sampler;
  readonly scheduler: Scheduler;
}

/** @param settings of a study; its names were checked when the spec was resolved */
export function createStrategy(settings: StudySettings): Strategy {
  const { sampler, scheduler, budget } = settings;
  return {
    space: createSpace(settings.parameters),
    samplerName: sampler.name,
    sampler: (SAMPLERS[sampler.name] as SamplerEntry).create(),
    scheduler: (SCHEDULERS[scheduler.name] as SchedulerEntry).create(budget ?? { min: 1, max: 1, eta: 3, unit: "run" }),
  };
}

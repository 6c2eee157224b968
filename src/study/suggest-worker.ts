import { workerData } from "node:worker_threads";
import type { StudySettings } from "../history/settings.ts";
import type { Suggestion } from "../samplers/sampler.ts";
import { createStrategy } from "./strategy.ts";

/** The thread in which a study's model is fitted. */

const { sampler } = createStrategy(workerData as StudySettings);

export default function suggest(task: unknown): Suggestion {
  return sampler.suggest(task);
}

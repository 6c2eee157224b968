import { InvalidSpecError } from "../errors.ts";
import type { StudySettings, WorkerSettings } from "../history/settings.ts";
import { checkSpec } from "../space/check-spec.ts";
import type { WorkersSpec } from "../space/spec.ts";

/** What a spec wishes for. What the machine has is looked up by each session. */
export function resolveWorkers(workers: WorkersSpec = {}): WorkerSettings {
  const gpus = workers.gpus ?? (asksForCpus(workers) ? "none" : "auto");
  return {
    gpus: typeof gpus === "string" ? gpus : gpus.length === 0 ? "none" : gpus.map(String),
    trialsPerGpu: workers.trialsPerGpu ?? 1,
    gpusPerTrial: workers.gpusPerTrial ?? 1,
    cpus: workers.cpus ?? 1,
  };
}

/**
 * A study's wish with some of it replaced, as for a session on another machine.
 *
 * @throws InvalidSpecError with all problems
 */
export function resolveNewWorkers(settings: StudySettings, change: WorkersSpec): WorkerSettings {
  const gpus = change.gpus ?? (asksForCpus(change) ? "none" : settings.workers.gpus);
  const workers = { ...settings.workers, ...change, gpus };
  const { name, metric, parameters } = settings;
  const issues = checkSpec({ name, metric, parameters, workers }).filter(({ path }) => path.startsWith("workers"));
  if (issues.length > 0) throw new InvalidSpecError("the new workers", issues);
  return resolveWorkers(workers);
}

/** Whoever names CPU slots and nothing of GPUs. */
function asksForCpus({ trialsPerGpu, gpusPerTrial, cpus = 0 }: WorkersSpec): boolean {
  return cpus > 0 && trialsPerGpu === undefined && gpusPerTrial === undefined;
}

import { formatIssue } from "../errors.ts";
import { checkSpec } from "../space/check-spec.ts";
import { isRecord } from "../space/is-record.ts";

/**
 * What is wrong with a journal's settings: they pass the same check as the spec that they were made of, since whoever reads
 * them goes by them.
 *
 * @param settings may be anything
 * @returns in words; undefined for sound ones
 */
export function settingsProblem(settings: unknown): string | undefined {
  if (!isRecord(settings)) return "its settings are no object";
  const { name, seed, metric, parameters, budget, stop, workers, cpus, trial, enqueue } = settings;
  // The first journals had a number of CPU slots in place of the workers.
  const given = { name, seed, metric, parameters, stop: rulesOf(stop), workers: workers ?? { cpus }, enqueue };
  if (budget === undefined) return "its settings say nothing of a budget, not even that there is none";
  const issues = checkSpec(budget === null ? given : { ...given, budget });
  if (issues.length > 0) return `its settings cannot be: ${issues.map(formatIssue).join("; ")}`;
  const wrong = Object.entries(limits(settings, trial)).find(([, isSound]) => !isSound);
  return wrong === undefined ? undefined : `its settings cannot be: ${wrong[0]}`;
}

/** What a spec says in words, and its settings in numbers; null where there is no limit. */
function limits(settings: Readonly<Record<string, unknown>>, trial: unknown): Readonly<Record<string, boolean>> {
  const { stop, sampler, scheduler, objective, parallel = null, checkpoints } = settings;
  const limit = isRecord(trial) ? trial : {};
  return {
    trial: isRecord(trial),
    "trial.timeout": isLimit(limit["timeout"]),
    "trial.idle": isLimit(limit["idle"]),
    "trial.memory": isLimit(limit["memory"]),
    "trial.retries": isWhole(limit["retries"]),
    "trial.grace": isNumber(limit["grace"]) && limit["grace"] >= 0,
    "stop.time": isRecord(stop) && isLimit(stop["time"]),
    sampler: isComponent(sampler),
    scheduler: isComponent(scheduler),
    objective: isObjective(objective),
    parallel: parallel === null || (isWhole(parallel) && parallel !== 0),
    checkpoints: checkpoints === undefined || (isRecord(checkpoints) && isNumber(checkpoints["disk"])),
  };
}

/** The rules of a spec that are plain numbers, as a spec has them. */
function rulesOf(stop: unknown): unknown {
  if (!isRecord(stop)) return stop;
  return Object.fromEntries(Object.entries(stop).filter(([name, value]) => name !== "time" && value !== null));
}

function isComponent(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { name, ...options } = value;
  return typeof name === "string" && Object.values(options).every(isNumber);
}

function isObjective(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { kind, path, argv, cwd, pattern } = value;
  if (kind === "module") return typeof path === "string";
  if (kind !== "command") return kind === "function" || kind === "none";
  const isWord = (word: unknown): boolean => typeof word === "string";
  const isArgument = (word: unknown): boolean => isWord(word) || (Array.isArray(word) && word.every(isWord));
  return Array.isArray(argv) && argv.every(isArgument) && isWord(cwd) && (pattern === null || isWord(pattern));
}

/** A time or a size that limits something. */
function isLimit(value: unknown): boolean {
  return value === null || (isNumber(value) && value >= 0);
}

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

import { randomInt } from "node:crypto";
import { dirname, isAbsolute, relative, resolve as resolvePath } from "node:path";
import { InvalidSpecError, type Issue } from "../errors.ts";
import type {
  BudgetSettings,
  ComponentSettings,
  ObjectiveSettings,
  StopSettings,
  StudySettings,
  TrialLimits,
} from "../history/settings.ts";
import { SAMPLERS } from "../samplers/registry.ts";
import { SCHEDULERS } from "../schedulers/registry.ts";
import { checkSpec } from "../space/check-spec.ts";
import { type OptionRules, resolveOptions } from "../space/component-options.ts";
import type { Parameters } from "../space/parameter.ts";
import { createSpace } from "../space/space.ts";
import type { BudgetSpec, CheckpointsSpec, Component, StopSpec, StudySpec, TrialSpec } from "../space/spec.ts";
import { parseBytes, parseDuration } from "../space/units.ts";
import { checkStrategy } from "./check-strategy.ts";
import { moduleIssues } from "./module-issues.ts";
import { resolveWorkers } from "./resolve-workers.ts";
import { resolveTrack, trackIssues } from "./resolve-track.ts";
import { defaultStrategy, strategyOf } from "./strategies.ts";

/** Trials of a study that has neither a stop rule, nor a sampler that ends by itself, nor a scheduler with rounds. */
export const DEFAULT_TRIALS = 100;

export interface ResolveContext {
  /** What to call the spec in errors: a file's path, or "the study". */
  readonly subject: string;
  /** The folder that the spec's paths are relative to. */
  readonly specFolder: string;
  /** The study's folder; null for a study in memory. */
  readonly studyFolder: string | null;
  /** The objective is a function of the calling program, or the program drives the study itself. */
  readonly objective?: "function" | "none";
}

/**
 * Every problem of a spec at once, those of its strategy and its module's path included. An empty list means that
 * `resolveSpec` accepts it.
 *
 * @param specFolder the folder that its paths are relative to
 */
export function specIssues(document: unknown, specFolder: string): readonly Issue[] {
  const issues = checkSpec(document);
  if (issues.some(({ path }) => path === "")) return issues;
  const spec = document as StudySpec;
  const sound = (key: string): boolean => !issues.some(({ path }) => path === key || path.startsWith(`${key}.`));
  return [
    ...issues,
    ...(sound("strategy") ? checkStrategy(spec) : []),
    ...(sound("objective") ? moduleIssues(spec, specFolder) : []),
    ...(sound("track") ? trackIssues(spec.track) : []),
  ];
}

/**
 * Fills in every default.
 *
 * @returns what the journal will give back: no −0, and nothing undefined
 * @throws InvalidSpecError with all problems
 */
export function resolveSpec(spec: StudySpec, context: ResolveContext): StudySettings {
  const issues = specIssues(spec, context.specFolder);
  if (issues.length > 0) throw new InvalidSpecError(context.subject, issues);
  const budget = resolveBudget(spec.budget);
  const { sampler, scheduler } = resolveStrategy(spec, budget);
  const settings: StudySettings = {
    name: spec.name,
    seed: String(spec.seed ?? randomInt(2 ** 32)),
    metric: { name: spec.metric.name, goal: spec.metric.goal },
    parameters: spec.parameters,
    objective: resolveObjective(spec, context),
    sampler,
    scheduler,
    budget,
    stop: {
      ...NO_STOP,
      ...(noRule(spec.stop) ? defaultStop(spec, sampler, scheduler, budget) : resolveStop(spec.stop)),
    },
    workers: resolveWorkers(spec.workers),
    trial: resolveLimits(spec.trial),
    enqueue: spec.enqueue ?? [],
    parallel: spec.reproducible === true ? Math.max(spec.workers?.cpus ?? 1, 1) : null,
    ...resolveCheckpoints(spec.checkpoints),
    ...resolveTrack(spec.track),
  };
  return JSON.parse(JSON.stringify(settings)) as StudySettings;
}

function resolveBudget(budget: BudgetSpec | undefined): BudgetSettings | null {
  if (budget === undefined) return null;
  return {
    min: budget.min ?? Math.min(1, budget.max),
    max: budget.max,
    eta: budget.eta ?? 3,
    unit: budget.unit ?? "steps",
  };
}

function resolveStrategy(
  { strategy }: StudySpec,
  budget: BudgetSettings | null,
): { readonly sampler: ComponentSettings; readonly scheduler: ComponentSettings } {
  const pair =
    strategy === undefined || typeof strategy === "string" ? strategyOf(strategy ?? defaultStrategy(budget)) : strategy;
  const { sampler, scheduler } = pair as { sampler: Component; scheduler: Component };
  return { sampler: settle(sampler, SAMPLERS), scheduler: settle(scheduler, SCHEDULERS) };
}

function settle(
  component: Component,
  registry: Readonly<Record<string, { readonly options: OptionRules }>>,
): ComponentSettings {
  const { name, ...given } = typeof component === "string" ? { name: component } : component;
  const options = Object.entries(resolveOptions(registry[name]?.options ?? {}, given));
  return { name, ...Object.fromEntries(options.filter(([, value]) => Number.isFinite(value))) };
}

const NO_STOP: StopSettings = { trials: null, time: null, value: null, patience: null };

function noRule(stop: StopSpec | undefined): boolean {
  return stop === undefined || Object.values(stop).every((rule) => rule === undefined);
}

/** None for a sampler that ends by itself. */
function defaultStop(
  { parameters }: StudySpec,
  sampler: ComponentSettings,
  scheduler: ComponentSettings,
  budget: BudgetSettings | null,
): Partial<StopSettings> {
  if (sizeOf(sampler, parameters) !== undefined) return {};
  return { trials: roundOf(scheduler, budget) ?? DEFAULT_TRIALS };
}

/** How many configurations a sampler that ends by itself tries; undefined for any other, and where nobody can count them. */
export function sizeOf({ name, ...options }: ComponentSettings, parameters: Parameters): number | undefined {
  const { options: rules = {}, size } = SAMPLERS[name] ?? {};
  const count = size?.(createSpace(parameters), resolveOptions(rules, options));
  return count === Infinity ? undefined : count;
}

/** Only the rules that were given. */
function resolveStop({ trials, time, value, patience }: StopSpec = {}): Partial<StopSettings> {
  return {
    ...(trials === undefined ? {} : { trials }),
    ...(time === undefined ? {} : { time: parseDuration(time) as number }),
    ...(value === undefined ? {} : { value }),
    ...(patience === undefined ? {} : { patience }),
  };
}

/**
 * Stop rules that replace some of a study's own.
 *
 * @throws InvalidSpecError with all problems
 */
export function resolveNewStop(settings: StudySettings, stop: StopSpec): Partial<StopSettings> {
  const { name, metric, parameters } = settings;
  const issues = checkSpec({ name, metric, parameters, stop }).filter(({ path }) => path.startsWith("stop"));
  if (issues.length > 0) throw new InvalidSpecError("the new stop rules", issues);
  return resolveStop(stop);
}

function roundOf(scheduler: ComponentSettings, budget: BudgetSettings | null): number | undefined {
  return budget === null ? undefined : SCHEDULERS[scheduler.name]?.trialsOfRound?.(budget);
}

function resolveLimits(trial: TrialSpec | undefined): TrialLimits {
  const duration = (text: string | undefined): number | null =>
    text === undefined ? null : (parseDuration(text) as number);
  return {
    timeout: duration(trial?.timeout),
    idle: duration(trial?.idle),
    memory: trial?.memory === undefined ? null : (parseBytes(trial.memory) as number),
    retries: trial?.retries ?? 0,
    grace: duration(trial?.grace) ?? 5_000,
  };
}

function resolveCheckpoints(checkpoints: CheckpointsSpec | undefined): Pick<StudySettings, "checkpoints"> {
  return checkpoints?.disk === undefined ? {} : { checkpoints: { disk: parseBytes(checkpoints.disk) as number } };
}

function resolveObjective(spec: StudySpec, context: ResolveContext): ObjectiveSettings {
  const { objective } = spec;
  if (context.objective !== undefined) return { kind: context.objective };
  if (objective === undefined)
    throw new InvalidSpecError(context.subject, [
      {
        path: "objective",
        expected: '{ "module": "./train.js" } or { "command": ["python3", "train.py", …] }',
        received: "nothing",
      },
    ]);
  const place = (path: string): string => {
    const absolute = resolvePath(context.specFolder, path);
    return context.studyFolder === null ? absolute : relative(context.studyFolder, absolute) || ".";
  };
  if ("module" in objective) return { kind: "module", path: place(objective.module) };
  return {
    kind: "command",
    argv: objective.command,
    cwd: place("."),
    pattern: objective.report?.pattern ?? null,
  };
}

/** Undoes the relative paths of `ObjectiveSettings`: the folder or file that `path` means, absolute. */
export function locate(path: string, studyFolder: string | null): string {
  return isAbsolute(path) || studyFolder === null ? path : resolvePath(studyFolder, path);
}

/** The folder of a spec's file, absolute. */
export function folderOf(file: string): string {
  return dirname(resolvePath(file));
}

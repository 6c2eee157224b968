import { randomInt } from "node:crypto";
import { dirname, isAbsolute, relative, resolve as resolvePath } from "node:path";
import { InvalidSpecError } from "../errors.ts";
import type {
  BudgetSettings,
  ComponentSettings,
  ObjectiveSettings,
  StopSettings,
  StudySettings,
  TrialLimits,
} from "../history/settings.ts";
import { SCHEDULERS } from "../schedulers/registry.ts";
import { checkSpec } from "../space/check-spec.ts";
import type { BudgetSpec, Component, StopSpec, StudySpec, TrialSpec } from "../space/spec.ts";
import { parseBytes, parseDuration } from "../space/units.ts";
import { checkStrategy } from "./check-strategy.ts";
import { defaultStrategy, strategyOf } from "./strategies.ts";

/** Trials of a study that has neither a stop rule nor a scheduler with rounds. */
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

/** Every problem of a spec at once, those of its strategy included. An empty list means that `resolveSpec` accepts it. */
export function specIssues(document: unknown): ReturnType<typeof checkSpec> {
  const issues = checkSpec(document);
  const strategyIsSound = !issues.some(
    ({ path }) => path === "" || path.startsWith("strategy") || path.startsWith("budget"),
  );
  return strategyIsSound ? [...issues, ...checkStrategy(document as StudySpec)] : issues;
}

/**
 * Fills in every default.
 *
 * @throws InvalidSpecError with all problems
 */
export function resolveSpec(spec: StudySpec, context: ResolveContext): StudySettings {
  const issues = specIssues(spec);
  if (issues.length > 0) throw new InvalidSpecError(context.subject, issues);
  const budget = resolveBudget(spec.budget);
  const { sampler, scheduler } = resolveStrategy(spec, budget);
  return {
    name: spec.name,
    seed: String(spec.seed ?? randomInt(2 ** 32)),
    metric: { name: spec.metric.name, goal: spec.metric.goal },
    parameters: spec.parameters,
    objective: resolveObjective(spec, context),
    sampler,
    scheduler,
    budget,
    stop: resolveStop(spec.stop, scheduler, budget),
    cpus: spec.workers?.cpus ?? 1,
    trial: resolveLimits(spec.trial),
    enqueue: spec.enqueue ?? [],
    reproducible: spec.reproducible ?? false,
  };
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
  const settle = (component: Component): ComponentSettings =>
    typeof component === "string" ? { name: component } : component;
  return { sampler: settle(sampler), scheduler: settle(scheduler) };
}

function resolveStop(
  stop: StopSpec | undefined,
  scheduler: ComponentSettings,
  budget: BudgetSettings | null,
): StopSettings {
  if (stop === undefined || Object.keys(stop).length === 0)
    return { trials: roundOf(scheduler, budget) ?? DEFAULT_TRIALS, time: null, value: null, patience: null };
  return {
    trials: stop.trials ?? null,
    time: stop.time === undefined ? null : (parseDuration(stop.time) as number),
    value: stop.value ?? null,
    patience: stop.patience ?? null,
  };
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

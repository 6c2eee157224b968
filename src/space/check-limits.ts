import { checkDistinct } from "./check-parameter.ts";
import { describeValue } from "./describe.ts";
import { type Finding, type Path, withHint } from "./finding.ts";
import type { StudySpec } from "./spec.ts";
import type { Sound } from "./sound.ts";
import { DURATION_EXAMPLE, parseBytes, parseDuration, SIZE_EXAMPLE } from "./units.ts";

/** What is wrong with the budget, the stop rules, the workers, and the limits of a trial and of the checkpoints. */
export function checkLimits({ budget, stop, workers, trial, checkpoints }: Sound<StudySpec>): Finding[] {
  return [
    ...checkBudget(budget),
    ...checkDuration(["stop", "time"], stop?.time),
    ...checkWorkers(workers),
    ...checkDuration(["trial", "timeout"], trial?.timeout),
    ...checkDuration(["trial", "idle"], trial?.idle),
    ...checkSize(["trial", "memory"], trial?.memory),
    ...checkDuration(["trial", "grace"], trial?.grace, true),
    ...checkSize(["checkpoints", "disk"], checkpoints?.disk),
  ];
}

function checkBudget(budget: Sound<StudySpec["budget"]>): Finding[] {
  if (budget?.max === undefined) return [];
  // A minimum that is there but broken is not the default.
  const min = "min" in budget ? budget.min : 1;
  if (min === undefined || min <= budget.max) return [];
  const finding = {
    path: ["budget", "min"],
    expected: `at most max, which is ${budget.max}`,
    received: describeValue(budget.min),
  };
  return [withHint(finding, "min" in budget ? undefined : "left out, min is 1")];
}

function checkWorkers(workers: Sound<StudySpec["workers"]>): Finding[] {
  if (workers === undefined) return [];
  const { gpus, trialsPerGpu = 1, gpusPerTrial = 1, cpus } = workers;
  if (cpus === 0 && (gpus === "none" || (Array.isArray(gpus) && gpus.length === 0))) {
    return [{ path: ["workers", "cpus"], expected: "at least 1, since there is no GPU either", received: "0" }];
  }
  if (trialsPerGpu > 1 && gpusPerTrial > 1) {
    const expected = `1, since trialsPerGpu is ${trialsPerGpu}`;
    const hint = "a GPU is shared by several trials, or a trial has several GPUs";
    return [{ path: ["workers", "gpusPerTrial"], expected, received: String(gpusPerTrial), hint }];
  }
  return Array.isArray(gpus) ? checkDistinct(gpus, ["workers", "gpus"]) : [];
}

function checkDuration(path: Path, text: string | undefined, mayBeZero = false): Finding[] {
  if (text === undefined) return [];
  const duration = parseDuration(text);
  if (duration !== undefined && (duration > 0 || mayBeZero)) return [];
  const expected = `a time${mayBeZero ? "" : " above zero"} such as ${DURATION_EXAMPLE}`;
  return [withHint({ path, expected, received: describeValue(text) }, unitHint(text, "s"))];
}

function checkSize(path: Path, text: string | undefined): Finding[] {
  if (text === undefined || parseBytes(text) !== undefined) return [];
  const expected = `a size above zero such as ${SIZE_EXAMPLE}`;
  return [withHint({ path, expected, received: describeValue(text) }, unitHint(text, "GB"))];
}

function unitHint(text: string, unit: string): string | undefined {
  return /^\s*\d+(\.\d+)?\s*$/.test(text) ? `say its unit: "${text.trim()}${unit}"` : undefined;
}

import type { ObjectiveSettings, StudySettings } from "../history/settings.ts";
import type { Parameter } from "../space/parameter.ts";
import type { ProcessObjective } from "../workers/messages.ts";
import { locate } from "./resolve.ts";

/** The objective of a study as those who start its processes need it: with absolute paths. */
export function processObjective(
  objective: Extract<ObjectiveSettings, { readonly kind: "module" | "command" }>,
  { parameters, budget }: StudySettings,
  folder: string | null,
): ProcessObjective {
  if (objective.kind === "module") return { kind: "module", path: locate(objective.path, folder) };
  const floats = Object.keys(parameters).filter((name) => isReal(parameters[name]));
  return { ...objective, cwd: locate(objective.cwd, folder), floats, unit: budget?.unit ?? null };
}

/** Whether 1 among its values stands for 1.0: a float, or a list of numbers that are not all whole. */
function isReal(parameter: Parameter | undefined): boolean {
  if (parameter?.type === "ordinal")
    return parameter.values.some((value) => typeof value === "number" && !Number.isInteger(value));
  return parameter?.type === "float";
}

import type { ObjectiveSettings, StudySettings } from "../history/settings.ts";
import type { Parameter, Parameters } from "../space/parameter.ts";
import type { ProcessObjective } from "../workers/messages.ts";
import { locate } from "./resolve.ts";

/** The objective of a study as those who start its processes need it: with absolute paths. */
export function processObjective(
  objective: Extract<ObjectiveSettings, { readonly kind: "module" | "command" }>,
  { parameters, budget }: StudySettings,
  folder: string | null,
): ProcessObjective {
  if (objective.kind === "module") return { kind: "module", path: locate(objective.path, folder) };
  const unit = budget?.unit ?? null;
  return { ...objective, cwd: locate(objective.cwd, folder), floats: floatNames(parameters), unit };
}

/** The parameters whose values Python takes for floats, also where they are whole. */
export function floatNames(parameters: Parameters): readonly string[] {
  return Object.keys(parameters).filter((name) => isReal(parameters[name]));
}

/** Whether 1 among its values stands for 1.0: a float, or a list of numbers that are not all whole. */
function isReal(parameter: Parameter | undefined): boolean {
  if (parameter?.type === "ordinal")
    return parameter.values.some((value) => typeof value === "number" && !Number.isInteger(value));
  return parameter?.type === "float";
}

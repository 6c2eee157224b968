import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { InvalidSpecError, type Issue } from "../errors.ts";
import { readSpec } from "../space/read-spec.ts";
import type { StudySpec } from "../space/spec.ts";
import { folderOf, resolveSpec, specIssues } from "../study/resolve.ts";
import { stopInWords, strategyInWords } from "./text/study-words.ts";
import { count } from "./text/words.ts";

/**
 * Checks a spec's file, that of its strategy and its module's path included.
 *
 * @returns what a study of it would do, in lines
 * @throws InvalidSpecError with every problem; HpoError when the file cannot be read as JSON
 */
export function checkSpace(file: string): readonly string[] {
  const spec = readAll(file);
  const settings = resolveSpec(spec, { subject: file, specFolder: folderOf(file), studyFolder: null });
  const { parameters, budget, metric, stop } = settings;
  const conditional = Object.values(parameters).filter(({ when }) => when !== undefined).length;
  const budgets = budget === null ? "" : ` over ${budget.min} to ${budget.max} ${budget.unit}`;
  const chosen = spec.strategy === undefined ? " (chosen for you)" : "";
  return [
    `${file}: ok`,
    `  ${count(Object.keys(parameters).length, "parameter")}${conditional === 0 ? "" : `, ${conditional} of them conditional`}`,
    `  strategy ${strategyInWords(settings)}${budgets}${chosen}`,
    `  ${metric.goal} ${metric.name}; stops ${stopInWords(stop, metric.name) ?? "only when it is interrupted"}`,
  ];
}

/** `readSpec` stops before the strategy is looked at, when something else is wrong. */
function readAll(file: string): StudySpec {
  let document: unknown;
  try {
    document = readSpec(file);
  } catch (error) {
    if (!(error instanceof InvalidSpecError)) throw error;
    document = JSON.parse(new TextDecoder().decode(readFileSync(file)));
  }
  const issues = [...specIssues(document), ...missingModule(document as StudySpec, file)];
  if (issues.length > 0) throw new InvalidSpecError(file, issues);
  return document as StudySpec;
}

function missingModule(spec: Partial<StudySpec> | null, file: string): readonly Issue[] {
  const { module } = (spec?.objective ?? {}) as { readonly module?: unknown };
  if (typeof module !== "string" || module === "" || existsSync(resolve(folderOf(file), module))) return [];
  const path = "objective.module";
  return [
    {
      path,
      expected: "a file, relative to the spec's folder",
      received: `${JSON.stringify(module)}, which is not there`,
    },
  ];
}

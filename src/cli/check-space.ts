import { InvalidSpecError } from "../errors.ts";
import { readDocument } from "../space/read-spec.ts";
import type { StudySpec } from "../space/spec.ts";
import { folderOf, resolveSpec, specIssues } from "../study/resolve.ts";
import { endInWords, strategyInWords } from "../views/study-words.ts";
import { count } from "../views/words.ts";

/**
 * Checks a spec's file, that of its strategy and its module's path included.
 *
 * @returns what a study of it would do, in lines
 * @throws InvalidSpecError with every problem; HpoError when the file cannot be read as JSON
 */
export function checkSpace(file: string): readonly string[] {
  const document = readDocument(file);
  const issues = specIssues(document, folderOf(file));
  if (issues.length > 0) throw new InvalidSpecError(file, issues);
  const spec = document as StudySpec;
  const settings = resolveSpec(spec, { subject: file, specFolder: folderOf(file), studyFolder: null });
  const { parameters, budget, metric, stop } = settings;
  const conditional = Object.values(parameters).filter(({ when }) => when !== undefined).length;
  const budgets = budget === null ? "" : ` over ${budget.min} to ${budget.max} ${budget.unit}`;
  const chosen = spec.strategy === undefined ? " (chosen for you)" : "";
  return [
    `${file}: ok`,
    `  ${count(Object.keys(parameters).length, "parameter")}${conditional === 0 ? "" : `, ${conditional} of them conditional`}`,
    `  strategy ${strategyInWords(settings)}${budgets}${chosen}`,
    `  ${metric.goal} ${metric.name}; stops ${endInWords(settings, stop)}`,
  ];
}

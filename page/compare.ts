import type { StudyHead } from "../src/views/payload.ts";
import { numberInWords, valueInWords } from "./charts/words.ts";

/** A setting in which studies differ: its name, and what it is in each, in words. */
export interface Difference {
  readonly setting: string;
  readonly values: readonly string[];
}

/** The settings that are not the same in all studies. */
export function differencesOf(heads: readonly StudyHead[]): readonly Difference[] {
  const names = [...new Set(heads.flatMap(({ parameters }) => Object.keys(parameters)))];
  const settings: readonly (readonly [string, (head: StudyHead) => string])[] = [
    ["Metric", ({ metric }) => `${metric.goal} ${metric.name}`],
    ["Strategy", ({ strategy }) => strategy],
    ["Budget", budgetInWords],
    ["Ends", ({ stopInWords }) => stopInWords],
    ["Seed", ({ seed }) => String(seed)],
    ...names.map((name) => [`Parameter ${name}`, (head: StudyHead) => parameterInWords(head, name)] as const),
  ];
  return settings
    .map(([setting, of]) => ({ setting, values: heads.map(of) }))
    .filter(({ values }) => new Set(values).size > 1);
}

function budgetInWords({ budget }: StudyHead): string {
  if (budget === null) return "none";
  return `${numberInWords(budget.min)} to ${numberInWords(budget.max)} ${budget.unit}`;
}

/** "0.001 to 1, logarithmic", "adam, sgd". */
export function parameterInWords({ parameters }: Pick<StudyHead, "parameters">, name: string): string {
  const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (parameter === undefined) return "not there";
  const { when } = parameter;
  const conditions = Object.entries(when ?? {}).map(
    ([parent, values]) => `if ${parent} is ${values.map(valueInWords).join(" or ")}`,
  );
  return [...domainInWords(parameter), ...conditions].join(", ");
}

function domainInWords(parameter: StudyHead["parameters"][string]): readonly string[] {
  if (parameter.type === "categorical") return parameter.choices.map(valueInWords);
  if (parameter.type === "ordinal") return parameter.values.map(valueInWords);
  const { type, low, high, log, step } = parameter;
  const range = `${numberInWords(low)} to ${numberInWords(high)}`;
  return [
    type === "int" && (step ?? 1) === 1 ? `${range}, whole` : range,
    ...(step === undefined || (type === "int" && step === 1) ? [] : [`steps of ${numberInWords(step)}`]),
    ...(log === true ? ["logarithmic"] : []),
  ];
}

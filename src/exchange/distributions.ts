import type { Parameter, ParameterValue } from "../space/parameter.ts";
import { isRecord } from "../space/is-record.ts";
import { parsePython, stringifyPython } from "./python-json.ts";

/** Optuna's distributions: what a parameter may be, as JSON `{"name": …, "attributes": {…}}`. */

export type Distribution =
  | {
      readonly kind: "float";
      readonly low: number;
      readonly high: number;
      readonly log: boolean;
      readonly step: number | null;
    }
  | { readonly kind: "int"; readonly low: number; readonly high: number; readonly log: boolean; readonly step: number }
  | { readonly kind: "categorical"; readonly choices: readonly ParameterValue[] };

/** The distribution of a parameter; values with an order become choices, in their order. */
export function writeDistribution(parameter: Parameter): string {
  switch (parameter.type) {
    case "float": {
      const { low, high, log = false, step = null } = parameter;
      return stringifyPython({ name: "FloatDistribution", attributes: { step, low, high, log } });
    }
    case "int": {
      const { low, high, log = false, step = 1 } = parameter;
      return stringifyPython({ name: "IntDistribution", attributes: { log, step, low, high } });
    }
    case "ordinal":
      return stringifyPython({ name: "CategoricalDistribution", attributes: { choices: parameter.values } });
    case "categorical":
      return stringifyPython({ name: "CategoricalDistribution", attributes: { choices: parameter.choices } });
  }
}

/** Optuna's coding of a parameter's value: the number itself, or the index of the choice. */
export function toInternal(parameter: Parameter, value: ParameterValue): number {
  if (parameter.type === "float" || parameter.type === "int") return value as number;
  const values: readonly ParameterValue[] = parameter.type === "ordinal" ? parameter.values : parameter.choices;
  return values.indexOf(value);
}

/** @returns a text that says what is wrong where it is no distribution that hpo knows */
export function readDistribution(text: string): Distribution | string {
  let document: unknown;
  try {
    document = parsePython(text);
  } catch (error) {
    return `${text}, which is not JSON: ${(error as Error).message}`;
  }
  if (!isRecord(document) || !isRecord(document["attributes"])) return text;
  return fromAttributes(String(document["name"]), document["attributes"]) ?? text;
}

/** Names with Uniform are those before Optuna 3, which its later versions read too. */
function fromAttributes(name: string, attributes: Readonly<Record<string, unknown>>): Distribution | undefined {
  const { low, high, log = false, step = null, q, choices } = attributes;
  if (name === "CategoricalDistribution")
    return Array.isArray(choices) && choices.length > 0
      ? { kind: "categorical", choices: choices.map(asChoice) }
      : undefined;
  if (typeof low !== "number" || typeof high !== "number") return undefined;
  const float = { kind: "float", low, high, log: false, step: null } as const;
  const int = { kind: "int", low, high, log: false, step: typeof step === "number" ? step : 1 } as const;
  switch (name) {
    case "FloatDistribution":
      return { ...float, log: log === true, step: typeof step === "number" ? step : null };
    case "UniformDistribution":
      return float;
    case "LogUniformDistribution":
      return { ...float, log: true };
    case "DiscreteUniformDistribution":
      return { ...float, step: typeof q === "number" ? q : null };
    case "IntDistribution":
      return { ...int, log: log === true };
    case "IntUniformDistribution":
      return int;
    case "IntLogUniformDistribution":
      return { ...int, log: true, step: 1 };
    default:
      return undefined;
  }
}

/** A choice that is no plain value is known by its JSON text, as Python writes NaN too. */
function asChoice(choice: unknown): ParameterValue {
  const isPlain =
    choice === null || typeof choice === "string" || typeof choice === "boolean" || Number.isFinite(choice);
  return isPlain ? (choice as ParameterValue) : stringifyPython(choice);
}

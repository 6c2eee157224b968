import { isActive } from "../../src/space/activity.ts";
import { checkParams } from "../../src/space/check-params.ts";
import type { Parameter, Parameters, ParameterValue, Params } from "../../src/space/parameter.ts";
import { createSpace } from "../../src/space/space.ts";

/** What is in the fields of the form, by parameter: the text of a number, or the place of a choice among the choices. */
export type Fields = Readonly<Record<string, string>>;

export interface FormReading {
  /** A value for each active parameter whose field has one. */
  readonly params: Params;
  /** Names of the active parameters: the fields that are shown. */
  readonly active: ReadonlySet<string>;
  /** What is wrong, in words, by parameter; "" holds what is about none. */
  readonly problems: Readonly<Record<string, string>>;
}

/** The choices of a parameter that has some. */
export function choicesOf(parameter: Parameter): readonly ParameterValue[] | undefined {
  if (parameter.type === "categorical") return parameter.choices;
  return parameter.type === "ordinal" ? parameter.values : undefined;
}

/** Fields filled with a configuration; those of inactive parameters are filled with their first choice or left empty. */
export function fillFields(parameters: Parameters, params: Params): Fields {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => {
      const value = Object.hasOwn(params, name) ? params[name] : undefined;
      const choices = choicesOf(parameter);
      if (choices !== undefined) return [name, String(Math.max(0, choices.indexOf(value ?? null)))];
      return [name, value === undefined ? "" : String(value)];
    }),
  );
}

/** The configuration that the fields hold, checked as the engine checks it. */
export function readForm(parameters: Parameters, fields: Fields): FormReading {
  const space = createSpace(parameters);
  const values: Record<string, ParameterValue> = {};
  const active = new Set<string>();
  for (const name of space.order) {
    if (!isActive(space, name, values)) continue;
    active.add(name);
    const value = valueOf(parameters[name] as Parameter, fields[name] ?? "");
    if (value !== undefined) values[name] = value;
  }
  const names = Object.keys(parameters);
  const params = Object.fromEntries(
    names.filter((name) => Object.hasOwn(values, name)).map((name) => [name, values[name] ?? null]),
  );
  const problems: Record<string, string> = {};
  for (const { path, expected, received } of checkParams(space, params, "")) {
    problems[names.includes(path) ? path : ""] ??= `Expected ${expected}, received ${received}.`;
  }
  return { params, active, problems };
}

function valueOf(parameter: Parameter, text: string): ParameterValue | undefined {
  const choices = choicesOf(parameter);
  if (choices !== undefined) return choices[Number(text)];
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const number = Number(trimmed);
  // What is no number is handed on as it is, for the check to name it.
  return Number.isNaN(number) ? trimmed : number;
}

import { InvalidSpecError, type Issue } from "../errors.ts";
import { describeAlternatives, describeValue } from "../space/describe.ts";
import { didYouMean } from "../space/nearest.ts";
import type { Command, OptionSpec, PositionalSpec } from "./command.ts";
import type { Plan } from "./plan.ts";

type Values = Record<string, string | number | boolean | undefined>;

/**
 * Gives the words of a command line the types of the command.
 *
 * @throws InvalidSpecError with every word that is none of what its option takes
 */
export function readValues({ command, words, values }: Plan): Parameters<Command["run"]>[0] {
  const read: Values = {};
  const issues: Issue[] = [];
  const take = (name: string, path: string, spec: OptionSpec | PositionalSpec): void => {
    const value = readValue(path, spec, values[name]);
    if (typeof value === "object") issues.push(value);
    else read[name] = value;
  };
  for (const [name, spec] of Object.entries(command.positionals)) take(name, name.toUpperCase(), spec);
  for (const [name, spec] of Object.entries(command.options)) take(name, `--${name}`, spec);
  if (issues.length > 0) throw new InvalidSpecError(`"hpo ${words}"`, issues);
  return read as Parameters<Command["run"]>[0];
}

function readValue(
  path: string,
  spec: OptionSpec | PositionalSpec,
  raw: string | boolean | undefined,
): Values[string] | Issue {
  if (spec.type === "flag") return raw === true;
  if (raw === undefined) return "default" in spec ? spec.default : undefined;
  if (typeof raw === "boolean" || raw === "") return { path, expected: "a value", received: "nothing" };
  if (spec.type === "whole") return readWhole(path, raw, "min" in spec ? spec.min : 0);
  const choices = "choices" in spec ? spec.choices : undefined;
  if (choices === undefined || choices.includes(raw)) return raw;
  const hint = didYouMean(raw, choices);
  const expected = describeAlternatives(choices);
  return { path, expected, received: describeValue(raw), ...(hint === undefined ? {} : { hint }) };
}

function readWhole(path: string, raw: string, min: number): number | Issue {
  const value = Number(raw);
  if (/^\d+$/.test(raw) && Number.isSafeInteger(value) && value >= min) return value;
  return { path, expected: `an integer of at least ${min}`, received: describeValue(raw) };
}

import { InvalidSpecError, type Issue } from "../errors.ts";
import { describeAlternatives, describeValue } from "../space/describe.ts";
import { didYouMean } from "../space/nearest.ts";
import type { Command, OptionSpec, PositionalSpec } from "./command.ts";
import type { Plan } from "./plan.ts";

type Value = string | number | boolean | readonly string[] | undefined;

/**
 * Gives the words of a command line the types of the command.
 *
 * @throws InvalidSpecError with every word that is none of what its option takes
 */
export function readValues({ command, words, values }: Plan): Parameters<Command["run"]>[0] {
  const read: Record<string, Value> = {};
  const issues: Issue[] = [];
  const take = (name: string, path: string, spec: OptionSpec | PositionalSpec): void => {
    const value = readValue(path, spec, values[name]);
    if (isIssue(value)) issues.push(value);
    else read[name] = value;
  };
  for (const [name, spec] of Object.entries(command.positionals)) take(name, name.toUpperCase(), spec);
  for (const [name, spec] of Object.entries(command.options)) take(name, `--${name}`, spec);
  if (issues.length > 0) throw new InvalidSpecError(`"hpo ${words}"`, issues);
  return read as unknown as Parameters<Command["run"]>[0];
}

function readValue(path: string, spec: OptionSpec | PositionalSpec, raw: Plan["values"][string]): Value | Issue {
  if (spec.type === "flag") return raw === true;
  if (spec.type === "texts") return readTexts(path, raw);
  if (raw === undefined) return "default" in spec ? spec.default : undefined;
  if (typeof raw !== "string" || raw === "") return nothing(path);
  if (spec.type === "whole") return readWhole(path, raw, "min" in spec ? spec.min : 0);
  const choices = "choices" in spec ? spec.choices : undefined;
  if (choices === undefined || choices.includes(raw)) return raw;
  const hint = didYouMean(raw, choices);
  const expected = describeAlternatives(choices);
  return { path, expected, received: describeValue(raw), ...(hint === undefined ? {} : { hint }) };
}

function isIssue(value: Value | Issue): value is Issue {
  return typeof value === "object" && "path" in value;
}

function nothing(path: string): Issue {
  return { path, expected: "a value", received: "nothing" };
}

function readTexts(path: string, raw: Plan["values"][string]): readonly string[] | Issue {
  const texts = typeof raw === "object" ? raw : raw === undefined ? [] : [raw];
  return texts.every((text) => typeof text === "string" && text !== "") ? (texts as readonly string[]) : nothing(path);
}

function readWhole(path: string, raw: string, min: number): number | Issue {
  const value = Number(raw);
  if (/^\d+$/.test(raw) && Number.isSafeInteger(value) && value >= min) return value;
  return { path, expected: `an integer of at least ${min}`, received: describeValue(raw) };
}

import type { Issue } from "../errors.ts";
import { describeAlternatives, describeValue } from "./describe.ts";
import { didYouMean } from "./nearest.ts";

/** A numeric option of a sampler or scheduler, as in `{ "name": "median", "percentile": 25 }`. */
export interface OptionRule {
  /** An infinity, which no user can give, stands for none. */
  readonly default: number;
  /** Bounds, inclusive. */
  readonly low: number;
  readonly high: number;
  /** Whole numbers only. @default false */
  readonly whole?: boolean;
  /** What it decides, for people. */
  readonly meaning: string;
}

export type OptionRules = Readonly<Record<string, OptionRule>>;

/** The options of a component with every default filled in. */
export type Options<R extends OptionRules> = { readonly [K in keyof R]: number };

/** What is wrong with options that are sound one by one. */
export type Problem = Omit<Issue, "path">;

/** Every problem with the options that a user gave: unknown names, and values that cannot be. Undefined is the default. */
export function checkOptions(
  path: string,
  component: string,
  given: Readonly<Record<string, unknown>>,
  rules: OptionRules,
): readonly Issue[] {
  const names = Object.keys(rules);
  return Object.entries(given).flatMap(([name, value]): readonly Issue[] => {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) {
      const near = didYouMean(name, names);
      const expected =
        names.length === 0 ? `no options for "${component}"` : `an option such as ${describeAlternatives(names)}`;
      const hint = near === undefined ? {} : { hint: near };
      return [{ path: `${path}.${name}`, expected, received: JSON.stringify(name), ...hint }];
    }
    // Programs write { startup: maybe }.
    if (value === undefined) return [];
    const { low, high, whole = false } = rule;
    // JSON has no infinity.
    const isNumber = whole ? Number.isInteger(value) : Number.isFinite(value);
    if (isNumber && (value as number) >= low && (value as number) <= high) return [];
    const limits = low === -Infinity ? "" : high === Infinity ? ` of at least ${low}` : ` from ${low} to ${high}`;
    const expected = `a ${whole ? "whole " : ""}number${limits} (${rule.meaning})`;
    return [{ path: `${path}.${name}`, expected, received: describeValue(value) }];
  });
}

/** Fills in the defaults of options that were checked. */
export function resolveOptions<R extends OptionRules>(
  rules: R,
  given: Readonly<Record<string, unknown>> = {},
): Options<R> {
  return Object.fromEntries(
    Object.entries(rules).map(([name, rule]) => [name, given[name] ?? rule.default]),
  ) as Options<R>;
}

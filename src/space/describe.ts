import type { Parameter } from "./parameter.ts";

/** Values and expectations in the words of error messages. */

const LONGEST = 60;
const MOST_LISTED = 20;

/** What came, as JSON of at most 60 characters; "nothing" for what is absent. */
export function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "function") return "a function";
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "symbol") return String(value);
  const text = toJson(value);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

/** `"a", "b" or 3`; a long list is cut. */
export function describeAlternatives(values: readonly unknown[]): string {
  const texts = values.slice(0, MOST_LISTED).map(describeValue);
  if (values.length > MOST_LISTED) return `${texts.join(", ")}, … (${values.length} in all)`;
  return texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} or ${texts.at(-1)}`;
}

/** `a, b, c`; a long list is cut. */
export function listNames(names: readonly string[]): string {
  const cut = names.length > MOST_LISTED;
  return cut ? `${names.slice(0, MOST_LISTED).join(", ")}, … (${names.length} in all)` : names.join(", ");
}

/** The values that a parameter may hold, such as "a number from 0 to 0.6 in steps of 0.05". */
export function describeDomain(parameter: Parameter): string {
  if (parameter.type === "ordinal") return describeAlternatives(parameter.values);
  if (parameter.type === "categorical") return describeAlternatives(parameter.choices);
  const { type, low, high, step } = parameter;
  const kind = type === "int" ? "an integer" : "a number";
  const steps = step === undefined || (type === "int" && step === 1) ? "" : ` in steps of ${step}`;
  return `${kind} from ${low} to ${high}${steps}`;
}

function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // A cycle, or nested deeper than the stack.
    return Array.isArray(value) ? "a list" : "an object";
  }
}

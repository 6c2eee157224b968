import { describeAlternatives } from "./describe.ts";

type Schema = Readonly<Record<string, unknown>>;

const KINDS: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  integer: "an integer",
  boolean: "true or false",
  null: "null",
  object: "an object",
  array: "a list",
};

/**
 * What one part of the spec's schema asks for, as the words after "expected".
 *
 * Knows the keywords that `spec.schema.json` uses; `errorMessage`, which editors show as well, goes first.
 */
export function describeSchema(schema: Schema): string {
  const message = schema["errorMessage"];
  if (typeof message === "string") return message.replace(/^Expected /, "");
  if (Array.isArray(schema["enum"])) return describeAlternatives(schema["enum"]);

  const types = [schema["type"]].flat().map((type) => KINDS[String(type)] ?? "a value");
  const kinds = types.length < 2 ? types.join("") : `${types.slice(0, -1).join(", ")} or ${types.at(-1)}`;
  return `${isNonEmptyString(schema) ? "a non-empty string" : kinds}${describeSize(schema)}${describeBounds(schema)}`;
}

function isNonEmptyString(schema: Schema): boolean {
  return schema["type"] === "string" && schema["minLength"] === 1;
}

function describeSize(schema: Schema): string {
  if (schema["minItems"] === 1) return " with at least one item";
  return schema["minProperties"] === 1 ? " with at least one key" : "";
}

function describeBounds(schema: Schema): string {
  const { minimum, maximum, exclusiveMinimum } = schema;
  if (minimum === Number.MIN_SAFE_INTEGER) return ` from ${Number.MIN_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}`;
  if (typeof exclusiveMinimum === "number") return ` above ${exclusiveMinimum}`;
  if (typeof minimum !== "number") return "";
  return typeof maximum === "number" && maximum !== Number.MAX_SAFE_INTEGER
    ? ` from ${minimum} to ${maximum}`
    : ` of at least ${minimum}`;
}

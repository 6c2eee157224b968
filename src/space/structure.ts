import { describeAlternatives, describeValue } from "./describe.ts";
import { describeSchema } from "./describe-schema.ts";
import { type Finding, type Path, withHint } from "./finding.ts";
import { foreignKey, foreignType } from "./foreign-words.ts";
import { isRecord } from "./is-record.ts";
import { didYouMean, nearestWord } from "./nearest.ts";
import { type SchemaError, validate } from "./spec-validator.generated.js";

/** What the JSON schema says about a document, each mistake once. */
export function findStructureProblems(document: unknown): Finding[] {
  if (validate(document)) return [];
  const errors = (validate.errors ?? []).filter((error) => !isConsequence(error));
  const findings = new Map<string, Finding>();
  const misspelt = new Set<string>();
  for (const error of errors) {
    if (error.keyword === "additionalProperties") {
      const [finding, meant] = describeUnknownKey(error);
      findings.set(keyOf(finding.path), finding);
      if (meant !== undefined) misspelt.add(keyOf(meant));
    }
  }
  for (const error of errors) {
    if (error.keyword === "additionalProperties") continue;
    const finding = describeError(error);
    const key = keyOf(finding.path);
    // A key that is there, only misspelt, is not missing as well.
    const excused = misspelt.has(key) || requiredByBranches(error).some((each) => misspelt.has(each));
    if (!excused && !findings.has(key)) findings.set(key, finding);
  }
  return [...findings.values()];
}

/** Errors that repeat another: of the branches of a choice, inside of a key's name, and what the semantic checks tell better. */
function isConsequence(error: SchemaError): boolean {
  return (
    /\/(?:oneOf|anyOf)\//.test(error.schemaPath) ||
    error.propertyName !== undefined ||
    error.keyword === "uniqueItems" ||
    (error.keyword === "required" && error.parentSchema["discriminator"] !== undefined)
  );
}

/** Of a choice between keys: the paths of those keys. */
function requiredByBranches(error: SchemaError): string[] {
  if (error.keyword !== "oneOf") return [];
  const branches = error.parentSchema["oneOf"] as readonly { readonly required: readonly string[] }[];
  const parent = pointerToPath(error.instancePath);
  return branches.flatMap((branch) => branch.required.map((key) => keyOf([...parent, key])));
}

/** The finding, and the path of the key that was meant. */
function describeUnknownKey(error: SchemaError): [Finding, Path | undefined] {
  const parent = pointerToPath(error.instancePath);
  const written = String(error.params["additionalProperty"]);
  const keys = propertyNames(error.parentSchema);
  const free = keys.filter((key) => !Object.hasOwn(error.data as object, key));
  const meant = nearestWord(written, free);
  const finding = {
    path: [...parent, written],
    expected: `one of the keys ${keys.join(", ")}`,
    received: JSON.stringify(written),
  };
  const hint = foreignKey(parent, written) ?? didYouMean(written, free);
  return [withHint(finding, hint), meant === undefined ? undefined : [...parent, meant]];
}

function describeError(error: SchemaError): Finding {
  const path = pointerToPath(error.instancePath);
  switch (error.keyword) {
    case "required": {
      const key = String(error.params["missingProperty"]);
      const properties = error.parentSchema["properties"];
      const schema = isRecord(properties) ? properties[key] : undefined;
      const expected = isRecord(schema) ? describeSchema(schema) : "a value";
      return { path: [...path, key], expected, received: "nothing", hint: `the key "${key}" is required` };
    }
    case "discriminator": {
      const words = branchNames(error.parentSchema);
      const written = error.params["tagValue"];
      const finding = {
        path: [...path, "type"],
        expected: describeAlternatives(words),
        received: describeValue(written),
      };
      if (written === undefined) return { ...finding, hint: 'the key "type" is required' };
      return withHint(finding, foreignType(written) ?? didYouMean(written, words));
    }
    case "propertyNames": {
      const name = String(error.params["propertyName"]);
      const names = error.parentSchema["propertyNames"];
      const expected = isRecord(names) ? describeSchema(names) : "another name";
      return { path: [...path, name], expected, received: JSON.stringify(name) };
    }
    default: {
      const finding = { path, expected: describeSchema(error.parentSchema), received: describeValue(error.data) };
      const words = error.parentSchema["enum"];
      return withHint(finding, Array.isArray(words) ? didYouMean(error.data, words.map(String)) : undefined);
    }
  }
}

function propertyNames(schema: Readonly<Record<string, unknown>>): string[] {
  return Object.keys((schema["properties"] as object | undefined) ?? {}).filter((key) => key !== "$schema");
}

/** Each type of parameter has the definition of its name. */
function branchNames(schema: Readonly<Record<string, unknown>>): string[] {
  const branches = schema["oneOf"] as readonly { readonly $ref: string }[];
  return branches.map((branch) => branch.$ref.split("/").at(-1) ?? "");
}

function pointerToPath(pointer: string): Path {
  return pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}

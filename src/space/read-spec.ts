import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type * as Jsonc from "jsonc-parser";
import { HpoError, InvalidSpecError } from "../errors.ts";
import { checkSpec } from "./check-spec.ts";
import { findSyntaxProblem } from "./json-syntax.ts";
import { readYaml } from "./read-yaml.ts";
import type { StudySpec } from "./spec.ts";

/**
 * Reads a spec's file without checking what it says.
 *
 * @param file path of a file in UTF-8, with or without a byte order mark: YAML where its name ends in .yaml or .yml, else JSON,
 *   in which comments are left out.
 * @throws HpoError `invalid-argument` when the file cannot be read, `invalid-spec` when it is not what its name says.
 */
export function readDocument(file: string): unknown {
  const text = readText(file);
  return /\.ya?ml$/i.test(file) ? readYaml(file, text) : readJsonText(file, withoutComments(text));
}

/** The same text with spaces in place of comments, so that everything else keeps its line and column. */
function withoutComments(text: string): string {
  if (!/\/[/*]/.test(text)) return text;
  const { stripComments } = createRequire(import.meta.url)("jsonc-parser") as typeof Jsonc;
  return stripComments(text, " ");
}

/**
 * Reads and checks a spec.
 *
 * @throws InvalidSpecError with every problem of the spec; HpoError as `readDocument` does.
 */
export function readSpec(file: string): StudySpec {
  const document = readDocument(file);
  const issues = checkSpec(document);
  if (issues.length > 0) throw new InvalidSpecError(file, issues);
  return document as StudySpec;
}

function readText(file: string): string {
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch (cause) {
    throw new HpoError("invalid-argument", `${file}: expected a spec, ${describeReadError(cause)}`, { cause });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch (cause) {
    const message = `${file}: expected text in UTF-8, received other bytes; save the file as UTF-8`;
    throw new HpoError("invalid-spec", message, { cause });
  }
}

function describeReadError(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "found no such file; check the path";
  if (code === "EISDIR") return "found a folder; name the file in it, such as space.json";
  if (code === "EACCES") return "but it may not be read; change its permissions";
  return `but reading it failed: ${error instanceof Error ? error.message : String(error)}`;
}

/** Reads JSON that came by another way than a file. @throws HpoError `invalid-spec`, with the place */
export function readJsonText(file: string, text: string): unknown {
  const problem = findSyntaxProblem(text);
  if (problem === undefined) return JSON.parse(text);
  const before = text.slice(0, problem.offset).split("\n");
  const place = `${file}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  const hint = problem.hint === undefined ? "" : ` — ${problem.hint}`;
  throw new HpoError("invalid-spec", `${place}: expected ${problem.expected}, received ${problem.received}${hint}`);
}

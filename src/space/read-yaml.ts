import { createRequire } from "node:module";
import type * as Yaml from "yaml";
import { HpoError } from "../errors.ts";

/** Loaded only for a YAML file: its start would delay every other study. */
const require = createRequire(import.meta.url);

/** Aliases that a document may follow, so that a small file cannot stand for a huge one. */
const MOST_ALIASES = 100;

/**
 * Reads YAML 1.2 as far as it is JSON: no tags, each key once, finite numbers.
 *
 * @param file what to call it in errors
 * @throws HpoError `invalid-spec` with line and column of each problem
 */
export function readYaml(file: string, text: string): unknown {
  const { LineCounter, parseDocument, visit } = require("yaml") as typeof Yaml;
  const lines = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ""), {
    lineCounter: lines,
    prettyErrors: false,
    schema: "core",
    uniqueKeys: true,
  });
  const problems = [...document.errors, ...document.warnings].map(({ message, pos }) => ({ message, offset: pos[0] }));
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) === undefined)
        problems.push({
          message: `Expected an anchor &${alias.source} before this alias`,
          offset: alias.range?.[0] ?? 0,
        });
    },
    Scalar: (_, { value, range }) => {
      if (typeof value === "number" && !Number.isFinite(value))
        problems.push({ message: "Expected a finite number", offset: range?.[0] ?? 0 });
    },
  });
  if (problems.length > 0) {
    const told = problems.map(({ message, offset }) => {
      const { line, col } = lines.linePos(offset);
      return `${file}:${line}:${col}: ${message}`;
    });
    throw new HpoError("invalid-spec", told.join("\n"));
  }
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown;
  } catch (cause) {
    throw new HpoError("invalid-spec", `${file}: ${(cause as Error).message}`, { cause });
  }
}

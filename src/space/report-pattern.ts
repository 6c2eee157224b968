import { createRequire } from "node:module";

/**
 * A pattern over lines of a log, whose matching takes time in proportion to the line, whatever pattern and line are: a
 * backtracking engine may take years. Loaded where there is a pattern, since the engine is large.
 */
export interface ReportPattern {
  /** Names of its groups, each once. */
  readonly groups: readonly string[];
  /** What the named groups of the first match hold, without those that took no part; undefined where nothing matches. */
  match(line: string): Readonly<Record<string, string>> | undefined;
}

/** An escaped character, a class of characters, or the beginning of a named group. */
const TOKEN = /\\[^]|\[(?:\\[^]|[^\]\\])*\]?|\(\?<(?<name>[^>=!][^>]*)>/g;

/** @throws Error in words where the engine does not know it */
export function reportPattern(pattern: string): ReportPattern {
  // As JavaScript has it, but for lookahead and backreferences, which nobody matches in linear time.
  void new RegExp(pattern);
  const { RE2JS } = createRequire(import.meta.url)("re2js") as typeof import("re2js");
  // The engine allows fewer names than JavaScript.
  const names: string[] = [];
  const numbered = pattern.replace(TOKEN, (token, name: string | undefined) =>
    name === undefined ? token : `(?<g${names.push(name) - 1}>`,
  );
  const compiled = RE2JS.compile(RE2JS.translateRegExp(numbered), RE2JS.LOOKBEHINDS);
  return {
    groups: [...new Set(names)],
    match: (line) => {
      // Without groups it matches far faster.
      if (!compiled.test(line)) return undefined;
      const matcher = compiled.matcher(line);
      if (!matcher.find()) return undefined;
      const found: Record<string, string> = {};
      for (const [index, name] of names.entries()) {
        const word = matcher.group(`g${index}`);
        if (word !== null) found[name] = word;
      }
      return found;
    },
  };
}

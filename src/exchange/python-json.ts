/** JSON as Python writes and reads it: with the bare words NaN, Infinity and -Infinity for numbers. */

/** Stands for such a word within JSON proper; no text of a user begins so. */
const MARK = "\u0000number:";

/** A whole string, or a bare word outside of one. */
const STRING_OR_WORD = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g;
const MARKED = /"\\u0000number:(NaN|-?Infinity)"/g;

/** @throws SyntaxError */
export function parsePython(text: string): unknown {
  // Most lines have no such word: those are read at full speed.
  if (!/NaN|Infinity/.test(text)) return JSON.parse(text);
  const marked = text.replaceAll(STRING_OR_WORD, (token) =>
    token.startsWith('"') ? token : JSON.stringify(MARK + token),
  );
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === "string" && value.startsWith(MARK) ? Number(value.slice(MARK.length)) : value,
  );
}

export function stringifyPython(value: unknown): string {
  const text = JSON.stringify(value, (_, each: unknown) =>
    typeof each === "number" && !Number.isFinite(each) ? MARK + String(each) : each,
  );
  return text.replaceAll(MARKED, "$1");
}

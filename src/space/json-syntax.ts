/** Where JSON text first breaks the rules; `JSON.parse` itself tells the place of some mistakes only. */
export interface SyntaxProblem {
  /** Index into the text, at most its length. */
  readonly offset: number;
  readonly expected: string;
  readonly received: string;
  readonly hint?: string;
}

const SPACE = /[ \t\n\r]*/y;
const TOKEN =
  /[{}[\],:]|"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;

type State = "value" | "item" | "key" | "nextKey" | "colon" | "more" | "end";

/** @returns undefined when `text` is one JSON value in which no object says a key twice. */
export function findSyntaxProblem(text: string): SyntaxProblem | undefined {
  // One entry per open bracket: the keys so far of an object, null for a list.
  const open: (Set<string> | null)[] = [];
  let state: State = "value";
  let offset = 0;
  const closed = (): State => (open.length === 0 ? "end" : "more");

  for (;;) {
    offset += matchAt(SPACE, text, offset)?.length ?? 0;
    if (state === "end" && offset === text.length) return undefined;
    const token = matchAt(TOKEN, text, offset);
    const inObject = open.at(-1) instanceof Set;
    const closes = token === (inObject ? "}" : "]") && open.length > 0;

    if (closes && (state === "more" || state === (inObject ? "key" : "item"))) {
      open.pop();
      state = closed();
    } else if (token === "," && state === "more") {
      state = inObject ? "nextKey" : "value";
    } else if (token === ":" && state === "colon") {
      state = "value";
    } else if (token?.startsWith('"') === true && (state === "key" || state === "nextKey")) {
      const keys = open.at(-1);
      const key = JSON.parse(token) as string;
      if (keys?.has(key) === true) return { offset, expected: "each key once", received: `${token} again` };
      keys?.add(key);
      state = "colon";
    } else if ((token === "{" || token === "[") && (state === "value" || state === "item")) {
      open.push(token === "{" ? new Set() : null);
      state = token === "{" ? "key" : "item";
    } else if (token !== undefined && !/^[{}[\],:]/.test(token) && (state === "value" || state === "item")) {
      state = closed();
    } else {
      return describeProblem(text, offset, state, inObject);
    }
    offset += token.length;
  }
}

function matchAt(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0];
}

function describeProblem(text: string, offset: number, state: State, inObject: boolean): SyntaxProblem {
  const bracket = inObject ? "}" : "]";
  const expected = {
    value: "a value",
    item: 'a value or "]"',
    key: 'a key in double quotes or "}"',
    nextKey: "a key in double quotes",
    colon: '":" after the key',
    more: `"," or "${bracket}"`,
    end: "nothing more",
  }[state];
  const rest = text.slice(offset, offset + 20).split("\n")[0] ?? "";
  const problem = { offset, expected, received: rest === "" ? "the end of the file" : rest };
  const hint = hintFor(rest, state);
  return hint === undefined ? problem : { ...problem, hint };
}

function hintFor(rest: string, state: State): string | undefined {
  if (rest.startsWith("#")) return "a comment begins with //";
  if (rest.startsWith("/*")) return "a comment is not closed";
  if (/^[}\]]/.test(rest) && (state === "nextKey" || state === "value")) return "remove the comma before it";
  if (rest.startsWith("'")) return "use double quotes";
  if (/^[+-]?(?:NaN|Infinity)/.test(rest)) return "JSON has only finite numbers";
  if (rest.startsWith('"') && state !== "more" && state !== "end")
    return "close its quote, and double each backslash in it";
  if (/^[+.\d]/.test(rest) && state !== "colon") return "write numbers like 0.5 or 1e-4";
  return rest === "" ? "a bracket or a quote is not closed" : undefined;
}

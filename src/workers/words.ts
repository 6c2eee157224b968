/** Values and errors in words, for messages that people read. Nothing here throws, whatever the value does. */

/** Longest message and longest detail kept of a failure, in characters. */
const MESSAGE_LIMIT = 500;
const DETAIL_LIMIT = 8_000;

/** "a string ("0.3")", "an array", "NaN": what came, for "expected …, received …". */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return `a string (${JSON.stringify(shorten(value, 60))})`;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "function") return "a function";
  if (typeof value === "symbol") return "a symbol";
  return Array.isArray(value) ? "an array" : "an object";
}

/** One line that says what was thrown. */
export function messageOf(error: unknown): string {
  try {
    if (error instanceof Error) {
      const text = error.message === "" ? error.name : `${error.name}: ${error.message}`;
      return firstLine(text);
    }
    const message = (error as { message?: unknown } | null | undefined)?.message;
    return firstLine(typeof message === "string" ? message : `${describe(error)} was thrown`);
  } catch {
    return "something that cannot be shown was thrown";
  }
}

/** The stack with those of its causes, or undefined where there is none. */
export function stackOf(error: unknown): string | undefined {
  try {
    const stacks: string[] = [];
    for (let at = error; at instanceof Error && stacks.length < 5; at = at.cause) {
      stacks.push(at.stack ?? `${at.name}: ${at.message}`);
    }
    return stacks.length === 0 ? undefined : shorten(stacks.join("\nCaused by: "), DETAIL_LIMIT);
  } catch {
    return undefined;
  }
}

export function firstLine(text: string): string {
  return shorten(text.split(/\r?\n/, 1)[0] ?? "", MESSAGE_LIMIT);
}

function shorten(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

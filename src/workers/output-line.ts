import { stripVTControlCharacters } from "node:util";
import { reportPattern } from "../space/report-pattern.ts";
import { type Told, type ToldMetrics, toldMetrics } from "./told.ts";
import { describe } from "./words.ts";

/** What a line of a command's output says. */
export interface OutputLine {
  /** A checkpoint of this step is complete. */
  readonly checkpoint?: number;
  /** With a step the metrics are a report, without one they are of the result. */
  readonly step?: Told;
  /** Empty when the line says nothing about the training. */
  readonly metrics: ToldMetrics;
}

/** Characters of a line that a pattern looks at. */
const MATCHED = 16_384;

export type LineReader = (line: string) => OutputLine;

const NOTHING: OutputLine = { metrics: {} };

/**
 * A line such as `{"step": 3, "loss": 0.41}` or `{"checkpoint": 3}`, or several of them in one; every other line says nothing. One
 * that begins like them, tells the study's metric and cannot be read tells that the metric is no number.
 */
export function readJsonLine(line: string, metric: string): readonly OutputLine[] {
  const text = plain(line).trim();
  if (!text.startsWith("{")) return [];
  const objects = parseObjects(text);
  if (objects !== undefined) return objects.map(readObject);
  const isTold = text.includes(JSON.stringify(metric));
  return isTold ? [{ metrics: { [metric]: `in a line that is no JSON: ${describe(text)}` } }] : [];
}

function readObject(object: Readonly<Record<string, unknown>>): OutputLine {
  const { step, checkpoint, ...rest } = object;
  return {
    ...(Number.isSafeInteger(checkpoint) && (checkpoint as number) >= 0 ? { checkpoint: checkpoint as number } : {}),
    ...(step === undefined ? {} : { step: typeof step === "number" ? step : describe(step) }),
    metrics: toldMetrics(rest),
  };
}

/** Reads a log by a regular expression: its named group `step` is the step, every other one that matched a metric. */
export function patternReader(pattern: string): LineReader {
  const compiled = reportPattern(pattern);
  return (line) => {
    const groups = compiled.match(plain(line).slice(0, MATCHED));
    if (groups === undefined) return NOTHING;
    const words = Object.entries(groups).map(([name, word]) => [name, readNumber(word)] as const);
    const { step, ...metrics } = Object.fromEntries(words);
    return { ...(step === undefined ? {} : { step }), metrics };
  };
}

/** As a terminal shows it, without colours. */
function plain(line: string): string {
  return line.includes("\u001b") ? stripVTControlCharacters(line) : line;
}

/** A number as programs print it, "nan" and "inf" in any case included; what is none stays a word. */
function readNumber(word: string): Told {
  const text = word.trim().toLowerCase();
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/.test(text)) return Number(text);
  return notFinite(text) ?? describe(word);
}

function notFinite(text: string): number | undefined {
  const word = /^[+-]?(nan|inf(?:inity)?)$/.exec(text)?.[1];
  if (word === undefined) return undefined;
  return word === "nan" ? Number.NaN : text.startsWith("-") ? -Infinity : Infinity;
}

/** The JSON objects that a text consists of; undefined where there is anything else in it. */
function parseObjects(text: string): readonly Readonly<Record<string, unknown>>[] | undefined {
  const whole = parse(text);
  if (whole !== undefined) return [whole];
  const objects = objectsIn(text)?.map(parse);
  return objects?.every((object) => object !== undefined) === true ? objects : undefined;
}

/** Cuts a text behind each brace that closes its outermost one. */
function objectsIn(text: string): readonly string[] | undefined {
  const objects: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of text.matchAll(STRING_OR_BRACE)) {
    if (token === "{") depth++;
    else if (token === "}" && --depth === 0) {
      objects.push(text.slice(start, index + 1));
      start = index + 1;
    }
  }
  return start === text.length && objects.length > 1 ? objects : undefined;
}

// A string that is not closed is one as well: else each quote in it would be tried again, as the beginning of another.
const STRING_OR_BRACE = /"(?:[^"\\]|\\.)*"?|[{}]/g;
const STRING_OR_NUMBER_WORD = /"(?:[^"\\]|\\.)*"?|[+-]?\b(?:nan|inf(?:inity)?)\b/gi;

/** JSON, and the words that Python and C print for what is no finite number. */
function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  const read = tryParse(text);
  if (read !== undefined) return read;
  // Strings are matched first, whole, so that the words inside them stay.
  const quoted = text.replace(STRING_OR_NUMBER_WORD, (token) => (token.startsWith('"') ? token : `"\\u0000${token}"`));
  return tryParse(quoted, (_, value: unknown) =>
    typeof value === "string" && value.startsWith("\0") ? notFinite(value.slice(1).toLowerCase()) : value,
  );
}

function tryParse(
  text: string,
  reviver?: (key: string, value: unknown) => unknown,
): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text, reviver) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

import type { Metrics } from "../history/events.ts";

/** What one line of a command's output says. */
export interface OutputLine {
  /** A checkpoint of this step is complete. */
  readonly checkpoint?: number;
  /** With a step the metrics are a report, without one a result. */
  readonly step?: number;
  /** Empty when the line says nothing about the training. */
  readonly metrics: Metrics;
}

const NOTHING: OutputLine = { metrics: {} };

/** A line such as `{"step": 3, "loss": 0.41}` or `{"checkpoint": 3}`; every other line says nothing. */
export function readJsonLine(line: string): OutputLine {
  const text = line.trim();
  const value = text.startsWith("{") && text.endsWith("}") ? parse(text) : undefined;
  if (typeof value !== "object" || value === null) return NOTHING;
  const { step, checkpoint, ...rest } = value as Record<string, unknown>;
  if (step !== undefined && !isStep(step)) return NOTHING;
  const metrics = Object.fromEntries(Object.entries(rest).filter((entry) => typeof entry[1] === "number"));
  return {
    ...(isStep(checkpoint) && Number.isSafeInteger(checkpoint) ? { checkpoint } : {}),
    ...(step === undefined ? {} : { step }),
    metrics: metrics as Metrics,
  };
}

/** Reads a log by a regular expression: its named group `step` is the step, every other one a metric. */
export function patternReader(pattern: string): (line: string) => OutputLine {
  const expression = new RegExp(pattern);
  return (line) => {
    const { step: stepWord, ...words } = expression.exec(line)?.groups ?? {};
    const step = stepWord === undefined ? undefined : readNumber(stepWord);
    if (stepWord !== undefined && !isStep(step)) return NOTHING;
    const metrics: Record<string, number> = {};
    for (const [name, word] of Object.entries(words)) {
      const number = word === undefined ? undefined : readNumber(word);
      if (number !== undefined) metrics[name] = number;
    }
    return { ...(step === undefined ? {} : { step }), metrics };
  };
}

function isStep(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value !== Infinity;
}

/** A number as programs print it, "nan" and "inf" in any case included. */
function readNumber(word: string): number | undefined {
  const text = word.trim().toLowerCase();
  const infinite = /^([+-]?)inf(?:inity)?$/.exec(text);
  if (infinite !== null) return infinite[1] === "-" ? -Infinity : Infinity;
  if (/^[+-]?nan$/.test(text)) return Number.NaN;
  const number = Number(text);
  return text === "" || Number.isNaN(number) ? undefined : number;
}

/** JSON, and the NaN and Infinity that Python's json module prints. */
function parse(text: string): unknown {
  const plain = tryParse(text);
  if (plain !== undefined) return plain;
  // Strings are matched first, whole, so that the words inside them stay.
  const quoted = text.replace(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g, (token) =>
    token.startsWith('"') ? token : `"\\u0000${token}"`,
  );
  return tryParse(quoted, (_, value: unknown) =>
    typeof value === "string" && value.startsWith("\0") ? Number(value.slice(1)) : value,
  );
}

function tryParse(text: string, reviver?: (key: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, reviver);
  } catch {
    return undefined;
  }
}

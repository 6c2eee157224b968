import type { Cause } from "../history/events.ts";

/** Environment variables whose values nobody may read in a journal. */
const NAMES = /KEY|TOKEN|SECRET|PASSW(?:OR)?D|CREDENTIAL/i;

/** Shorter values, such as "true", are words of any text. */
const SHORTEST = 6;

/** A cause without the values of secret environment variables, which a traceback or a log may have printed. */
export function withoutSecrets(cause: Cause, environment: NodeJS.ProcessEnv = process.env): Cause {
  const secrets = Object.entries(environment)
    .filter((entry): entry is [string, string] => NAMES.test(entry[0]) && (entry[1] ?? "").length >= SHORTEST)
    // The longest first: one may be part of another.
    .toSorted((a, b) => b[1].length - a[1].length);
  const clean = (text: string): string =>
    secrets.reduce((rest, [name, value]) => rest.replaceAll(value, `(value of ${name})`), text);
  const { detail } = cause;
  return { ...cause, message: clean(cause.message), ...(detail === undefined ? {} : { detail: clean(detail) }) };
}

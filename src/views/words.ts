import ms from "ms";
import { stripVTControlCharacters } from "node:util";
import type { ParameterValue, Params } from "../space/parameter.ts";

/** Numbers, times and foreign text as people read them. */

/** A number with at most `digits` significant digits. */
export function inDigits(value: number, digits = 4): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  return size !== 0 && (size < 1e-4 || size >= 1e9) ? rounded.toExponential() : String(rounded);
}

/** "0:07", "12:40", "3:05:09". */
export function inClock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** "850 ms", "12 seconds", "3 minutes": rounded to one unit. */
export function inTime(milliseconds: number): string {
  return ms(Math.max(0, Math.round(milliseconds)), { long: true });
}

/** "12s", "3m", "2h": rounded to one unit. */
export function inBrief(milliseconds: number): string {
  return ms(Math.max(1_000, Math.round(milliseconds)));
}

/** "1 trial", "3 trials". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** What a terminal takes for a command, or for a change of direction; lines and tabs are none. */
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g;

/** A text whose control characters are shown as their codes, in the way of JSON: it moves no cursor, and stays JSON where it is. */
export function withoutControls(text: string): string {
  return text.replaceAll(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** One line without control characters: what others wrote must not move the cursor. */
export function oneLine(text: string): string {
  return (
    stripVTControlCharacters(text)
      .replaceAll(/\s+/g, " ")
      // eslint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u001F\u007F-\u009F]/g, "\uFFFD")
      .trim()
  );
}

/** A recorded reason in one line; numbers with many digits are rounded. */
export function reasonInWords(reason: string): string {
  return oneLine(reason).replaceAll(/\d*\.\d{4,}(e[+-]?\d+)?/g, (number) => inDigits(Number(number)));
}

/** A parameter's value; with `digits`, floats are rounded. */
export function valueInWords(value: ParameterValue, digits?: number): string {
  if (typeof value === "number") return digits === undefined ? String(value) : inDigits(value, digits);
  return oneLine(String(value));
}

/** "learningRate 0.003, layers 2". */
export function paramsInWords(params: Params, digits?: number): string {
  return Object.entries(params)
    .map(([name, value]) => `${oneLine(name)} ${valueInWords(value, digits)}`)
    .join(", ");
}

import type { ParameterValue } from "../../src/space/parameter.ts";

/** Numbers and other things in the words of pictures. */

/** Four significant digits; an exponent where zeros would hide them. */
export function numberInWords(value: number): string {
  const size = Math.abs(value);
  if (value !== 0 && (size >= 1e6 || size < 1e-4)) {
    return value.toExponential(3).replace(/\.?0*e\+?/, "e");
  }
  return String(Number(value.toPrecision(size >= 1e4 ? 6 : 4)));
}

export function valueInWords(value: ParameterValue | undefined): string {
  return typeof value === "number" ? numberInWords(value) : value === undefined ? "inactive" : String(value);
}

/** "1 trial", "2 trials". */
export function count(number: number, noun: string): string {
  return `${String(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** Whole per cent; never "0 %" of something, nor "100 %" of less than all. */
export function percentInWords(share: number): string {
  if (share > 0 && share < 0.01) return "under 1 %";
  if (share < 1 && share > 0.99) return "over 99 %";
  return `${String(Math.round(share * 100))} %`;
}

const UNITS = [
  { name: "days", ms: 86_400_000 },
  { name: "hours", ms: 3_600_000 },
  { name: "minutes", ms: 60_000 },
  { name: "seconds", ms: 1000 },
] as const;

/** The largest unit of which `span` milliseconds are at least two. */
export function timeUnit(span: number): { readonly name: string; readonly ms: number } {
  return UNITS.find(({ ms }) => span >= 2 * ms) ?? { name: "milliseconds", ms: 1 };
}

/** "3.2 minutes". */
export function durationInWords(ms: number): string {
  const unit = timeUnit(ms);
  return `${String(Number((ms / unit.ms).toPrecision(3)))} ${unit.name}`;
}

/** At most `length` characters, the middle left out. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const head = Math.ceil((length - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (length - 1 - head))}`;
}

/** Text for HTML, as tooltips are. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${String(character.codePointAt(0))};`);
}

/** Lines of a tooltip: the first is its title. Long ones wrap. */
export function tooltipHtml(title: string, lines: readonly (string | null | undefined)[]): string {
  const shown = lines.filter((line) => line !== null && line !== undefined && line !== "") as string[];
  const body = shown.map((line) => `<div>${escapeHtml(shorten(line, 300))}</div>`).join("");
  return `<div style="max-width:22rem;white-space:normal;overflow-wrap:anywhere"><b>${escapeHtml(title)}</b>${body}</div>`;
}

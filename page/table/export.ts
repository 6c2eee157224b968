import type { TrialRow } from "../../src/views/payload.ts";
import type { Column } from "./columns.ts";

/** The rows as CSV (RFC 4180), a header first; numbers keep all their digits, and what a trial has not is empty. */
export function toCsv(rows: readonly TrialRow[], columns: readonly Column[]): string {
  const lines = [
    columns.map(({ id }) => id),
    ...rows.map((row) => columns.map(({ of }) => of(row)).map((value) => (value === undefined ? "" : String(value)))),
  ];
  return lines.map((cells) => `${cells.map(quote).join(",")}\r\n`).join("");
}

/** The rows as a JSON array of objects, with null for what a trial has not. */
export function toJson(rows: readonly TrialRow[], columns: readonly Column[]): string {
  const objects = rows.map((row) => Object.fromEntries(columns.map(({ id, of }) => [id, of(row) ?? null])));
  return `${JSON.stringify(objects, null, 2)}\n`;
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Lets the reader save a text as a file. */
export function download(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  downloadAddress(name, address);
  // The browser has begun to read it by then.
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Lets the reader save what is at an address, such as a data URL. */
export function downloadAddress(name: string, address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

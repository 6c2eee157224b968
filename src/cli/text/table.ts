import stringWidth from "string-width";
import { clip, fit } from "./clip.ts";
import { wrap } from "./wrap.ts";

/** Columns that stand under each other, two blanks apart; the last one is cut at `width`. */
export function table(rows: readonly (readonly string[])[], width: number | undefined): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, stringWidth(cell));
  return rows.map((row) => {
    const cells = row.map((cell, column) =>
      column === row.length - 1 ? cell : cell + " ".repeat((widths[column] ?? 0) - stringWidth(cell)),
    );
    const line = cells.join("  ").trimEnd();
    return width === undefined ? line : clip(line, width);
  });
}

/** Columns that a wrapped cell needs to be read. */
const READABLE = 20;

/**
 * The same, its last column broken into lines that stand under each other; in a terminal too narrow for that, under the row.
 *
 * @param width columns of the terminal; undefined: nothing is broken
 */
export function wrappedTable(rows: readonly (readonly string[])[], width: number | undefined): string[] {
  if (width === undefined) return table(rows, width);
  const before = table(
    rows.map((row) => [...row.slice(0, -1), ""]),
    undefined,
  );
  const taken = Math.max(0, ...before.map((line) => stringWidth(line))) + 2;
  const hangs = width - taken >= READABLE;
  const indent = hangs ? taken : Math.min(2, Math.max(0, width - READABLE));
  return rows.flatMap((row, index) => {
    const cell = wrap(row.at(-1) ?? "", width - indent, "").map((line) => clip(line, width - indent));
    const start = before[index] ?? "";
    const lines = cell.map((line) => " ".repeat(indent) + line);
    if (!hangs) return [clip(start, width), ...lines];
    return [fit(start, indent) + (cell[0] ?? ""), ...lines.slice(1)].map((line) => line.trimEnd());
  });
}

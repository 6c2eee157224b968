import stringWidth from "string-width";
import { clip } from "./clip.ts";

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

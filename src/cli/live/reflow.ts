import stringWidth from "string-width";
import { stripVTControlCharacters } from "node:util";

/** How many rows a frame takes after its terminal got `columns` wide and broke the lines that are longer. */
export function reflowedHeight(lines: readonly string[], columns: number): number {
  return lines.reduce((rows, line) => {
    const width = stringWidth(stripVTControlCharacters(line));
    return rows + Math.max(1, Math.ceil(width / Math.max(1, columns)));
  }, 0);
}

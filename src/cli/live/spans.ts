import stringWidth from "string-width";
import type { Paint, Style } from "../paint.ts";
import { clip } from "../text/clip.ts";

/** A piece of a line with its look. Lines are laid out as spans, so that widths are those of the text alone. */
export interface Span {
  readonly text: string;
  readonly style?: Style;
}

export type Line = readonly Span[];

export function span(text: string, style?: Style): Span {
  return style === undefined ? { text } : { text, style };
}

export function widthOf(line: Line): number {
  return line.reduce((sum, each) => sum + stringWidth(each.text), 0);
}

/** A line cut to `width` columns and painted. */
export function render(line: Line, width: number, paint: Paint): string {
  let left = width;
  let text = "";
  for (const [index, each] of line.entries()) {
    const rest = line.slice(index + 1).some((later) => later.text !== "");
    // What is cut shows it, also where the next span would begin.
    const room = rest && stringWidth(each.text) >= left ? clip(`${each.text}…`, left) : clip(each.text, left);
    text += each.style === undefined ? room : paint(each.style, room);
    left -= stringWidth(room);
    if (left <= 0) break;
  }
  return text.trimEnd();
}

/** `left` and `right` at the two ends of a line; the right one gives way when there is no room for both. */
export function ends(left: Line, right: Line, width: number): Line {
  const gap = width - widthOf(left) - widthOf(right);
  return gap < 2 ? left : [...left, span(" ".repeat(gap)), ...right];
}

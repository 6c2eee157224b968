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
  return cut(line, width)
    .map(({ text, style }) => (style === undefined ? text : paint(style, text)))
    .join("")
    .trimEnd();
}

const GAP = 2;

/** Groups side by side, none of them broken over two lines; what `most` lines do not hold is "…". */
export function flow(groups: readonly Line[], width: number, most: number, gap: Line): readonly Line[] {
  const lines: Line[] = [];
  let used = Infinity;
  for (const group of groups) {
    const next = used + widthOf(gap) + widthOf(group);
    const last = lines.at(-1);
    if (last !== undefined && next <= width) {
      lines[lines.length - 1] = [...last, ...gap, ...group];
      used = next;
    } else {
      lines.push(group);
      used = widthOf(group);
    }
  }
  const kept = lines.slice(0, most);
  if (lines.length > most && most > 0) kept[most - 1] = [...(kept[most - 1] ?? []), span(" …", "dim")];
  return kept;
}

/** Whether two ends fit into one line. */
export function fits(left: Line, right: Line, width: number): boolean {
  return widthOf(left) + GAP + widthOf(right) <= width;
}

/** `left` and `right` at the two ends of a line; the left one is cut where there is no room for both. */
export function ends(left: Line, right: Line, width: number): Line {
  const room = width - widthOf(right) - GAP;
  const kept = cut(left, Math.max(0, room));
  return [...kept, span(" ".repeat(Math.max(0, room - widthOf(kept) + GAP))), ...right];
}

/** The first spans of a line that fit into `width` columns, the last of them clipped. */
function cut(line: Line, width: number): Line {
  const kept: Span[] = [];
  let left = width;
  for (const [index, each] of line.entries()) {
    const size = stringWidth(each.text);
    const rest = line.slice(index + 1).some((later) => later.text !== "");
    if (size < left || (size === left && !rest)) {
      kept.push(each);
      left -= size;
      continue;
    }
    // What is cut shows it, also where the next span would begin.
    kept.push({ ...each, text: clip(rest ? `${each.text}…` : each.text, left) });
    break;
  }
  return kept;
}

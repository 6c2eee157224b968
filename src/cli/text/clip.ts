import stringWidth from "string-width";

const segmenter = new Intl.Segmenter();

/** A text cut to at most `width` columns, with "…" where something is missing. */
export function clip(text: string, width: number): string {
  if (width <= 0) return "";
  if (stringWidth(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    const next = used + stringWidth(segment);
    if (next > width - 1) break;
    kept += segment;
    used = next;
  }
  return `${kept}…`;
}

/** The same, cut between words where that loses less than a third of the room. */
export function clipAtWord(text: string, width: number): string {
  const cut = clip(text, width);
  if (cut === text || cut === "") return cut;
  const kept = cut.slice(0, -1);
  const isBetween = text[kept.length] === " ";
  const whole = isBetween ? kept : kept.slice(0, Math.max(0, kept.lastIndexOf(" ")));
  return stringWidth(whole) * 3 < width * 2 ? cut : `${whole.trimEnd().replace(/[,;:·(]+$/, "")}…`;
}

/** A text of exactly `width` columns: cut, or filled with blanks. */
export function fit(text: string, width: number): string {
  const cut = clip(text, width);
  return cut + " ".repeat(Math.max(0, width - stringWidth(cut)));
}

import stringWidth from "string-width";

/** A text in lines of at most `width` columns, broken between words; those after the first begin with `indent`. */
export function wrap(text: string, width: number, indent: string): string[] {
  const [first = "", ...words] = text.split(/(?<=\S) /);
  const lines: string[] = [];
  let line = first;
  let used = stringWidth(first);
  for (const word of words) {
    const size = stringWidth(word);
    if (used + 1 + size <= width) {
      line += ` ${word}`;
      used += 1 + size;
    } else {
      lines.push(line);
      line = indent + word;
      used = stringWidth(indent) + size;
    }
  }
  return [...lines, line];
}

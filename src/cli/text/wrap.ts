import stringWidth from "string-width";

/** A text in lines of at most `width` columns, broken between words; those after the first begin with `indent`. */
export function wrap(text: string, width: number, indent: string): string[] {
  const [first = "", ...words] = text.split(/(?<=\S) /);
  const lines: string[] = [];
  let line = first;
  for (const word of words) {
    const longer = `${line} ${word}`;
    if (stringWidth(longer) <= width) line = longer;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  return [...lines, line];
}

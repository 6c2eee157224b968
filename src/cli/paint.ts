/** Colours for terminals that have them. */

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Style = keyof typeof CODES;

/** Sets a text in a style, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_, text) => text;

export const coloured: Paint = (style, text) => {
  const [on, off] = CODES[style];
  return text === "" ? "" : `\u001B[${on}m${text}\u001B[${off}m`;
};

/** Colours are for terminals that can show them, which Node knows (NO_COLOR too), unless `--no-color` says otherwise. */
export function choosePaint(stream: NodeJS.WriteStream, argv: readonly string[]): Paint {
  const words = argv.slice(0, argv.includes("--") ? argv.indexOf("--") : argv.length);
  return stream.isTTY && stream.hasColors() && !words.includes("--no-color") ? coloured : plain;
}

import { withoutControls } from "../views/words.ts";

/** Colours for terminals that have them, and nothing else that moves them. */

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

const OWN = new Set(Object.values(CODES).flatMap(([on, off]) => [`\u001B[${on}m`, `\u001B[${off}m`]));

/** A line for a terminal, or for a file where nothing is painted: of the control characters in it, our own colours alone are left. */
export function harmless(line: string, paint: Paint): string {
  if (paint === plain) return withoutControls(line);
  // eslint-disable-next-line no-control-regex
  const parts = line.split(/(\u001B\[\d+m)/);
  return parts.map((part) => (OWN.has(part) ? part : withoutControls(part))).join("");
}

/** Colours are for terminals that can show them, which Node knows (NO_COLOR too), unless `--no-color` says otherwise. */
export function choosePaint(stream: NodeJS.WriteStream, argv: readonly string[]): Paint {
  const words = argv.slice(0, argv.includes("--") ? argv.indexOf("--") : argv.length);
  return stream.isTTY && stream.hasColors() && !words.includes("--no-color") ? coloured : plain;
}

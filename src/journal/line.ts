import { crc32 } from "node:zlib";
import type { Recorded } from "../history/events.ts";

/** One event as one line of JSON whose last key is the CRC-32 of all the text before that key. */

const MARK = ',"crc":"';
/** `,"crc":"` + 8 hexadecimal digits + `"}` */
const TAIL = MARK.length + 8 + 2;

/** @returns the line, without its newline */
export function encodeLine(event: Recorded): string {
  const body = JSON.stringify(event).slice(0, -1);
  return `${body}${MARK}${checksum(body)}"}`;
}

export type Decoded = { readonly event: Recorded } | { readonly problem: string };

/** @param line a line without its newline */
export function decodeLine(line: string): Decoded {
  const body = line.slice(0, -TAIL);
  if (!line.startsWith(MARK, body.length) || !line.endsWith('"}')) return { problem: "it does not end in a checksum" };
  const expected = line.slice(body.length + MARK.length, -2);
  const actual = checksum(body);
  if (actual !== expected) return { problem: `its checksum is ${actual}, not the ${expected} that it carries` };
  try {
    return { event: JSON.parse(`${body}}`) as Recorded };
  } catch (error) {
    return { problem: `it is not JSON: ${(error as Error).message}` };
  }
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}

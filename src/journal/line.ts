import { crc32 } from "node:zlib";
import type { Recorded } from "../history/events.ts";
import { crc32Of } from "./crc-32.ts";
import { readReportLine } from "./report-line.ts";

/** One event as one line of JSON whose last key is the CRC-32 of all the text before that key. */

const MARK = ',"crc":"';
const END = '"}';
const DIGITS = 8;
/** `,"crc":"` + 8 hexadecimal digits + `"}` */
const TAIL = MARK.length + DIGITS + END.length;
const [MARK_BYTES, END_BYTES] = [Buffer.from(MARK), Buffer.from(END)];

/** @returns the line, without its newline */
export function encodeLine(event: Recorded): string {
  const body = JSON.stringify(event).slice(0, -1);
  return `${body}${MARK}${inHex(crc32(body))}${END}`;
}

/** `isChecked`: the event has what an event of its type must have, and needs no other check of its fields. */
export type Decoded = { readonly event: Recorded; readonly isChecked: boolean } | { readonly problem: string };

/** @param data holds from `start` to `end` a line without its newline */
export function decodeLine(data: Buffer, start = 0, end: number = data.length): Decoded {
  const body = end - TAIL;
  if (body < start || !standsAt(data, body, MARK_BYTES) || !standsAt(data, end - END.length, END_BYTES))
    return { problem: "it does not end in a checksum" };
  const digits = body + MARK.length;
  const actual = crc32Of(data, start, body);
  if (actual !== hexAt(data, digits)) {
    const expected = data.toString("utf8", digits, digits + DIGITS);
    return { problem: `its checksum is ${inHex(actual)}, not the ${expected} that it carries` };
  }
  const report = readReportLine(data, start, body);
  if (report !== undefined) return { event: report, isChecked: true };
  try {
    return { event: JSON.parse(`${data.toString("utf8", start, body)}}`) as Recorded, isChecked: false };
  } catch (error) {
    return { problem: `it is not JSON: ${(error as Error).message}` };
  }
}

function inHex(checksum: number): string {
  return checksum.toString(16).padStart(DIGITS, "0");
}

/** The number that eight hexadecimal digits write; NaN where others stand. */
function hexAt(data: Buffer, at: number): number {
  let value = 0;
  for (let index = at; index < at + DIGITS; index++) value = 16 * value + hexDigit(data[index] as number);
  return value;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  return byte >= 0x61 && byte <= 0x66 ? byte - 0x61 + 10 : Number.NaN;
}

function standsAt(data: Buffer, at: number, text: Buffer): boolean {
  for (let index = 0; index < text.length; index++) if (data[at + index] !== text[index]) return false;
  return true;
}

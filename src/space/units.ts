import bytes from "bytes";
import ms from "ms";

/** The examples that error messages and the schema show. */
export const DURATION_EXAMPLE = '"90s", "30m" or "2 days"';
export const SIZE_EXAMPLE = '"512MB" or "4GB"';

/**
 * Reads a time such as "30m", "2 days" or "1.5h".
 *
 * @returns milliseconds, at least 0; undefined when unreadable, negative or without a unit.
 */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  // `ms` takes a bare number for milliseconds, which is never what somebody who leaves out the unit means.
  if (!/^[\d.]+ *[a-z]+$/i.test(trimmed)) return undefined;
  return ms(trimmed as ms.StringValue);
}

/** A size with its unit, as `parseBytes` reads it: "50 GB", "97.66 KB". @param size in bytes, at least 0 */
export function sizeInWords(size: number): string {
  return bytes.format(size, { unitSeparator: " " }) as string;
}

/**
 * Reads a size such as "512MB", "4GB" or "4 GiB"; 1 KB is 1024 bytes, as `free` and `ulimit` count.
 *
 * @returns whole bytes, at least 1 and a safe integer; undefined when unreadable or without a unit.
 */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) *([kmgtp]?)i?b$/i.exec(text.trim());
  if (match === null) return undefined;
  // `bytes` reads a unit that it does not know, such as GiB, as bytes.
  const size = bytes.parse(`${match[1]}${match[2]}b`);
  return size !== null && Number.isSafeInteger(size) && size > 0 ? size : undefined;
}

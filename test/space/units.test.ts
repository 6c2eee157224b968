import { describe, expect, it } from "vitest";
import { parseBytes, parseDuration, sizeInWords } from "../../src/space/units.ts";

describe("parseDuration", () => {
  it.each([
    ["30m", 1_800_000],
    ["2 days", 172_800_000],
    ["1.5h", 5_400_000],
    [" 90s ", 90_000],
    ["250ms", 250],
    ["0s", 0],
  ])("reads %j", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each(["", "30", "soon", "-5s", "1e3s", "1.2.3s", "5 apples", "s", `${"9".repeat(400)}s`])("refuses %j", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe("sizeInWords", () => {
  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [100_000, "97.66 KB"],
    [50 * 1024 ** 3, "50 GB"],
  ])("says %d bytes as %j", (bytes, words) => {
    expect(sizeInWords(bytes)).toBe(words);
    if (bytes > 0) expect(parseBytes(words)).toBeCloseTo(bytes, -3);
  });
});

describe("parseBytes", () => {
  it.each([
    ["4GB", 4 * 1024 ** 3],
    ["4 gib", 4 * 1024 ** 3],
    ["1.5KB", 1536],
    ["512MB", 512 * 1024 ** 2],
    ["10b", 10],
  ])("reads %j", (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  it.each(["", "4", "4 apples", "-4GB", "0GB", "0.1b", "GB", "4GBs", "99999999PB"])("refuses %j", (text) => {
    expect(parseBytes(text)).toBeUndefined();
  });
});

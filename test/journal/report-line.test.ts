import { crc32 } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Recorded } from "../../src/history/events.ts";
import { crc32Of } from "../../src/journal/crc-32.ts";
import { encodeLine } from "../../src/journal/line.ts";
import { readReportLine } from "../../src/journal/report-line.ts";

const read = (text: string): unknown => {
  // Bytes before and behind it are not looked at.
  const data = Buffer.from(`{"${text},"crc":"00000000"}`);
  return readReportLine(data, 2, 2 + Buffer.byteLength(text));
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(`${text}}`);
  } catch {
    return "no JSON";
  }
};

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.maxSafeNat(),
  fc.constantFrom(0, -0, 1e21, 5e-324, 0.1, 123456789012345, 1234567890123456),
);
const mostlyWhole = fc.oneof({ weight: 9, arbitrary: fc.maxSafeNat() }, number);
const name = fc.oneof(
  fc.constantFrom("loss", "accuracy", "__proto__", "constructor", "7", 'a "b"', "é", ""),
  fc.string({ maxLength: 6 }),
);

it("reads a report as JSON.parse does, or leaves it to JSON.parse", () => {
  let reads = 0;
  fc.assert(
    fc.property(
      fc.tuple(mostlyWhole, mostlyWhole, mostlyWhole, mostlyWhole),
      fc.array(fc.tuple(name, number), { maxLength: 4 }),
      ([seq, at, run, step], metrics) => {
        const event = { seq, at, type: "reported", run, step, metrics: Object.fromEntries(metrics) } as Recorded;
        const text = encodeLine(event).slice(0, -18);
        const found = read(text);
        if (found === undefined) return;
        reads++;
        expect(found).toStrictEqual(parse(text));
        expect(Object.keys((found as { metrics: object }).metrics)).toEqual(
          Object.keys((parse(text) as { metrics: object }).metrics),
        );
      },
    ),
    { numRuns: 1000 },
  );
  expect(reads).toBeGreaterThan(300);
});

it("reads nothing that is not JSON, nor what is another event", () => {
  const whole = '{"seq":12,"at":1700000000000,"type":"reported","run":3,"step":1.5,"metrics":{"loss":-0.25e-3,"acc":1}';
  expect(read(whole)).toEqual(parse(whole));
  fc.assert(
    fc.property(
      fc.nat(whole.length - 1),
      fc.constantFrom(...Array.from('0123456789.eE+-{}[]":, \\x'), ""),
      fc.boolean(),
      (at, put, insert) => {
        const text = whole.slice(0, at) + put + whole.slice(insert ? at : at + 1);
        const found = read(text);
        if (found !== undefined) expect(found).toStrictEqual(parse(text));
      },
    ),
    { numRuns: 5000 },
  );
  expect(read(`${whole},"omitted":["x"]`)).toBeUndefined();
});

it("computes the checksum of a part as zlib does", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), fc.nat(100), (data, from, to) => {
      const [start, end] = [Math.min(from, data.length), Math.min(to, data.length)];
      expect(crc32Of(data, start, end)).toBe(crc32(data.subarray(start, Math.max(start, end))));
    }),
  );
});

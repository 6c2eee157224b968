import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LineSplitter } from "../../src/workers/line-splitter.ts";
import { MarkFilter } from "../../src/workers/mark-filter.ts";
import { patternReader, readJsonLine } from "../../src/workers/output-line.ts";
import { OutputTail } from "../../src/workers/output-tail.ts";
import { RunLog } from "../../src/workers/run-log.ts";

/** Any text in chunks of any sizes. */
const chunks = fc.array(
  fc.string({ maxLength: 12 }).map((text) => Buffer.from(text)),
  { maxLength: 20 },
);

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "hpo-test-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("a run's log", () => {
  test("keeps the start and the end of any output, and counts what is between", () => {
    fc.assert(
      fc.property(chunks, fc.integer({ min: 1, max: 20 }), (written, limit) => {
        const path = join(directory, "log");
        rmSync(path, { force: true });
        writeFileSync(path, "");
        const log = new RunLog(path, "header", limit);
        for (const chunk of written) log.write(chunk);
        log.end();
        const all = Buffer.concat(written);
        const left = all.length - 2 * limit;
        const words = left > 0 ? `\n… ${left} bytes left out …\n` : "";
        const expected = [
          all.subarray(0, limit),
          Buffer.from(words),
          all.subarray(Math.max(limit, all.length - limit)),
        ];
        expect(readFileSync(path)).toEqual(Buffer.concat(expected));
      }),
    );
  });

  test("sets runs apart, and ignores what comes after its end", () => {
    const path = join(directory, "trial", "log");
    for (const run of ["first", "second"]) {
      const log = new RunLog(path, `=== ${run} ===`);
      log.write(Buffer.from(run));
      log.end();
      log.write(Buffer.from("late"));
    }
    expect(readFileSync(path, "utf8")).toBe("first\n=== second ===\nsecond");
  });

  test("that cannot be written is given up", () => {
    writeFileSync(join(directory, "file"), "");
    const log = new RunLog(join(directory, "file", "log"), "");
    log.write(Buffer.from("text"));
    log.end();
  });
});

test("an end mark is found and taken out however the stream is cut", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.array(fc.integer({ min: 1, max: 9 })), (before, after, sizes) => {
      const mark = "\0end-mark\n";
      const stream = Buffer.from(`${before}\0end${mark}${after}`);
      const passed: Buffer[] = [];
      let marks = 0;
      const filter = new MarkFilter(
        mark,
        (bytes) => passed.push(bytes),
        () => (marks += 1),
      );
      let at = 0;
      for (const size of [...sizes, stream.length]) filter.push(stream.subarray(at, (at += size)));
      expect(Buffer.concat(passed).toString()).toBe(`${Buffer.from(before).toString()}\0end`);
      expect(marks).toBe(1);
    }),
  );
});

test("a stream that ends without its mark loses nothing", () => {
  const passed: Buffer[] = [];
  const filter = new MarkFilter(
    "mark",
    (bytes) => passed.push(bytes),
    () => {},
  );
  filter.push(Buffer.from("text ma"));
  filter.end();
  expect(Buffer.concat(passed).toString()).toBe("text ma");
});

test("lines are the same however the stream is cut", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[aé\r\n]*$/), fc.array(fc.integer({ min: 1, max: 5 })), (text, sizes) => {
      const bytes = Buffer.from(text);
      const lines: string[] = [];
      const splitter = new LineSplitter((line) => lines.push(line));
      let at = 0;
      for (const size of [...sizes, bytes.length]) splitter.push(bytes.subarray(at, (at += size)));
      splitter.end();
      expect(lines).toEqual(text.split(/[\r\n]/).filter((line) => line !== ""));
    }),
  );
});

test("a line without end stays bounded", () => {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (let count = 0; count < 100; count++) splitter.push(Buffer.alloc(10_000, "x"));
  splitter.push(Buffer.from("\nnext\n"));
  expect(lines.map((line) => line.length)).toEqual([65_536, 4]);
});

test("the tail holds the last lines", () => {
  const tail = new OutputTail();
  for (let line = 0; line < 10_000; line++) tail.push(Buffer.from(`line ${line}\n\n`));
  expect(tail.lines(2)).toBe("line 9998\nline 9999");
});

const nan = Number.NaN;
test.each([
  ['{"step": 3, "loss": 0.41}', [{ step: 3, metrics: { loss: 0.41 } }]],
  [' {"loss": 0.41} ', [{ metrics: { loss: 0.41 } }]],
  ['\uFEFF{"loss": 0.41}\r', [{ metrics: { loss: 0.41 } }]],
  ['\u001b[32m{"loss": \u001b[1m0.41\u001b[0m}\u001b[0m', [{ metrics: { loss: 0.41 } }]],
  [
    '{"step": 1, "loss": NaN, "word": "NaN, \\"Infinity"}',
    [{ step: 1, metrics: { loss: nan, word: expect.anything() } }],
  ],
  ['{"step": 1, "a": Infinity, "b": -Infinity}', [{ step: 1, metrics: { a: Infinity, b: -Infinity } }]],
  [
    '{"step": 1, "a": nan, "b": -nan, "c": inf, "d": -INF}',
    [{ step: 1, metrics: { a: nan, b: nan, c: Infinity, d: -Infinity } }],
  ],
  ['{"loss": null}', [{ metrics: { loss: "null" } }]],
  ['{"loss": true}', [{ metrics: { loss: "true" } }]],
  ['{"loss": [1]}', [{ metrics: { loss: "an array" } }]],
  ['{"loss": 1e999}', [{ metrics: { loss: Infinity } }]],
  ['{"loss": "NaN"}', [{ metrics: { loss: 'a string ("NaN")' } }]],
  ['{"loss": "0.41"}', [{ metrics: { loss: 'a string ("0.41")' } }]],
  ['{"loss": NaNcy}', [{ metrics: { loss: 'in a line that is no JSON: a string ("{\\"loss\\": NaNcy}")' } }]],
  ['{"step": 1, "loss": 0.4', [{ metrics: { loss: expect.stringContaining("no JSON") } }]],
  ['{"step": 1, "accuracy": 0.4', []],
  ['{"Loss": 0.41}', [{ metrics: { Loss: 0.41 } }]],
  [
    '{"step": 1, "loss": 2}{"step": 2, "loss": null} {"a": "}{"}',
    [{ step: 1, metrics: { loss: 2 } }, { step: 2, metrics: { loss: "null" } }, { metrics: { a: expect.anything() } }],
  ],
  ['{"checkpoint": 4}', [{ checkpoint: 4, metrics: {} }]],
  ['{"checkpoint": 4, "step": 4, "loss": 1}', [{ checkpoint: 4, step: 4, metrics: { loss: 1 } }]],
  ['{"checkpoint": 1.5}', [{ metrics: {} }]],
  ['{"step": 0, "loss": 1}', [{ step: 0, metrics: { loss: 1 } }]],
  ['{"step": -1, "loss": 1}', [{ step: -1, metrics: { loss: 1 } }]],
  ['{"step": Infinity, "loss": 1}', [{ step: Infinity, metrics: { loss: 1 } }]],
  ['{"step": "3", "loss": 1}', [{ step: 'a string ("3")', metrics: { loss: 1 } }]],
  ["[1, 2]", []],
  ["null", []],
  ["{", []],
  ["{'loss': 1}", []],
])("the line %s", (line, expected) => {
  expect(readJsonLine(line, "loss")).toEqual(expected);
});

test.each([
  ["epoch 3 loss 1e-3", { step: 3, metrics: { loss: 1e-3 } }],
  ["epoch 3 loss nan", { step: 3, metrics: { loss: Number.NaN } }],
  ["epoch 3 loss -Inf", { step: 3, metrics: { loss: -Infinity } }],
  ["epoch 3 loss +infinity", { step: 3, metrics: { loss: Infinity } }],
  ["epoch 3 loss fine", { step: 3, metrics: { loss: 'a string ("fine")' } }],
  ["epoch 3 loss 1,234.5", { step: 3, metrics: { loss: 'a string ("1,234.5")' } }],
  ["epoch 3 loss \u22120.3", { step: 3, metrics: { loss: 'a string ("\u22120.3")' } }],
  ["epoch 3 loss 1e-3,", { step: 3, metrics: { loss: 'a string ("1e-3,")' } }],
  ["epoch 3 loss 5%", { step: 3, metrics: { loss: 'a string ("5%")' } }],
  ["epoch 3 loss 0x10", { step: 3, metrics: { loss: 'a string ("0x10")' } }],
  ["epoch 3 loss .5", { step: 3, metrics: { loss: 0.5 } }],
  ["\uFEFFepoch 3 loss \u001b[31m0.5\u001b[0m", { step: 3, metrics: { loss: 0.5 } }],
  ["epoch 0 loss 1", { step: 0, metrics: { loss: 1 } }],
  ["loss 0.5", { metrics: { loss: 0.5 } }],
  ["nothing", { metrics: {} }],
])("a pattern on the line %s", (line, expected) => {
  const read = patternReader(String.raw`(?:epoch (?<step>\d+) )?loss (?<loss>\S+)`);
  expect(read(line)).toEqual(expected);
});

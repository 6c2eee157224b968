import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { HpoError, InvalidSpecError } from "../../src/errors.ts";
import { findSyntaxProblem } from "../../src/space/json-syntax.ts";
import { readDocument, readSpec } from "../../src/space/read-spec.ts";
import { EXAMPLE } from "./example.ts";

const folder = mkdtempSync(join(tmpdir(), "hpo-spec-"));
const file = join(folder, "space.json");

function errorOf(content: string | Uint8Array): HpoError {
  writeFileSync(file, content);
  return caught(() => readSpec(file));
}

function caught(act: () => unknown): HpoError {
  try {
    act();
  } catch (error) {
    if (error instanceof HpoError) return error;
    throw error;
  }
  throw new Error("expected an error");
}

describe("readSpec", () => {
  it("reads a spec, with and without a byte order mark", () => {
    writeFileSync(file, JSON.stringify(EXAMPLE));
    expect(readSpec(file)).toEqual(EXAMPLE);
    writeFileSync(file, `\uFEFF${JSON.stringify(EXAMPLE, null, 2)}\n`);
    expect(readSpec(file)).toEqual(EXAMPLE);
  });

  it("says what to do about a file that is not there or is a folder", () => {
    const missing = join(folder, "none.json");
    expect(caught(() => readSpec(missing))).toMatchObject({
      code: "invalid-argument",
      message: `${missing}: expected a spec, found no such file; check the path`,
    });
    expect(caught(() => readSpec(folder)).message).toBe(
      `${folder}: expected a spec, found a folder; name the file in it, such as space.json`,
    );
  });

  it("leaves out comments, but not what looks like one in a string", () => {
    const text = JSON.stringify({ ...EXAMPLE, $schema: "https://x/*y*/" }, null, 2);
    writeFileSync(file, `// first\n${text.replaceAll("\n", ' // "more" /* \n/* and\nmore */')}`);
    expect(readSpec(file)).toEqual({ ...EXAMPLE, $schema: "https://x/*y*/" });
  });

  describe("YAML", () => {
    const yaml = join(folder, "space.yaml");
    const errorIn = (content: string): HpoError => {
      writeFileSync(yaml, content);
      return caught(() => readDocument(yaml));
    };

    it("says the same as JSON", () => {
      writeFileSync(yaml, `\uFEFF# a comment\n${stringify(EXAMPLE)}`);
      expect(readSpec(yaml)).toEqual(EXAMPLE);
      writeFileSync(yaml, "a: &one { low: 1e-4, word: no, date: 2020-01-01 }\nb: *one\n");
      const one = { low: 1e-4, word: "no", date: "2020-01-01" };
      expect(readDocument(yaml)).toEqual({ a: one, b: one });
    });

    it.each([
      ["a: 1\na: 2\n", /space\.yaml:2:1: .*unique/],
      ["a: [1, 2\nb: 3\n", /space\.yaml:2:1: /],
      ["a: !!js/function x\n", /space\.yaml:1:4: .*tag/],
      ["a: .nan\nb: -.inf\n", /space\.yaml:1:4: Expected a finite number\n.*space\.yaml:2:4: /],
      ["a: 1\n---\nb: 2\n", /space\.yaml:/],
      ["a: *none\n", /space\.yaml:1:4: .*anchor/],
    ])("names line and column in %j", (content, message) => {
      expect(errorIn(content)).toMatchObject({
        code: "invalid-spec",
        message: expect.stringMatching(message) as string,
      });
    });

    it("follows no bomb of aliases", () => {
      const levels = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}*a${i}]`);
      expect(errorIn(["a0: &a0 [x, x]", ...levels].join("\n")).code).toBe("invalid-spec");
    });
  });

  it("refuses other encodings", () => {
    expect(errorOf(Buffer.from("\uFEFF{}", "utf16le"))).toMatchObject({
      code: "invalid-spec",
      message: `${file}: expected text in UTF-8, received other bytes; save the file as UTF-8`,
    });
  });

  it.each([
    ["", "1:1: expected a value, received the end of the file — a bracket or a quote is not closed"],
    ['{\n  "name": "x",\n}', "3:1: expected a key in double quotes, received } — remove the comma before it"],
    ["[1, 2,]", "1:7: expected a value, received ] — remove the comma before it"],
    ['{"a": 1 "b": 2}', '1:9: expected "," or "}", received "b": 2}'],
    ['{"a" 1}', '1:6: expected ":" after the key, received 1}'],
    [
      "{\n  # the name\n}",
      '2:3: expected a key in double quotes or "}", received # the name — a comment begins with //',
    ],
    [
      "{ // one\n /* two\n */ 'a': 1}",
      `3:5: expected a key in double quotes or "}", received 'a': 1} — use double quotes`,
    ],
    ["{'a': 1}", `1:2: expected a key in double quotes or "}", received 'a': 1} — use double quotes`],
    ['{"low": .5}', "1:9: expected a value, received .5} — write numbers like 0.5 or 1e-4"],
    ['{"low": NaN}', "1:9: expected a value, received NaN} — JSON has only finite numbers"],
    ['{"low": 01}', '1:10: expected "," or "}", received 1} — write numbers like 0.5 or 1e-4'],
    ['{"a": "x', '1:7: expected a value, received "x — close its quote, and double each backslash in it'],
    [
      '{"pattern": "(?<step>\\d+)"}',
      '1:13: expected a value, received "(?<step>\\d+)"} — close its quote, and double each backslash in it',
    ],
    ["{} {}", "1:4: expected nothing more, received {}"],
    ['{"lr": 1, "lr": 2}', '1:11: expected each key once, received "lr" again'],
    ["[}", '1:2: expected a value or "]", received }'],
  ])("names line and column in %j", (content, message) => {
    expect(errorOf(content)).toMatchObject({ code: "invalid-spec", message: `${file}:${message}` });
  });

  it("collects every problem of the spec", () => {
    const error = errorOf(JSON.stringify({ ...EXAMPLE, seed: true, name: "" }));
    expect(error).toBeInstanceOf(InvalidSpecError);
    expect((error as InvalidSpecError).issues.map((issue) => issue.path)).toEqual(["name", "seed"]);
    expect(error.message.split("\n")[0]).toBe(`${file} has 2 problems:`);
  });
});

describe("findSyntaxProblem", () => {
  it("agrees with JSON.parse on what is JSON", () => {
    const alphabet = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"b"',
      '"\\u00',
      "1",
      "-",
      ".5",
      "e3",
      " ",
      "\n",
      "null",
      "tru",
      "\\",
    );
    const parses = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(
        fc.array(alphabet, { maxLength: 12 }).map((parts) => parts.join("")),
        (text) => {
          const problem = findSyntaxProblem(text);
          return problem?.expected === "each key once" || (problem === undefined) === parses(text);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("accepts whatever JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(3), (text, indent) => {
        return findSyntaxProblem(JSON.stringify(JSON.parse(text), null, indent)) === undefined;
      }),
    );
  });

  it("takes linear time on a long string that is never closed", () => {
    expect(findSyntaxProblem(`["${"a".repeat(100_000)}`)?.offset).toBe(1);
  });

  it("needs no stack for deep nesting", () => {
    expect(findSyntaxProblem("[".repeat(100_000) + "]".repeat(100_000))).toBeUndefined();
  });
});

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reportPattern } from "../../src/space/report-pattern.ts";

describe("a pattern of reports", () => {
  it.each([
    ["epoch (?<step>\\d+).*val_loss (?<loss>[0-9.eE+-]+)", "epoch 3 train_loss 0.5 val_loss 0.41"],
    ["(?:loss=(?<loss>\\S+)|step=(?<step>\\d+))", "x step=12"],
    ["(?<größe>\\d+)", "groß 12"],
    ["(?<$a_1>é+)", "caféé"],
    ["\\(?<loss>(?<loss>\\d)", "(<loss>5"],
    ["[(?<x>)]+(?<loss>\\d)", "(?<x>)7"],
    ["(?<=loss )(?<loss>\\d+)", "loss 12"],
    ["^\\s*(?<loss>\\d+)\\b$", "  12"],
    ["\\u0041(?<loss>\\d)", "A1"],
    ["nothing (?<loss>\\d)", "A1"],
  ])("finds with %s what JavaScript finds", (pattern, line) => {
    const groups = new RegExp(pattern).exec(line)?.groups;
    const expected = groups === undefined ? undefined : Object.entries(groups).filter(([, word]) => word !== undefined);
    const found = reportPattern(pattern).match(line);
    expect(found === undefined ? undefined : Object.entries(found)).toEqual(expected);
  });

  it("finds what JavaScript finds in generated lines", () => {
    const compiled = reportPattern("(?<step>\\d+)[^=]*=\\s*(?<loss>-?[0-9.]+)");
    const native = /(?<step>\d+)[^=]*=\s*(?<loss>-?[0-9.]+)/;
    const line = fc.array(fc.constantFrom("1", "2", "=", " ", "-", ".", "a", "ü", "😀")).map((parts) => parts.join(""));
    fc.assert(
      fc.property(line, (text) => {
        const groups = native.exec(text)?.groups;
        expect(compiled.match(text)).toEqual(groups === undefined ? undefined : { ...groups });
      }),
    );
  });

  it.each([
    "(?<loss>\\d)(?=x)",
    "(?<loss>\\d)(?!x)",
    "(a)\\1(?<loss>x)",
    "(?<loss>(",
    "((a{100}){100}){100}(?<loss>x)",
  ])("refuses %s", (pattern) => expect(() => reportPattern(pattern)).toThrow());

  // A backtracking engine takes longer than the universe has been there for each of them.
  it.each([
    ["^(?:a+)+$", "a"],
    ["(?:a|a)*b", "a"],
    ["(?:.*.*.*.*.*)=(?<loss>x)", "="],
    ["(?<loss>\\d+)+(?:\\d+)+(?:\\d+)+(?:\\d+)+!", "1"],
  ])("comes to an end with %s on a long line", (pattern, letter) => {
    expect(reportPattern(pattern).match(`${letter.repeat(16_384)}?`)).toBeUndefined();
  });
});

import { describe, expect, it } from "vitest";
import { describeAlternatives, describeDomain, describeValue, listNames } from "../../src/space/describe.ts";
import { didYouMean, nearestWord } from "../../src/space/nearest.ts";

describe("describeValue", () => {
  it.each<[unknown, string]>([
    ["a", '"a"'],
    [Number.NaN, "NaN"],
    [-0.5, "-0.5"],
    [null, "null"],
    [undefined, "nothing"],
    [10n, "10"],
    [() => 1, "a function"],
    [{ a: [1, "b"] }, '{"a":[1,"b"]}'],
    ["x".repeat(100), `"${"x".repeat(58)}…`],
  ])("says %s as people read it", (value, text) => {
    expect(describeValue(value)).toBe(text);
  });
});

describe("lists in messages", () => {
  const many = Array.from({ length: 30 }, (_, index) => index);

  it("end with an alternative, or with how many there are", () => {
    expect(describeAlternatives(["a", 2, null])).toBe('"a", 2 or null');
    expect(describeAlternatives(["a"])).toBe('"a"');
    expect(describeAlternatives(many)).toMatch(/^0, 1, .* 19, … \(30 in all\)$/);
    expect(listNames(["a", "b"])).toBe("a, b");
    expect(listNames(many.map(String))).toMatch(/^0, 1, .* 19, … \(30 in all\)$/);
  });
});

describe("describeDomain", () => {
  it("says kind, bounds and steps", () => {
    expect(describeDomain({ type: "int", low: 1, high: 3, step: 1 })).toBe("an integer from 1 to 3");
    expect(describeDomain({ type: "int", low: 1, high: 9, step: 2 })).toBe("an integer from 1 to 9 in steps of 2");
    expect(describeDomain({ type: "float", low: 0, high: 1 })).toBe("a number from 0 to 1");
  });
});

describe("nearestWord", () => {
  const words = ["type", "low", "high", "log", "step", "when", "choices"];

  it.each([
    ["hihg", "high"],
    ["HIGH", "high"],
    ["lw", "low"],
    ["choises", "choices"],
    ["ch", "choices"],
    ["st", "step"],
  ])("takes %j for %j", (written, word) => {
    expect(nearestWord(written, words)).toBe(word);
  });

  it.each(["x", "xyzzy", "", "distribution"])("finds nothing near %j", (written) => {
    expect(nearestWord(written, words)).toBeUndefined();
  });

  it("does not take a word that shares no letter for a near one", () => {
    expect(nearestWord("ab", ["xy"])).toBeUndefined();
  });

  it("makes a question of it", () => {
    expect(didYouMean("hihg", words)).toBe('did you mean "high"?');
    expect(didYouMean(3, words)).toBeUndefined();
  });
});

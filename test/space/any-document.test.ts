import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkSpec } from "../../src/space/check-spec.ts";
import { EXAMPLE, withParameters } from "./example.ts";

describe("any document", () => {
  const keys = [
    ...Object.keys(EXAMPLE),
    "a",
    "b",
    "type",
    "low",
    "high",
    "log",
    "step",
    "when",
    "values",
    "choices",
    "command",
  ];
  const words = [
    "float",
    "int",
    "ordinal",
    "categorical",
    "a",
    "b",
    "auto",
    "{a}",
    "30m",
    "(",
    "__proto__",
    "constructor",
  ];
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6, depthSize: "large" },
      fc.constantFrom<unknown>(...words, 0, 1, -1, 0.5, 1e300, true, null, Number.NaN, -Infinity, undefined),
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys, "__proto__", "toString"), tie("tree"), { maxKeys: 6 }),
    ),
  }));

  it("never makes the check throw, and each place has one issue only, but for patterns", () => {
    const root = fc.record(
      Object.fromEntries(Object.entries(EXAMPLE).map(([key, value]) => [key, fc.oneof(fc.constant(value), tree)])),
    );
    fc.assert(
      fc.property(fc.oneof(tree, root), (document) => {
        const paths = checkSpec(document).map((issue) => issue.path);
        expect(new Set(paths).size).toBe(paths.length);
      }),
      { numRuns: 500 },
    );
  });

  it.each(["parameters", "enqueue", "objective", "strategy"])("may be a mess below %s", (key) => {
    fc.assert(
      fc.property(tree, (mess) => {
        expect(Array.isArray(checkSpec({ ...EXAMPLE, [key]: key === "enqueue" ? [mess] : mess }))).toBe(true);
        expect(Array.isArray(checkSpec({ ...EXAMPLE, [key]: { a: mess, b: mess } }))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("may contain itself or be very deep", () => {
    const cyclic: Record<string, unknown> = { ...EXAMPLE };
    cyclic["name"] = cyclic;
    expect(checkSpec(cyclic)[0]).toMatchObject({ path: "name", received: "an object" });
    let deep: unknown = 1;
    for (let level = 0; level < 50_000; level++) deep = [deep];
    expect(checkSpec({ ...EXAMPLE, parameters: { a: { type: "categorical", choices: [deep, deep] } } })[0]?.path).toBe(
      "parameters.a.choices.0",
    );
  });

  it("may chain thousands of conditions", () => {
    const chain = Object.fromEntries(
      Array.from({ length: 5000 }, (_, n) => [
        `p${n}`,
        { type: "int", low: 0, high: 1, ...(n < 4999 && { when: { [`p${n + 1}`]: [1] } }) },
      ]),
    );
    expect(checkSpec(withParameters(chain))).toEqual([]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cardinality } from "../../src/space/cardinality.ts";
import { configurationKey, configurations } from "../../src/space/configurations.ts";
import { checkParams } from "../../src/space/check-params.ts";
import type { Parameter, Parameters } from "../../src/space/parameter.ts";
import { createSpace } from "../../src/space/space.ts";

const discrete: fc.Arbitrary<Parameter> = fc.oneof(
  fc.tuple(fc.integer({ min: -5, max: 5 }), fc.nat(3)).map(([low, span]) => ({
    type: "int" as const,
    low,
    high: low + span,
  })),
  fc.constantFrom<Parameter>(
    { type: "float", low: 0, high: 0.3, step: 0.1 },
    { type: "float", low: 2, high: 2 },
    { type: "ordinal", values: [16, 32, 64] },
    { type: "categorical", choices: ["a"] },
    { type: "int", low: 4, high: 9, step: 2 },
    { type: "int", low: 1, high: 4, log: true },
  ),
);

/** A tree: the first two parameters are parents, the second may hang on the first, the others on either or both. */
const spaces: fc.Arbitrary<Parameters> = fc
  .tuple(fc.array(discrete, { maxLength: 4 }), fc.infiniteStream(fc.nat(4)))
  .map(([rest, chance]) => {
    const when = (): { when?: Record<string, readonly (string | number)[]> } => {
      const dice = chance.next().value as number;
      const on = { ...(dice % 2 === 1 ? { kind: ["a", "b"] } : {}), ...(dice >= 2 ? { depth: [1, 2] } : {}) };
      return Object.keys(on).length === 0 ? {} : { when: on };
    };
    const named: Record<string, Parameter> = {
      kind: { type: "categorical", choices: ["a", "b", "c"] },
      depth: {
        type: "int",
        low: 1,
        high: 4,
        ...((chance.next().value as number) > 2 ? { when: { kind: ["b"] } } : {}),
      },
    };
    for (const [index, parameter] of rest.entries()) named[`p${index}`] = { ...parameter, ...when() };
    return named;
  });

describe("configurations", () => {
  it("are as many as the cardinality says, all different, and all valid", () => {
    fc.assert(
      fc.property(spaces, (parameters) => {
        const space = createSpace(parameters);
        const all = [...configurations(space)];
        expect(cardinality(space)).toBe(all.length);
        expect(new Set(all.map((params) => configurationKey(space, params))).size).toBe(all.length);
        for (const params of all) expect(checkParams(space, params, "")).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("are endless with a continuous parameter, also one that is active at times only", () => {
    const parent: Parameter = { type: "categorical", choices: ["a", "b"] };
    const child: Parameter = { type: "float", low: 0, high: 1, when: { kind: ["a"] } };
    expect(cardinality(createSpace({ kind: parent, child }))).toBe(Infinity);
    expect(cardinality(createSpace({ kind: { ...parent, choices: ["b"] }, child }))).toBe(1);
  });

  it("have one key whatever the order of their names", () => {
    const space = createSpace({ a: { type: "int", low: 0, high: 1 }, b: { type: "int", low: 0, high: 1 } });
    expect(configurationKey(space, { b: 1, a: 0 })).toBe(configurationKey(space, { a: 0, b: 1 }));
  });
});

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

  it("are counted right where conditions join any parents, and one that is missing", () => {
    const joined = fc
      .array(
        fc.record({
          values: fc.integer({ min: 1, max: 3 }),
          // Parents by how far they stand before; 9 stands for none that exists. Values beyond those there are, too.
          on: fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.subarray([0, 1, 2, 3, 7], { minLength: 1 })), {
            maxLength: 3,
          }),
        }),
        { minLength: 1, maxLength: 7 },
      )
      .map((list) => {
        const named: Record<string, Parameter> = {};
        for (const [index, { values, on }] of list.entries()) {
          const when = Object.fromEntries(on.map(([back, allowed]) => [`p${index - back}`, allowed]));
          named[`p${index}`] = { type: "int", low: 0, high: values, ...(on.length === 0 ? {} : { when }) };
        }
        return named;
      });
    fc.assert(
      fc.property(joined, (parameters) => {
        const space = createSpace(parameters);
        let count = 0;
        for (const _ of configurations(space)) count++;
        expect(cardinality(space)).toBe(count);
      }),
      { numRuns: 500 },
    );
  });

  it("are counted part by part, where all branches together are too many to look at", () => {
    const parameters: Record<string, Parameter> = {};
    for (let index = 0; index < 30; index++) {
      parameters[`on${index}`] = { type: "categorical", choices: [true, false] };
      parameters[`size${index}`] = { type: "int", low: 1, high: 2, when: { [`on${index}`]: [true] } };
    }
    expect(cardinality(createSpace(parameters))).toBe(3 ** 30);
    // Values that no condition tells apart are one branch.
    const units: Parameter = { type: "int", low: 1, high: 1e6 };
    const allowed = Array.from({ length: 200_000 }, (_, index) => index + 1);
    const rate: Parameter = { type: "int", low: 1, high: 3, when: { units: allowed } };
    expect(cardinality(createSpace({ units, rate }))).toBe(3 * 200_000 + 800_000);
  });

  it("are too many above 2⁵³, and where conditions join too many parents", () => {
    const grid = (index: number): Parameter => ({ type: "float", low: 0, high: 1, step: 1 / (8 << (index % 2)) });
    const many = (length: number): Parameters =>
      Object.fromEntries(Array.from({ length }, (_, index) => [`x${index}`, grid(index)]));
    expect(cardinality(createSpace(many(14)))).toBe(9 ** 7 * 17 ** 7);
    expect(cardinality(createSpace(many(60)))).toBe(Infinity);
    const joined: Record<string, Parameter> = {};
    for (let index = 0; index < 30; index++) joined[`on${index}`] = { type: "categorical", choices: [true, false] };
    const all = Object.fromEntries(Object.keys(joined).map((name) => [name, [true]]));
    const child = { type: "int", low: 1, high: 2 } as const;
    expect(cardinality(createSpace({ ...joined, child: { ...child, when: all } }))).toBe(2 ** 30 + 1);
    for (let index = 0; index < 15; index++)
      joined[`child${index}`] = { ...child, when: { [`on${index}`]: [true], [`on${29 - index}`]: [true] } };
    joined["child"] = { ...child, when: all };
    expect(cardinality(createSpace(joined))).toBe(Infinity);
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

  it("stand on the steps of an int whose width is no safe integer", () => {
    const low = -Number.MAX_SAFE_INTEGER;
    const wide = (step: number, high = Number.MAX_SAFE_INTEGER): readonly unknown[] =>
      [...configurations(createSpace({ n: { type: "int", low, high, step } }))].map(({ n }) => n);
    // By exact arithmetic: low + k·step, also where k·step is no safe integer.
    expect(wide(3_002_399_751_580_331)).toEqual([
      -9007199254740991, -6004799503160660, -3002399751580329, 2, 3002399751580333, 6004799503160664,
    ]);
    const ints = fc.tuple(fc.maxSafeInteger(), fc.maxSafeInteger(), fc.integer({ min: 1, max: 50 }));
    fc.assert(
      fc.property(ints, ([a, b, parts]) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const step = Math.max(1, Math.min(Math.floor(to / parts - from / parts), Number.MAX_SAFE_INTEGER));
        fc.pre(to / step - from / step < 100);
        const space = createSpace({ n: { type: "int", low: from, high: to, step } });
        const all = [...configurations(space)].map(({ n }) => n as number);
        const count = (BigInt(to) - BigInt(from)) / BigInt(step) + 1n;
        expect(all).toEqual(
          Array.from({ length: Number(count) }, (_, k) => Number(BigInt(from) + BigInt(k) * BigInt(step))),
        );
        expect(cardinality(space)).toBe(all.length);
      }),
    );
  });
});

import fc from "fast-check";
import type { Parameter, Parameters } from "../../src/space/parameter.ts";

/** Any parameter, with huge and tiny scales, single values, steps. */
const parameter: fc.Arbitrary<Parameter> = fc.oneof(
  fc
    .tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.double({ noNaN: true, noDefaultInfinity: true }))
    .map(([a, b]) => ({ type: "float" as const, low: Math.min(a, b), high: Math.max(a, b) })),
  fc
    .tuple(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), fc.double({ min: 1e-300, max: 1e300, noNaN: true }))
    .map(([a, b]) => ({ type: "float" as const, low: Math.min(a, b), high: Math.max(a, b), log: true })),
  fc
    .tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 40 }), fc.constantFrom(0.05, 0.1, 0.25, 1, 3))
    .map(([low, count, step]) => ({ type: "float" as const, low, high: low + count * step, step })),
  fc
    .tuple(fc.integer(), fc.nat(), fc.boolean())
    .map(([low, span, log]) =>
      log
        ? { type: "int" as const, low: Math.abs(low) + 1, high: Math.abs(low) + 1 + span, log }
        : { type: "int" as const, low, high: low + span },
    ),
  fc
    .uniqueArray(fc.oneof(fc.integer(), fc.string({ minLength: 1 })), { minLength: 1, maxLength: 6 })
    .map((values) => ({ type: "ordinal" as const, values })),
  fc
    .uniqueArray(fc.oneof(fc.string({ minLength: 1 }), fc.integer(), fc.boolean(), fc.constant(null)), {
      minLength: 1,
      maxLength: 6,
    })
    .map((choices) => ({
      type: "categorical" as const,
      choices,
    })),
);

/** Parameters of one to four values, of every type. */
const few: fc.Arbitrary<Parameter> = fc.oneof(
  fc.tuple(fc.integer(), fc.nat(3)).map(([low, span]) => ({ type: "int" as const, low, high: low + span })),
  fc
    .tuple(fc.integer({ min: 1 }), fc.nat(3))
    .map(([low, span]) => ({ type: "int" as const, low, high: low + span, log: true })),
  fc
    .tuple(fc.integer({ min: -50, max: 50 }), fc.nat(3), fc.constantFrom(0.05, 0.1, 3))
    .map(([low, count, step]) => ({ type: "float" as const, low, high: low + count * step, step })),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((value) => ({ type: "float" as const, low: value, high: value })),
  fc
    .uniqueArray(fc.oneof(fc.integer(), fc.string({ minLength: 1 })), { minLength: 1, maxLength: 4 })
    .map((values) => ({ type: "ordinal" as const, values })),
  fc
    .uniqueArray(fc.oneof(fc.string({ minLength: 1 }), fc.boolean(), fc.constant(null)), { minLength: 1, maxLength: 4 })
    .map((choices) => ({ type: "categorical" as const, choices })),
);

/** 1 to 40 parameters; some depend on an earlier categorical, some of those on each other. */
export const spaces: fc.Arbitrary<Parameters> = spacesOf(parameter, 40);

/** 1 to 5 parameters of few values, with conditions: from 1 to some hundred configurations. */
export const finiteSpaces: fc.Arbitrary<Parameters> = spacesOf(few, 5);

function spacesOf(parameters: fc.Arbitrary<Parameter>, maxLength: number): fc.Arbitrary<Parameters> {
  return fc
    .tuple(fc.array(parameters, { minLength: 1, maxLength }), fc.infiniteStream(fc.nat()))
    .map(([list, chance]) => {
      const named: Record<string, Parameter> = {};
      for (const [index, each] of list.entries()) {
        const parents = Object.entries(named).filter(([, { type }]) => type === "categorical");
        const dice = chance.next().value as number;
        const parent = dice % 3 === 0 ? parents[dice % Math.max(parents.length, 1)] : undefined;
        const when =
          parent === undefined
            ? {}
            : {
                when: { [parent[0]]: [(parent[1] as { choices: readonly (string | number)[] }).choices[0] as string] },
              };
        named[`p${index}`] = { ...each, ...when };
      }
      return named;
    });
}

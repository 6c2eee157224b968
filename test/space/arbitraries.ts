import * as fc from "fast-check";
import type { Parameter } from "../../src/space/parameter.ts";
import { createSpace, type Space } from "../../src/space/space.ts";

/** Spaces that `checkSpec` accepts, of every type and scale, with nested conditions. */

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const positive = fc
  .tuple(fc.double({ min: 1, max: 10, maxExcluded: true, noNaN: true }), fc.integer({ min: -307, max: 307 }))
  .map(([mantissa, exponent]) => Number(`${mantissa}e${exponent}`));

function ordered(value: fc.Arbitrary<number>): fc.Arbitrary<{ low: number; high: number }> {
  return fc.tuple(value, value).map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) }));
}

const linear = ordered(finite).map((bounds): Parameter => ({ type: "float", ...bounds }));
const logarithmic = ordered(positive).map((bounds): Parameter => ({ type: "float", ...bounds, log: true }));

/** A decimal such as -1.35e-290, so that steps are what people write. */
const decimal = fc
  .tuple(fc.integer({ min: -9999, max: 9999 }), fc.integer({ min: -3, max: 3 }))
  .map(([digits, exponent]) => Number(`${digits}e${exponent}`));
const stepped = fc
  .record({
    low: decimal,
    step: fc
      .tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: -5, max: 2 }))
      .map(([digits, exponent]) => Number(`${digits}e${exponent}`)),
    steps: fc.double({ min: 0, max: 1000, noNaN: true }),
  })
  .chain(({ low, step, steps }) =>
    // The same grid at any scale.
    fc.constantFrom(0, -290, 290).map((power): Parameter => {
      const at = (value: number): number => Number(`${value.toFixed(12)}e${power}`);
      return { type: "float", low: at(low), high: at(low + step * steps), step: at(step) };
    }),
  );

const int = fc
  .tuple(ordered(fc.maxSafeInteger()), fc.option(fc.integer({ min: 1, max: 2 ** 40 }), { nil: undefined }))
  .map(([bounds, step]): Parameter => ({ type: "int", ...bounds, ...(step !== undefined && { step }) }));
const smallInt = ordered(fc.integer({ min: -3, max: 3 })).map((bounds): Parameter => ({ type: "int", ...bounds }));
const logInt = ordered(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })).map((bounds): Parameter => ({
  type: "int",
  ...bounds,
  log: true,
}));
const ordinal = fc
  .uniqueArray(fc.oneof(fc.integer(), fc.string()), { minLength: 1, maxLength: 5 })
  .map((values): Parameter => ({ type: "ordinal", values }));
const categorical = fc
  .uniqueArray(fc.oneof(fc.boolean(), fc.constant(null), fc.integer(), fc.string()), { minLength: 1, maxLength: 5 })
  .map((choices): Parameter => ({ type: "categorical", choices }));

export const parameter: fc.Arbitrary<Parameter> = fc.oneof(
  linear,
  logarithmic,
  stepped,
  int,
  smallInt,
  logInt,
  ordinal,
  categorical,
);

/** Parents come before or after their children in the declaration. */
export const space: fc.Arbitrary<Space> = fc
  .tuple(
    fc.array(fc.tuple(parameter, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat()), { minLength: 1, maxLength: 8 }),
    fc.infiniteStream(fc.nat()),
  )
  .map(([drawn, order]) => {
    const made: [string, Parameter][] = [];
    for (const [index, [each, chance, pick]] of drawn.entries()) {
      const parents = made.filter(([, { type }]) => type !== "float");
      const parent = chance < 0.6 ? parents[pick % Math.max(parents.length, 1)] : undefined;
      made.push([`p${index}`, parent === undefined ? each : { ...each, when: { [parent[0]]: someValues(parent[1]) } }]);
    }
    const shuffled = made.map((entry) => ({ entry, key: order.next().value ?? 0 })).toSorted((a, b) => a.key - b.key);
    return createSpace(Object.fromEntries(shuffled.map(({ entry }) => entry)));
  });

function someValues(parent: Parameter): readonly (number | string | boolean | null)[] {
  if (parent.type === "categorical") return parent.choices.slice(0, 2);
  if (parent.type === "ordinal") return parent.values.slice(0, 2);
  return [parent.low];
}

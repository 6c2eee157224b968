import * as fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { isActive } from "../../src/space/activity.ts";
import type { Parameters, ParamsOf } from "../../src/space/parameter.ts";
import { createSpace } from "../../src/space/space.ts";
import { space } from "./arbitraries.ts";

const nested = createSpace({
  a: { type: "float", low: 0, high: 1, when: { b: [1, 2], c: ["x"] } },
  b: { type: "int", low: 0, high: 3, when: { d: [true] } },
  c: { type: "ordinal", values: ["x", "y"] },
  d: { type: "categorical", choices: [true, false] },
});

describe("createSpace", () => {
  it("puts parents first and leaves the rest as declared", () => {
    expect(nested.order).toEqual(["d", "b", "c", "a"]);
    const flat: Parameters = { z: { type: "int", low: 0, high: 1 }, y: { type: "int", low: 0, high: 1 } };
    expect(createSpace(flat).order).toEqual(["z", "y"]);
  });

  it("orders only what it is given", () => {
    const orphan: Parameters = { a: { type: "int", low: 0, high: 1, when: { missing: [1] } } };
    expect(createSpace(orphan).order).toEqual(["a"]);
  });

  it("names each parameter once, after all of its parents", () => {
    fc.assert(
      fc.property(space, ({ parameters, order }) => {
        expect(order.toSorted()).toEqual(Object.keys(parameters).toSorted());
        for (const [position, name] of order.entries()) {
          for (const parent of Object.keys(parameters[name]?.when ?? {})) {
            expect(order.indexOf(parent)).toBeLessThan(position);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("isActive", () => {
  it.each([
    ["without a condition", "c", {}, true],
    ["when every parent holds", "a", { b: 2, c: "x", d: true }, true],
    ["not when one parent has another value", "a", { b: 2, c: "y", d: true }, false],
    ["not when a parent has no value", "a", { c: "x", d: true }, false],
    ["not when a parent is itself inactive", "a", { b: 2, c: "x", d: false }, false],
  ] as const)("is true %s (%s)", (_, name, params, active) => {
    expect(isActive(nested, name, params)).toBe(active);
  });

  it("looks at a shared ancestor once, however many ways lead to it", () => {
    const layers = 60;
    const parameters: Record<string, Parameters[string]> = { p0a: bit(), p0b: bit() };
    for (let n = 1; n < layers; n++) {
      const when = { [`p${n - 1}a`]: [1], [`p${n - 1}b`]: [1] };
      parameters[`p${n}a`] = { ...bit(), when };
      parameters[`p${n}b`] = { ...bit(), when };
    }
    const params = Object.fromEntries(Object.keys(parameters).map((name) => [name, 1]));
    expect(isActive(createSpace(parameters), `p${layers - 1}a`, params)).toBe(true);
  });
});

function bit(): Parameters[string] {
  return { type: "int", low: 0, high: 1 };
}

describe("ParamsOf", () => {
  type Configuration = ParamsOf<{
    readonly lr: { readonly type: "float"; readonly low: 0; readonly high: 1 };
    readonly kind: { readonly type: "categorical"; readonly choices: readonly ["sgd", 3, null] };
    readonly size: { readonly type: "ordinal"; readonly values: readonly [16, 32] };
    readonly momentum: {
      readonly type: "float";
      readonly low: 0;
      readonly high: 1;
      readonly when: { readonly kind: readonly ["sgd"] };
    };
  }>;

  it("gives a categorical the union of its choices, and a conditional parameter may be undefined", () => {
    expectTypeOf<Configuration["lr"]>().toEqualTypeOf<number>();
    expectTypeOf<Configuration["kind"]>().toEqualTypeOf<"sgd" | 3 | null>();
    expectTypeOf<Configuration["size"]>().toEqualTypeOf<16 | 32>();
    expectTypeOf<Configuration["momentum"]>().toEqualTypeOf<number | undefined>();
  });
});

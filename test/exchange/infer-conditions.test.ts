import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inferConditions, type SeenTrial } from "../../src/exchange/infer-conditions.ts";
import { checkParams } from "../../src/space/check-params.ts";
import { decodeParams } from "../../src/space/decode.ts";
import type { Parameter, Parameters, Params } from "../../src/space/parameter.ts";
import { createSpace } from "../../src/space/space.ts";

const whole = (params: Params): SeenTrial => ({ params, whole: true });

const PLAIN: Parameters = {
  a: { type: "categorical", choices: ["x", "y", "z"] },
  b: { type: "categorical", choices: [1, 2] },
  n: { type: "int", low: 1, high: 5 },
  c: { type: "float", low: 0, high: 1 },
};

test("what every trial has is unconditional", () => {
  const trials = [whole({ a: "x", b: 1, n: 1, c: 0 }), whole({ a: "y", b: 2, n: 2, c: 1 })];
  expect(inferConditions(PLAIN, trials)).toEqual(PLAIN);
});

test("one parent's value", () => {
  const trials = [whole({ a: "x", b: 1, n: 1, c: 0 }), whole({ a: "y", b: 1, n: 1 }), whole({ a: "z", b: 2, n: 3 })];
  expect(inferConditions(PLAIN, trials)["c"]).toMatchObject({ when: { a: ["x"] } });
});

test("from so many on, also those that no trial had", () => {
  const trials = [whole({ a: "x", b: 1, n: 3, c: 0 }), whole({ a: "x", b: 1, n: 2 })];
  expect(inferConditions(PLAIN, trials)["c"]).toMatchObject({ when: { n: [3, 4, 5] } });
});

test("two parents, where one does not tell", () => {
  const trials = [whole({ a: "x", b: 1, n: 1, c: 0 }), whole({ a: "x", b: 2, n: 1 }), whole({ a: "y", b: 1, n: 1 })];
  expect(inferConditions(PLAIN, trials)["c"]).toMatchObject({ when: { a: ["x"], b: [1] } });
});

test("a trial that broke off tells nothing of what it lacks", () => {
  const trials = [whole({ a: "x", b: 1, n: 1, c: 0 }), { params: { a: "x" }, whole: false }];
  expect(inferConditions(PLAIN, trials)).toEqual(PLAIN);
});

test("what no parameter tells stays unconditional", () => {
  const trials = [whole({ a: "x", b: 1, n: 1, c: 0 }), whole({ a: "x", b: 1, n: 1 })];
  expect(inferConditions(PLAIN, trials)).toEqual(PLAIN);
});

describe("from all trials of a space with conditions", () => {
  const parameter: fc.Arbitrary<Parameter> = fc.oneof(
    fc.record({ type: fc.constant("categorical" as const), choices: fc.constantFrom(["p", "q"], ["p", "q", "r"]) }),
    fc.record({ type: fc.constant("int" as const), low: fc.constant(1), high: fc.integer({ min: 2, max: 4 }) }),
  );
  const space = fc
    .tuple(parameter, parameter, parameter, parameter, fc.infiniteStream(fc.nat()))
    .map(([a, b, c, d, draws]) => {
      const next = (below: number): number => (draws.next().value as number) % below;
      const valuesOf = (each: Parameter): readonly (string | number)[] =>
        each.type === "categorical"
          ? (each.choices as string[])
          : [1, 2, 3, 4].slice(0, (each as { high: number }).high);
      const parents = { a, b, c };
      const when = (names: readonly (keyof typeof parents)[]): object => {
        if (next(3) === 0) return {};
        const name = names[next(names.length)] as keyof typeof parents;
        const values = valuesOf(parents[name]);
        return { when: { [name]: [values[next(values.length)]] } };
      };
      return {
        a,
        b: { ...b, ...when(["a"]) },
        c: { ...c, ...when(["a", "b"]) },
        d: { ...d, ...when(["a", "b", "c"]) },
      };
    });

  test("it activates the same parameters in each", () => {
    fc.assert(
      fc.property(space, (parameters: Parameters) => {
        const original = createSpace(parameters);
        const trials: SeenTrial[] = [];
        // Every combination: no two values of a parameter are nearer to each other than a twelfth.
        for (let point = 0; point < 12 ** 4; point += 7) {
          const unit = {
            a: point % 12,
            b: Math.floor(point / 12) % 12,
            c: Math.floor(point / 144) % 12,
            d: Math.floor(point / 1728),
          };
          trials.push(whole(decodeParams(original, (name) => unit[name as keyof typeof unit] / 12)));
        }
        const bare = structuredClone(parameters);
        for (const each of Object.values(bare)) delete (each as { when?: unknown }).when;
        const inferred = createSpace(inferConditions(bare, trials));
        for (const { params } of trials) expect(checkParams(inferred, params, "")).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

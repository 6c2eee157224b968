import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { History } from "../../src/history/history.ts";
import { SAMPLERS } from "../../src/samplers/registry.ts";
import type { Suggestion } from "../../src/samplers/sampler.ts";
import { checkParams } from "../../src/space/check-params.ts";
import { checkSpec } from "../../src/space/check-spec.ts";
import type { Parameter, Parameters } from "../../src/space/parameter.ts";
import { createSpace } from "../../src/space/space.ts";
import { resolveSpec } from "../../src/study/resolve.ts";
import { createStrategy } from "../../src/study/strategy.ts";

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

/** 1 to 40 parameters; some depend on an earlier categorical, some of those on each other. */
const parameters: fc.Arbitrary<Parameters> = fc
  .tuple(fc.array(parameter, { minLength: 1, maxLength: 40 }), fc.infiniteStream(fc.nat()))
  .map(([list, chance]) => {
    const named: Record<string, Parameter> = {};
    for (const [index, each] of list.entries()) {
      const parents = Object.entries(named).filter(([, { type }]) => type === "categorical");
      const dice = chance.next().value as number;
      const parent = dice % 3 === 0 ? parents[dice % Math.max(parents.length, 1)] : undefined;
      const when =
        parent === undefined
          ? {}
          : { when: { [parent[0]]: [(parent[1] as { choices: readonly (string | number)[] }).choices[0] as string] } };
      named[`p${index}`] = { ...each, ...when };
    }
    return named;
  });

/** A study of any space before its first trial. */
const historyOf = (name: string, some: Parameters, seed: string): History => {
  const spec = { name: "test", metric: { name: "loss", goal: "minimize" as const }, parameters: some, seed };
  expect(checkSpec(spec)).toEqual([]);
  const settings = resolveSpec(
    { ...spec, strategy: { sampler: name, scheduler: "full" } },
    { subject: "the test's spec", specFolder: "/", studyFolder: null, objective: "function" },
  );
  const history = new History();
  history.apply({ seq: 0, at: 0, type: "study-created", version: 1, engine: "test", settings });
  return history;
};

/** What every sampler must hold to, whoever wrote it. */
function samplerSuite(name: string): void {
  const suggest = (some: Parameters, trial: number, seed: string): Suggestion => {
    const history = historyOf(name, some, seed);
    const { sampler } = createStrategy(history.settings);
    return sampler.suggest(structuredClone(sampler.task(history, trial)));
  };

  describe(`the sampler "${name}"`, () => {
    it("stays inside any space, gives every active parameter and no other, and says why", () => {
      fc.assert(
        fc.property(parameters, fc.nat(), fc.string(), (some, trial, seed) => {
          const suggestion = suggest(some, trial, seed);
          expect(checkParams(createSpace(some), suggestion.params, "")).toEqual([]);
          expect(suggestion.reason).toMatch(/\S/);
          // What the journal gives back is what was tried.
          expect(JSON.parse(JSON.stringify(suggestion.params))).toEqual(suggestion.params);
        }),
        { numRuns: 1000 },
      );
    });

    it("gives the same suggestion for the same task", () => {
      fc.assert(
        fc.property(parameters, fc.nat(), fc.string(), (some, trial, seed) => {
          expect(suggest(some, trial, seed)).toEqual(suggest(some, trial, seed));
        }),
      );
    });
  });
}

for (const name of Object.keys(SAMPLERS)) samplerSuite(name);

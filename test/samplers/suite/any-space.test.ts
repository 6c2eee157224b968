import fc from "fast-check";
import { expect, it } from "vitest";
import { History } from "../../../src/history/history.ts";
import type { Suggestion } from "../../../src/samplers/sampler.ts";
import { cardinality } from "../../../src/space/cardinality.ts";
import { checkParams } from "../../../src/space/check-params.ts";
import type { Parameter, Parameters } from "../../../src/space/parameter.ts";
import { createSpace } from "../../../src/space/space.ts";
import { resolveSpec } from "../../../src/study/resolve.ts";
import { createStrategy } from "../../../src/study/strategy.ts";
import { space as nestedSpace } from "../../space/arbitraries.ts";
import { spaces } from "../../support/spaces.ts";
import { runVirtual } from "../../support/virtual-study.ts";
import {
  ANY_RESULTS,
  bowl,
  expectSound,
  forEachSampler,
  MIXED,
  reachOf,
  resultsIn,
  samplerSpec,
} from "./sampler-study.ts";

/** How many random spaces each sampler is tried in. */
const SPACES = Number(process.env["HPO_TEST_SPACES"] ?? 100);

const anySpace: fc.Arbitrary<Parameters> = fc.oneof(
  spaces,
  nestedSpace.map(({ parameters }) => parameters),
);

const axes = (count: number, axis: Parameter): Parameters =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`x${index}`, axis]));

const EXTREMES: Readonly<Record<string, Parameters>> = {
  "one dimension": axes(1, { type: "float", low: 0, high: 1 }),
  "40 dimensions": axes(40, { type: "float", low: -5, high: 5 }),
  "42 dimensions of every type": Object.fromEntries(
    Array.from({ length: 7 }, (_, copy) =>
      Object.entries(MIXED).map(([name, parameter]) => [
        `${name}${copy}`,
        parameter.when === undefined ? parameter : { ...parameter, when: { [`kind${copy}`]: ["b"] } },
      ]),
    ).flat(),
  ) as Parameters,
  "600 decades": axes(2, { type: "float", low: 1e-300, high: 1e300, log: true }),
  "the widest float": axes(2, { type: "float", low: -Number.MAX_VALUE, high: Number.MAX_VALUE }),
  "the largest ints": {
    ...axes(2, { type: "int", low: -1e15, high: 1e15 }),
    any: { type: "int", low: Number.MIN_SAFE_INTEGER, high: Number.MAX_SAFE_INTEGER },
    log: { type: "int", low: 1, high: Number.MAX_SAFE_INTEGER, log: true },
  },
  "a width of 1e-9": axes(2, { type: "float", low: 0.3, high: 0.3 + 1e-9 }),
  "a width of one bit": axes(2, { type: "float", low: 1, high: 1 + Number.EPSILON }),
  "the least floats": axes(2, { type: "float", low: 0, high: 5e-324 }),
  "negative zeros": {
    zero: { type: "float", low: -0, high: -0 },
    ...axes(1, { type: "float", low: -0, high: 1 }),
    kind: { type: "ordinal", values: [-0, 1] },
  },
  "one value, beside a float": {
    one: { type: "float", low: 0.3, high: 0.3 },
    ...axes(1, { type: "float", low: 0, high: 1 }),
  },
};

forEachSampler((name) => {
  it(`holds in ${SPACES} random spaces, whatever the results: inside, nothing tried twice, the end told`, async () => {
    const run = fc.record({
      parameters: anySpace,
      trials: fc.integer({ min: 5, max: 17 }),
      slots: fc.integer({ min: 1, max: 3 }),
      seed: fc.oneof(fc.nat(), fc.string({ minLength: 1 })),
      goal: fc.constantFrom("minimize" as const, "maximize" as const),
      results: fc.array(fc.constantFrom(...ANY_RESULTS), { minLength: 1, maxLength: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(run, async ({ parameters, trials, slots, seed, goal, results }) => {
        const study = await runVirtual({
          spec: samplerSpec(name, parameters, { metric: { name: "loss", goal }, stop: { trials }, seed }),
          objective: resultsIn(parameters, results),
          slots,
        });
        expectSound(study);
        expect(study.history.trials.length).toBe(Math.min(trials, cardinality(reachOf(name, parameters))));
        expect(study.history.fallbacks).toBe(0);
      }),
      { numRuns: SPACES },
    );
  }, 1_800_000);

  it.each(Object.entries(EXTREMES))("holds in a space of %s", async (_, parameters) => {
    const loss = bowl(parameters);
    const study = await runVirtual({
      spec: samplerSpec(name, parameters, { stop: { trials: 18 } }),
      objective: { loss: ({ params }) => loss(params) },
      slots: 2,
    });
    expectSound(study);
    expect(study.history.trials.length).toBe(Math.min(18, cardinality(reachOf(name, parameters))));
  });

  it("starts in any space for any number of a trial and any seed", () => {
    const suggest = (some: Parameters, trial: number, seed: string): Suggestion => {
      const settings = resolveSpec(samplerSpec(name, some, { seed }), {
        subject: "the test's spec",
        specFolder: "/",
        studyFolder: null,
        objective: "function",
      });
      const history = new History();
      history.apply({ seq: 0, at: 0, type: "study-created", version: 1, engine: "test", settings });
      const { sampler } = createStrategy(settings);
      return sampler.suggest(sampler.task(history, trial));
    };
    fc.assert(
      fc.property(anySpace, fc.nat(), fc.string(), (some, trial, seed) => {
        const suggestion = suggest(some, trial, seed);
        expect(checkParams(createSpace(some), suggestion.params, "")).toEqual([]);
        expect(suggest(some, trial, seed)).toStrictEqual(suggestion);
      }),
    );
  });
});

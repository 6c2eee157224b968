import fc from "fast-check";
import { expect, it } from "vitest";
import { cardinality } from "../../../src/space/cardinality.ts";
import { configurationKey, configurations } from "../../../src/space/configurations.ts";
import type { Parameters, Params } from "../../../src/space/parameter.ts";
import { createSpace } from "../../../src/space/space.ts";
import { finiteSpaces } from "../../support/spaces.ts";
import { runVirtual } from "../../support/virtual-study.ts";
import { ANY_RESULTS, bowl, expectSound, forEachSampler, reachOf, resultsIn, samplerSpec } from "./sampler-study.ts";

/** A study of up to so many configurations is run to its end. */
const MOST = 24;

const ONLY: Readonly<Record<string, Parameters>> = {
  "a float of one value": { x: { type: "float", low: 0.1, high: 0.1 } },
  "a log float of one value": { x: { type: "float", low: 1e-300, high: 1e-300, log: true } },
  "an int of one value": { n: { type: "int", low: 1e15, high: 1e15 } },
  "a step beyond the range": { x: { type: "float", low: 0, high: 1, step: 3 } },
  "one choice": { kind: { type: "categorical", choices: [null] } },
  "one ordinal, and what it excludes": {
    size: { type: "ordinal", values: ["s"] },
    kind: { type: "categorical", choices: ["a"] },
    no: { type: "int", low: 7, high: 7, when: { size: ["s"], kind: ["a"] } },
  },
};

forEachSampler((name) => {
  it("tries all of a finite space that it reaches once, on any number of slots, then ends and says why", async () => {
    const run = fc.record({
      parameters: finiteSpaces.filter((some) => cardinality(createSpace(some)) <= MOST),
      slots: fc.constantFrom(1, 4),
      enqueue: fc.array(fc.nat(), { maxLength: 4 }),
      results: fc.array(fc.constantFrom(...ANY_RESULTS), { minLength: 1, maxLength: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(run, async ({ parameters, slots, enqueue, results }) => {
        const space = createSpace(parameters);
        const keysOf = (some: Iterable<Params>): string[] => [...some].map((params) => configurationKey(space, params));
        const all = [...configurations(space)];
        // Some of them twice.
        const enqueued = enqueue.map((index) => all[index % all.length] ?? {});
        const study = await runVirtual({
          spec: samplerSpec(name, parameters, { enqueue: enqueued }),
          objective: resultsIn(parameters, results),
          slots,
        });
        expectSound(study);
        const { trials } = study.history;
        const wanted = [...keysOf(configurations(reachOf(name, parameters))), ...keysOf(enqueued)];
        const distinct = new Set(keysOf(enqueued));
        expect(new Set(keysOf(trials.map(({ params }) => params)))).toEqual(new Set(wanted));
        expect(trials.length).toBe(new Set(wanted).size + enqueued.length - distinct.size);
      }),
      { numRuns: 40 },
    );
  });

  it.each(Object.entries(ONLY))("tries the only configuration of %s", async (_, parameters) => {
    const study = await runVirtual({ spec: samplerSpec(name, parameters), objective: { loss: () => 1 }, slots: 4 });
    expect(study.history.trials.map(({ params }) => params)).toEqual([...configurations(createSpace(parameters))]);
    expect(study.history.finished?.reason).toBe("the space's only configuration has been tried");
  });

  it("repeats nothing in a finite space too large to list, however good the best point is", async () => {
    const axis = { type: "int" as const, low: 0, high: 14 };
    const parameters: Parameters = { x: axis, y: axis, z: axis };
    const loss = bowl(parameters);
    const study = await runVirtual({
      spec: samplerSpec(name, parameters, { stop: { trials: 40 } }),
      objective: { loss: ({ params }) => loss(params) },
      slots: 2,
    });
    expectSound(study);
    expect(study.history.trials.length).toBe(40);
  });
});

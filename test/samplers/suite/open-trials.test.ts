import fc from "fast-check";
import { expect, it } from "vitest";
import type { Recorded } from "../../../src/history/events.ts";
import { History } from "../../../src/history/history.ts";
import { cardinality } from "../../../src/space/cardinality.ts";
import { configurationKey } from "../../../src/space/configurations.ts";
import { FeatureMap } from "../../../src/space/features.ts";
import type { Parameters, Params } from "../../../src/space/parameter.ts";
import { createSpace } from "../../../src/space/space.ts";
import { runVirtual } from "../../support/virtual-study.ts";
import { bowl, expectSound, forEachSampler, reachOf, samplerSpec } from "./sampler-study.ts";

/** Configurations that are nearer than this in every coordinate of the unit cube are the same. */
const SAME = 1e-9;

const float = { type: "float", low: 0, high: 1 } as const;
const CONTINUOUS: Readonly<Record<string, Parameters>> = {
  "a line": { x: float },
  "a square": { x: float, y: { ...float, log: true, low: 1e-6 } },
  "a float beside a choice": { x: float, kind: { type: "categorical", choices: ["a", "b"] } },
  "a float in each branch": {
    kind: { type: "categorical", choices: ["a", "b"] },
    x: { ...float, when: { kind: ["a"] } },
    y: { ...float, when: { kind: ["b"] } },
  },
};

/** What is best may lie inside, where models crowd, or in a corner, where bounds cut off. */
const LOSSES: Readonly<Record<string, (parameters: Parameters) => (params: Params) => number>> = {
  inside: bowl,
  "in a corner": (parameters) => {
    const map = new FeatureMap(createSpace(parameters));
    return (params) => map.unit(params).reduce((sum, u) => sum + u, 0);
  },
  everywhere: () => () => 1,
};

/** For each trial that was created, what ran or waited then. */
function pendingAtEach(events: readonly Recorded[]): readonly { readonly params: Params; readonly open: Params[] }[] {
  const history = new History();
  return events.flatMap((event) => {
    const isOpen = (state: string): boolean => state === "running" || state === "waiting";
    const open = event.type === "trial-created" ? history.trials.filter(({ state }) => isOpen(state)) : [];
    history.apply(event);
    return event.type === "trial-created" ? [{ params: event.params, open: open.map(({ params }) => params) }] : [];
  });
}

forEachSampler((name) => {
  it("suggests nothing that is being tried, in a space with a float", async () => {
    const run = fc.record({
      where: fc.constantFrom(...Object.keys(CONTINUOUS)),
      best: fc.constantFrom(...Object.keys(LOSSES)),
      slots: fc.integer({ min: 4, max: 8 }),
      seed: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(run, async ({ where, best, slots, seed }) => {
        const parameters = CONTINUOUS[where] as Parameters;
        const loss = (LOSSES[best] as typeof bowl)(parameters);
        const study = await runVirtual({
          spec: samplerSpec(name, parameters, { stop: { trials: 24 }, seed }),
          objective: { loss: ({ params }) => loss(params), duration: ({ run: number }) => 1 + ((number * 7) % 5) },
          slots,
        });
        expectSound(study);
        const map = new FeatureMap(createSpace(parameters));
        const row = (params: Params): Float64Array => {
          const features = new Float64Array(map.size);
          map.fill(map.unit(params), features);
          return features;
        };
        const created = pendingAtEach(study.events);
        const most = Math.min(slots, cardinality(reachOf(name, parameters)));
        expect(Math.max(...created.map(({ open }) => open.length))).toBe(most - 1);
        for (const [trial, { params, open }] of created.entries())
          for (const other of open) {
            const [a, b] = [row(params), row(other)];
            const distance = Math.max(...a.map((value, index) => Math.abs(value - (b[index] as number))));
            expect(distance, `trial ${trial}: ${JSON.stringify(params)}`).toBeGreaterThan(SAME);
          }
      }),
      { numRuns: 16 },
    );
  });

  it("suggests no configuration of a finite space while it is being tried, enqueued or not", async () => {
    const parameters: Parameters = {
      n: { type: "int", low: 1, high: 5 },
      kind: { type: "categorical", choices: ["a", "b", "c"] },
    };
    const space = createSpace(parameters);
    const study = await runVirtual({
      spec: samplerSpec(name, parameters, {
        enqueue: [
          { n: 3, kind: "b" },
          { n: 3, kind: "b" },
          { n: 4, kind: "b" },
        ],
      }),
      objective: {
        loss: ({ params }) => Math.abs(Number(params["n"]) - 3),
        duration: ({ run }) => 1 + ((run * 7) % 5),
      },
      slots: 5,
    });
    expectSound(study);
    const sampled = pendingAtEach(study.events).slice(3);
    expect(sampled.length).toBe(13);
    for (const { params, open } of sampled)
      expect(open.map((other) => configurationKey(space, other))).not.toContain(configurationKey(space, params));
  });
});

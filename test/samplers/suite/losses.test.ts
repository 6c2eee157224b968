import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SCHEDULERS } from "../../../src/schedulers/registry.ts";
import type { Parameters } from "../../../src/space/parameter.ts";
import { schedulerOf } from "../../support/schedulers.ts";
import { runVirtual, type VirtualObjective, type VirtualStudy } from "../../support/virtual-study.ts";
import { bowl, expectSound, failureOf, forEachSampler, MIXED, samplerSpec } from "./sampler-study.ts";

const TRIALS = 16;
const learnable = bowl(MIXED);
/** 0 … 1, without a pattern. */
const noise = (trial: number): number => ((trial * 7919) % 101) / 101;

const LOSSES: Readonly<Record<string, VirtualObjective["loss"]>> = {
  "that are all equal": () => 0.5,
  "that are all 0, some of them −0": ({ trial }) => (trial % 2 === 0 ? 0 : -0),
  "of three values": ({ trial }) => trial % 3,
  "of two values, the good one rare": ({ trial }) => (trial === 5 ? 0 : 1),
  "that are constant but for noise": ({ trial }) => 3 + 1e-12 * noise(trial),
  "that differ in the last bits": ({ trial }) => 1 + (trial % 7) * Number.EPSILON,
  "of 1e-300": ({ params }) => 1e-300 * learnable(params),
  "of the least floats": ({ trial }) => (trial % 7) * 5e-324,
  "of 1e308": ({ params }) => 1e307 * learnable(params),
  "whose differences overflow": ({ trial }) => (2 * noise(trial) - 1) * Number.MAX_VALUE,
  "of which one diverged": ({ params, trial }) => (trial === 3 ? Number.MAX_VALUE : learnable(params)),
  "of which one is far too good": ({ params, trial }) => (trial === 3 ? -Number.MAX_VALUE : learnable(params)),
  "that fall to a corner": ({ params }) => Number(params["x"]) + Number(params["rate"]) + Number(params["layers"]),
};

const run = (
  name: string,
  objective: VirtualObjective,
  slots = 1,
  parameters: Parameters = MIXED,
): Promise<VirtualStudy> =>
  runVirtual({ spec: samplerSpec(name, parameters, { stop: { trials: TRIALS } }), objective, slots });

forEachSampler((name) => {
  it.each(Object.entries(LOSSES))("goes on with losses %s", async (_, loss) => {
    const study = await run(name, { loss });
    expectSound(study);
    expect(study.history.trials.every(({ state }) => state === "complete")).toBe(true);
  });

  it("goes on where a metric to be maximised is always 0", async () => {
    const metric = { name: "loss", goal: "maximize" } as const;
    const study = await runVirtual({
      spec: samplerSpec(name, MIXED, { metric, stop: { trials: TRIALS } }),
      objective: { loss: () => 0 },
    });
    expectSound(study);
  });

  it("goes on with losses of any scale and shift", async () => {
    const given = fc.record({
      scale: fc.double({ min: 1e-307, max: 1e300, noNaN: true }),
      shift: fc.double({ min: -1e300, max: 1e300, noNaN: true }),
      slots: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(given, async ({ scale, shift, slots }) => {
        const study = await run(name, { loss: ({ params }) => scale * learnable(params) + shift }, slots);
        expectSound(study);
        expect(study.history.trials.length).toBe(TRIALS);
      }),
      { numRuns: 12 },
    );
  });

  it("maximises a metric as it minimises its negation", async () => {
    const given = fc.record({
      scheduler: fc.constantFrom(...Object.keys(SCHEDULERS)),
      slots: fc.integer({ min: 1, max: 3 }),
      seed: fc.nat(),
      noisy: fc.array(fc.oneof(fc.double(), fc.integer({ min: -2, max: 2 })), { minLength: 1, maxLength: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(given, async ({ scheduler, slots, seed, noisy }) => {
        const study = async (goal: "minimize" | "maximize"): Promise<readonly unknown[]> => {
          const { history } = await runVirtual({
            spec: samplerSpec(name, MIXED, {
              metric: { name: "loss", goal },
              strategy: { sampler: name, scheduler: schedulerOf(scheduler, goal) },
              budget: { min: 1, max: 4, eta: 2 },
              stop: { trials: 14 },
              seed,
            }),
            objective: {
              loss: ({ params, trial }, step) => {
                const value = trial % 2 === 0 ? learnable(params) + 1 / step : (noisy[trial % noisy.length] as number);
                return goal === "maximize" ? -value : value;
              },
            },
            slots,
          });
          return history.trials.map(({ params, state }) => ({ params, state }));
        };
        expect(await study("maximize")).toEqual(await study("minimize"));
      }),
      { numRuns: 12 },
    );
  });

  describe("where trials fail", () => {
    it.each([1, 3])("goes on although all do, on %i slots", async (slots) => {
      const study = await run(name, { loss: () => 0, failure: ({ trial }) => failureOf(trial) }, slots);
      expectSound(study);
      expect(study.history.trials.filter(({ state }) => state === "failed").length).toBe(TRIALS);
      expect(study.history.best).toBeUndefined();
    });

    it("takes what is not finite for a failure with its cause, in half of the space", async () => {
      const bad = [Number.NaN, Infinity, -Infinity];
      const study = await run(name, {
        loss: ({ params, trial }) =>
          trial > 0 && Number(params["x"]) < 0 ? (bad[trial % 3] as number) : learnable(params),
      });
      expectSound(study);
      for (const { number, params, state, value, cause } of study.history.trials) {
        const failed = number > 0 && Number(params["x"]) < 0;
        expect(state).toBe(failed ? "failed" : "complete");
        expect(cause?.kind).toBe(failed ? "non-finite" : undefined);
        expect(Number.isFinite(value)).toBe(!failed);
      }
      // Some did, or nothing was seen here.
      expect(study.history.trials.some(({ state }) => state === "failed")).toBe(true);
    });
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { History } from "../../src/history/history.ts";
import { createCmaesSampler } from "../../src/samplers/cmaes.ts";
import { checkParams } from "../../src/space/check-params.ts";
import { configurationKey } from "../../src/space/configurations.ts";
import type { Parameters } from "../../src/space/parameter.ts";
import { createSpace } from "../../src/space/space.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { spaces } from "../support/spaces.ts";
import { runVirtual, type VirtualObjective, type VirtualStudy } from "../support/virtual-study.ts";

const mixed: Parameters = {
  kind: { type: "categorical", choices: ["a", "b", "c"] },
  rate: { type: "float", low: 1e-4, high: 1, log: true },
  momentum: { type: "float", low: 0, high: 1, when: { kind: ["b"] } },
  depth: { type: "int", low: 1, high: 12 },
  width: { type: "int", low: 1, high: 512, log: true },
};

const spec = (parameters: Parameters, more: Partial<StudySpec> = {}): StudySpec => ({
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters,
  strategy: { sampler: "cmaes", scheduler: "full" },
  stop: { trials: 60 },
  seed: 11,
  ...more,
});

/** Least at kind b, rate 0.01, momentum 0.9, depth 5, width 64. */
const lossOf = (params: Readonly<Record<string, unknown>>): number =>
  (params["kind"] === "b" ? (Number(params["momentum"]) - 0.9) ** 2 : 0.5) +
  Math.log10(Number(params["rate"]) / 0.01) ** 2 +
  (Number(params["depth"]) - 5) ** 2 / 10 +
  Math.log2(Number(params["width"]) / 64) ** 2 / 10;

const reasons = ({ history }: VirtualStudy): string[] => history.trials.map(({ reason }) => reason);
const generations = (study: VirtualStudy): number[] =>
  reasons(study).map((reason) => Number(/generation (\d+)/.exec(reason)?.[1]));

describe("a study with CMA-ES", () => {
  it("comes near the optimum of a mixed space", async () => {
    for (const seed of [1, 2, 3]) {
      const { history } = await runVirtual({
        spec: spec(mixed, { seed, stop: { trials: 400 } }),
        objective: { loss: ({ params }) => lossOf(params) },
      });
      expect(history.best?.value, `seed ${seed}`).toBeLessThan(0.01);
      expect(history.best?.params["kind"]).toBe("b");
    }
  });

  it("suggests the same whether it followed the history or has just come", async () => {
    const scenarios: readonly Partial<StudySpec>[] = [
      {},
      { enqueue: [{ kind: "b", rate: 0.02, momentum: 0.5, depth: 5, width: 60 }] },
      { reproducible: true, workers: { cpus: 5 } },
      { strategy: { sampler: "cmaes", scheduler: "hyperband" }, budget: { min: 1, max: 9, unit: "epochs" } },
    ];
    for (const more of scenarios)
      for (const slots of [1, 5, 20]) {
        const { events } = await runVirtual({
          spec: spec(mixed, more),
          objective: {
            loss: ({ params, trial }) => (trial % 7 === 3 ? Number.NaN : lossOf(params)),
            duration: ({ trial }) => 1 + ((trial * 5) % 7),
          },
          slots,
        });
        const history = new History();
        const followed = createCmaesSampler(createSpace(mixed));
        for (const event of events) {
          if (event.type === "trial-created" && event.seq % 5 === 0) {
            const { trial } = event;
            const fresh = createCmaesSampler(createSpace(mixed));
            expect(fresh.task(history, trial)).toEqual(followed.task(history, trial));
          }
          history.apply(event);
        }
      }
  });

  it("begins the next generation when as many trials of one are known as its population has", async () => {
    const floats: Parameters = Object.fromEntries(
      ["x", "y", "z"].map((name) => [name, { type: "float", low: 0, high: 1 }]),
    );
    const objective: VirtualObjective = { loss: ({ params }) => Number(params["x"]) };
    // λ = 4 + ⌊3 ln 3⌋ = 7
    const alone = generations(await runVirtual({ spec: spec(floats, { stop: { trials: 22 } }), objective }));
    expect(alone).toEqual([...Array(7).fill(1), ...Array(7).fill(2), ...Array(7).fill(3), 4]);
    // Of 5 at a time in step, 7 are known after the second five: trials 11 to 15 wait for 10, which are more than 7.
    const five = generations(await runVirtual({ spec: spec(floats, { stop: { trials: 30 } }), objective, slots: 5 }));
    expect(five.slice(0, 13)).toEqual([...Array(11).fill(1), 2, 2]);
    expect(five).toEqual(five.toSorted((a, b) => a - b));
    expect(five.at(-1)).toBeGreaterThanOrEqual(3);
  });

  it("learns from every result, however many slots there are", async () => {
    const floats: Parameters = Object.fromEntries(
      ["x", "y", "z"].map((name) => [name, { type: "float", low: 0, high: 1 }]),
    );
    const sphere = (params: Readonly<Record<string, unknown>>): number =>
      ["x", "y", "z"].reduce((total, name) => total + (Number(params[name]) - 0.3) ** 2, 0);
    for (const slots of [1, 4, 16]) {
      const { history } = await runVirtual({
        spec: spec(floats, { stop: { trials: 300 } }),
        objective: { loss: ({ params }) => sphere(params), duration: ({ trial }) => 1 + ((trial * 5) % 7) },
        slots,
      });
      expect(history.best?.value, `${slots} slots`).toBeLessThan(1e-4);
    }
  });

  it("takes what was enqueued into account, without counting it", async () => {
    const floats: Parameters = { x: { type: "float", low: 0, high: 1 }, y: { type: "float", low: 0, high: 1 } };
    const good = { x: 0.93, y: 0.07 };
    const objective: VirtualObjective = {
      loss: ({ params }) => (Number(params["x"]) - 0.93) ** 2 + (Number(params["y"]) - 0.07) ** 2,
    };
    const study = await runVirtual({ spec: spec(floats, { enqueue: [good], stop: { trials: 20 } }), objective });
    const plain = await runVirtual({ spec: spec(floats, { stop: { trials: 20 } }), objective });
    expect(generations(study).slice(1, 9)).toEqual([1, 1, 1, 1, 1, 1, 2, 2]);
    const late = ({ history }: VirtualStudy): number =>
      history.trials
        .slice(7, 13)
        .reduce((total, { params }) => total + Math.hypot(Number(params["x"]) - 0.93, Number(params["y"]) - 0.07), 0);
    expect(late(study)).toBeLessThan(late(plain));
  });

  it("holds in random spaces, whatever the results: in bounds, and no repeats in a finite one", async () => {
    // Something fine among them: a study in which nothing but failures comes is paused.
    const results = fc
      .array(fc.constantFrom("fine", "equal", "NaN", "huge", "throws"), { minLength: 1, maxLength: 9 })
      .map((kinds) => [...kinds, "fine"]);
    await fc.assert(
      fc.asyncProperty(
        spaces,
        fc.nat(),
        fc.integer({ min: 1, max: 9 }),
        results,
        async (parameters, seed, slots, pattern) => {
          const kind = (trial: number): string => (trial === 0 ? "fine" : (pattern[trial % pattern.length] as string));
          const { history } = await runVirtual({
            spec: spec(parameters, { seed, stop: { trials: 50 } }),
            objective: {
              loss: ({ trial }) =>
                ({ equal: 0.5, NaN: Number.NaN, huge: trial % 2 === 0 ? 1e308 : -1e308 })[kind(trial)] ??
                (trial * 7919) % 101,
              failure: ({ trial }) =>
                kind(trial) === "throws"
                  ? { kind: "failed", cause: { kind: "error", message: "x".repeat(trial + 1) } }
                  : undefined,
            },
            slots,
          });
          const space = createSpace(parameters);
          for (const { params } of history.trials) expect(checkParams(space, params, "")).toEqual([]);
          const keys = new Set(history.trials.map(({ params }) => configurationKey(space, params)));
          if (history.tried.cardinality < Infinity) expect(keys.size).toBe(Math.min(history.tried.cardinality, 50));
          expect(history.trials.length).toBe(Math.min(history.tried.cardinality, 50));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("goes on where nothing ever succeeds", async () => {
    const { history } = await runVirtual({
      spec: spec(mixed),
      objective: {
        loss: () => 0,
        failure: ({ trial }) => ({ kind: "failed", cause: { kind: "error", message: "x".repeat(trial + 1) } }),
      },
      slots: 2,
    });
    expect(history.trials.length).toBe(60);
    expect(history.trials.every(({ state }) => state === "failed")).toBe(true);
  });

  it("compares the runs of a generation at their smallest budget", async () => {
    // Longer runs look far better: that must not count.
    const parameters: Parameters = { x: { type: "float", low: 0, high: 1 }, y: { type: "float", low: 0, high: 1 } };
    const distance = (params: Readonly<Record<string, unknown>>): number =>
      Math.hypot(Number(params["x"]) - 0.2, Number(params["y"]) - 0.8);
    const { history } = await runVirtual({
      spec: spec(parameters, {
        strategy: { sampler: "cmaes", scheduler: "hyperband" },
        budget: { min: 1, max: 9, unit: "epochs" },
        stop: { trials: 150 },
      }),
      objective: { loss: ({ params }, step) => distance(params) - 10 * step },
    });
    const late = history.trials.slice(-40).map(({ params }) => distance(params));
    expect(late.toSorted((a, b) => a - b)[20]).toBeLessThan(0.02);
  });

  it("says which generation a trial is drawn for", async () => {
    const study = await runVirtual({ spec: spec(mixed, { stop: { trials: 1 } }), objective: { loss: () => 1 } });
    expect(reasons(study)).toEqual(["drawn for generation 1, of 8 trials, step size 0.25"]);
  });

  it("says why it began anew, and where it had to take what was left", async () => {
    const line: Parameters = { x: { type: "float", low: 0, high: 1 } };
    const equal = await runVirtual({ spec: spec(line, { stop: { trials: 160 } }), objective: { loss: () => 1 } });
    expect(reasons(equal).at(-1)).toMatch(
      /^drawn for generation \d+ after restart 1 \(its best losses are equal\), of 8 trials, step size [\d.]+$/,
    );
    const numbers: Parameters = { n: { type: "int", low: 1, high: 3000, log: true } };
    const all = await runVirtual({
      spec: spec(numbers, { stop: { trials: 600 } }),
      objective: { loss: ({ params }) => Number(params["n"]) },
    });
    expect(reasons(all)).toContainEqual(
      expect.stringMatching(/^one of those left, since all draws were tried before, in generation \d+/),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configurationKey, configurations } from "../../src/space/configurations.ts";
import { latticeOf } from "../../src/space/lattice.ts";
import type { Parameters } from "../../src/space/parameter.ts";
import { createSpace } from "../../src/space/space.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual, type VirtualObjective, type VirtualStudy } from "../support/virtual-study.ts";

const parameters: Parameters = {
  rate: { type: "float", low: 1e-4, high: 1, log: true },
  kind: { type: "categorical", choices: ["a", "b", "c"] },
  depth: { type: "int", low: 1, high: 3 },
};

/** Its grid has 5 · 3 · 3 points. */
const spec: StudySpec = {
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters,
  strategy: { sampler: "grid", scheduler: "full" },
  stop: { trials: 100 },
  seed: 5,
};

const objective: VirtualObjective = { loss: ({ params }) => Number(params["depth"]) };

const gridKeys = (some: Parameters, points = 5): string[] => {
  const space = createSpace(some);
  return [...configurations(latticeOf(space, points))].map((params) => configurationKey(space, params)).sort();
};

const triedKeys = ({ history }: Pick<VirtualStudy, "history">): string[] =>
  history.trials.map(({ params }) => configurationKey(createSpace(history.settings.parameters), params));

describe("a study on a grid", () => {
  it("tries each point once, ends with the reason, and has nothing to go on with", async () => {
    for (const slots of [1, 4]) {
      const study = await runVirtual({ spec, objective, slots });
      expect(triedKeys(study).sort()).toEqual(gridKeys(parameters));
      expect(study.history.finished).toEqual({ reason: "all 45 points of the grid have been tried", failed: false });
      const again = await runVirtual({ spec, objective, slots, events: study.events });
      expect(again.history.trials.length).toBe(45);
      expect(again.history.finished?.reason).toBe("all 45 points of the grid have been tried");
    }
  });

  it("does not multiply by parameters that are not active", async () => {
    const conditional: Parameters = {
      ...parameters,
      momentum: { type: "float", low: 0, high: 1, when: { kind: ["b"] } },
      decay: { type: "float", low: 0, high: 1, when: { kind: ["b"], depth: [2, 3] } },
    };
    const study = await runVirtual({
      spec: { ...spec, parameters: conditional, strategy: { sampler: { name: "grid", points: 2 }, scheduler: "full" } },
      objective,
    });
    // Of the ints 1 … 3 the ends are left: rate 2 · (a, c: depth 2 each; b: momentum 2 · (depth 1: 1, depth 3: decay 2)).
    expect(triedKeys(study).sort()).toEqual(gridKeys(conditional, 2));
    expect(study.history.finished?.reason).toBe("all 20 points of the grid have been tried");
  });

  it("ends at the trials asked for where these are fewer, or as many, as at anybody's", async () => {
    const few = await runVirtual({ spec: { ...spec, stop: { trials: 44 } }, objective });
    expect(few.history.finished?.reason).toBe("all 44 trials asked for are done");
    const asMany = await runVirtual({ spec: { ...spec, stop: { trials: 45 } }, objective });
    expect(asMany.history.finished?.reason).toBe("all 45 trials asked for are done");
    const more = await runVirtual({ spec: { ...spec, stop: { trials: 46 } }, objective, events: few.events });
    expect(more.history.trials.length).toBe(44);
  });

  it("tries what is enqueued as well, and that once which lies on the grid; retries take no point", async () => {
    const enqueue = [
      { rate: 0.123, kind: "a", depth: 1 },
      { rate: 1, kind: "a", depth: 1 },
      { rate: 1, kind: "b", depth: 3 },
    ];
    const failure: VirtualObjective["failure"] = ({ trial, attempt }) =>
      trial % 4 === 0 && attempt === 1
        ? { kind: "failed", cause: { kind: "signal", message: "ended by SIGSEGV" } }
        : undefined;
    const study = await runVirtual({
      spec: { ...spec, enqueue, trial: { retries: 1 } },
      objective: { ...objective, failure },
      slots: 3,
    });
    expect(triedKeys(study).sort()).toEqual(
      [...gridKeys(parameters), configurationKey(createSpace(parameters), enqueue[0] as never)].sort(),
    );
    expect(study.history.trials.every(({ state }) => state === "complete")).toBe(true);
    expect(study.history.finished?.reason).toBe("all 45 points of the grid have been tried");
  });

  it("goes on where it was when it was killed", async () => {
    const whole = triedKeys(await runVirtual({ spec, objective }));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 3, max: 150 }), async (killAt) => {
        const { events } = await runVirtual({ spec, objective, killAt });
        expect(triedKeys(await runVirtual({ spec, objective, events }))).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it("lets Hyperband promote what is there to the end", async () => {
    const { history } = await runVirtual({
      spec: {
        ...spec,
        strategy: { sampler: "grid", scheduler: "hyperband" },
        budget: { min: 1, max: 9, unit: "epochs" },
      },
      objective: { loss: ({ params, trial }, step) => Number(params["depth"]) + trial / 100 + 1 / step },
      slots: 4,
    });
    expect(history.trials.length).toBe(45);
    expect(history.trials.filter(({ state }) => state !== "complete" && state !== "pruned")).toEqual([]);
    // The bracket that the grid ends in has one more trial at its largest budget, as any that is closed short.
    expect(
      history
        .rungs(history.brackets - 1)
        .at(-1)
        ?.some(({ state }) => state === "completed"),
    ).toBe(true);
    expect(history.finished?.reason).toBe("all 45 points of the grid have been tried");
  });

  it("takes all values equally often from the start, in an order that the seed gives", async () => {
    const plane: Parameters = Object.fromEntries(["a", "b"].map((name) => [name, { type: "float", low: 0, high: 3 }]));
    const study = (seed: number): Promise<VirtualStudy> =>
      runVirtual({
        spec: {
          ...spec,
          parameters: plane,
          strategy: { sampler: { name: "grid", points: 4 }, scheduler: "full" },
          stop: { trials: 8 },
          seed,
        },
        objective: { loss: () => 1 },
      });
    const { history } = await study(1);
    for (const name of ["a", "b"])
      for (const value of [0, 1, 2, 3])
        expect(history.trials.filter(({ params }) => params[name] === value).length, `${name} ${value}`).toBe(2);
    expect(triedKeys(await study(2))).not.toEqual(triedKeys({ history }));
  });

  it("begins a grid that nobody could list, and repeats no point of its small branch", async () => {
    const huge: Parameters = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [
        `x${index}`,
        { type: "float", low: 0, high: 1, when: { kind: ["b"] } },
      ]),
    );
    const study = await runVirtual({
      spec: {
        ...spec,
        parameters: { kind: { type: "categorical", choices: ["a", "b"] }, ...huge },
        stop: { trials: 40 },
      },
      objective: { loss: () => 1 },
    });
    expect(new Set(triedKeys(study)).size).toBe(40);
    expect(study.history.trials.filter(({ params }) => params["kind"] === "a").length).toBe(1);
    expect(study.history.trials[0]?.reason).toBe("a point of a grid that is too large to count");
  });

  it("is tried whole without a stop rule, with any scheduler, unless it is beyond counting", async () => {
    const { stop: _stop, ...endless } = spec;
    const budget = { min: 1, max: 9 };
    const ends = { x: { type: "float", low: 0, high: 1 } } as const;
    for (const scheduler of ["full", "hyperband"]) {
      const strategy = { sampler: "grid", scheduler };
      const study = await runVirtual({
        spec: { ...endless, strategy, budget, parameters: { ...parameters, ...ends } },
        objective,
        slots: 4,
      });
      expect(study.history.finished?.reason).toBe("all 225 points of the grid have been tried");
    }
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`x${index}`, ends.x]));
    const { history } = await runVirtual({ spec: { ...endless, parameters: many }, objective: { loss: () => 1 } });
    expect(history.finished?.reason).toBe("all 100 trials asked for are done");
  });

  it("says so where the grid was the whole space", async () => {
    const { history } = await runVirtual({
      spec: { ...spec, parameters: { depth: { type: "int", low: 1, high: 5 } } },
      objective,
    });
    expect(history.finished?.reason).toBe("all 5 configurations of the space have been tried");
  });
});

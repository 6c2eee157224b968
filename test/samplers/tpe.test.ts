import { describe, expect, it } from "vitest";
import { History } from "../../src/history/history.ts";
import { observe } from "../../src/history/observations.ts";
import { createTpeSampler } from "../../src/samplers/tpe.ts";
import { cardinality } from "../../src/space/cardinality.ts";
import { configurationKey } from "../../src/space/configurations.ts";
import type { Parameters } from "../../src/space/parameter.ts";
import { createSpace } from "../../src/space/space.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual, type VirtualObjective } from "../support/virtual-study.ts";

const FLOAT = { type: "float" as const, low: 0, high: 1 };
const SQUARE: Parameters = { x: FLOAT, y: FLOAT };

const spec = (parameters: Parameters, trials: number, seed: number, sampler = "tpe"): StudySpec => ({
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters,
  strategy: { sampler, scheduler: "full" },
  stop: { trials },
  seed,
});

const bowl: VirtualObjective = {
  loss: ({ params }) => (Number(params["x"]) - 0.7) ** 2 + (Number(params["y"]) - 0.2) ** 2,
};

describe("a study with Parzen estimators", () => {
  it("comes much nearer to the best than chance", async () => {
    const best = async (sampler: string, objective: VirtualObjective, parameters: Parameters): Promise<number> => {
      let sum = 0;
      for (const seed of [1, 2, 3, 4, 5])
        sum += (await runVirtual({ spec: spec(parameters, 60, seed, sampler), objective })).history.best?.value ?? 1e9;
      return sum / 5;
    };
    expect(await best("tpe", bowl, SQUARE)).toBeLessThan((await best("random", bowl, SQUARE)) / 2);

    const mixed: Parameters = {
      rate: { type: "float", low: 1e-5, high: 1, log: true },
      units: { type: "int", low: 16, high: 512, log: true },
      depth: { type: "int", low: 1, high: 8 },
      size: { type: "ordinal", values: [16, 32, 64, 128] },
      kind: { type: "categorical", choices: ["a", "b", "c", "d"] },
    };
    const objective: VirtualObjective = {
      loss: ({ params }) =>
        Math.abs(Math.log10(Number(params["rate"])) + 2) +
        Math.abs(Math.log2(Number(params["units"])) - 7) +
        Math.abs(Number(params["depth"]) - 3) / 2 +
        Math.abs(Math.log2(Number(params["size"])) - 6) / 2 +
        (params["kind"] === "c" ? 0 : 1),
    };
    expect(await best("tpe", objective, mixed)).toBeLessThan((await best("random", objective, mixed)) / 2);
  });

  it("learns which branch is good, and what is good in it", async () => {
    const parameters: Parameters = {
      kind: { type: "categorical", choices: ["a", "b", "c"] },
      rate: { ...FLOAT, when: { kind: ["b"] } },
      other: { ...FLOAT, when: { kind: ["a"] } },
    };
    const { history } = await runVirtual({
      spec: spec(parameters, 60, 1),
      objective: {
        loss: ({ params }) =>
          params["kind"] === "b"
            ? Math.abs(Number(params["rate"]) - 0.8)
            : 1 + (params["kind"] === "a" ? Number(params["other"]) : 0),
      },
    });
    const later = history.trials.slice(30).map(({ params }) => params);
    expect(later.filter(({ kind }) => kind === "b").length).toBeGreaterThan(20);
    expect(history.best?.value).toBeLessThan(0.02);
    // "c" has no continuous value: it is one configuration, and is tried once by the model.
    expect(later.filter(({ kind }) => kind === "c").length).toBeLessThanOrEqual(1);
  });

  it("keeps away from what runs or waits at the moment", async () => {
    const { events } = await runVirtual({
      spec: spec({ x: FLOAT }, 30, 1, "random"),
      objective: { loss: ({ params }) => (Number(params["x"]) - 0.5) ** 2 },
    });
    const suggested = (pending: readonly number[]): readonly number[] => {
      const history = new History();
      for (const event of events) history.apply(event);
      for (const [index, x] of pending.entries())
        history.apply({
          seq: history.seq + 1,
          at: 0,
          type: "trial-created",
          trial: 30 + index,
          params: { x },
          source: "tpe",
          reason: "test",
          seen: 0,
        });
      const sampler = createTpeSampler(createSpace({ x: FLOAT }));
      const tasks = Array.from({ length: 100 }, (_, index) => sampler.task(history, 50 + index));
      return tasks.map((task) => Number(sampler.suggest(task).params["x"])).toSorted((x, y) => x - y);
    };
    const alone = suggested([]);
    const middle = alone[50] as number;
    const near = (xs: readonly number[]): number => xs.filter((x) => Math.abs(x - middle) < 0.02).length;
    expect(near(alone)).toBeGreaterThan(50);
    expect(near(suggested(Array.from({ length: 5 }, () => middle)))).toBeLessThan(near(alone) / 2);
  });

  it("never takes a failure for a good value, and lives through any losses", async () => {
    const { history } = await runVirtual({
      spec: spec(SQUARE, 60, 1),
      objective: {
        loss: ({ params, trial }) => {
          const x = Number(params["x"]);
          return x < 0.5
            ? ([Number.NaN, Infinity, -Infinity, 1e308][trial % 4] as number)
            : Math.abs(x - 0.8) + Number(params["y"]);
        },
      },
    });
    const { splits } = createTpeSampler(createSpace(SQUARE)).task(history, 60);
    const { good = new Float64Array() } = splits[0] ?? {};
    expect(good.length).toBe(2 * 6);
    expect([...good].filter((x, index) => index % 2 === 0 && x < 0.5)).toEqual([]);
    const later = history.trials.slice(30);
    expect(later.filter(({ params }) => Number(params["x"]) < 0.5).length).toBeLessThan(later.length / 4);
    for (const loss of [0, -1e308, 1e-320]) {
      const equal = await runVirtual({ spec: spec(SQUARE, 30, 1), objective: { loss: () => loss } });
      expect(new Set(equal.history.trials.map(({ params }) => params["x"])).size).toBe(30);
    }
  });

  it("works with one parameter and with many, and tries all of a finite space once", async () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`p${index}`, FLOAT]));
    for (const parameters of [{ x: FLOAT }, { x: FLOAT, y: { ...FLOAT, high: 0 } }, many] as readonly Parameters[]) {
      const { history } = await runVirtual({
        spec: spec(parameters, 30, 1),
        objective: { loss: ({ trial }) => trial % 7 },
      });
      expect(history.trials.length).toBe(30);
    }
    const axis = { type: "int" as const, low: 0, high: 5 };
    const grid: Parameters = { x: axis, y: axis, z: { ...FLOAT, step: 0.5, when: { x: [1, 2] } } };
    const { history } = await runVirtual({
      spec: spec(grid, 1000, 1),
      objective: { loss: ({ params }) => Number(params["y"]) },
    });
    const keys = history.trials.map(({ params }) => configurationKey(createSpace(grid), params));
    expect(keys.length).toBe(cardinality(createSpace(grid)));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("suggests the same from a history folded trial by trial and from one seen at once", async () => {
    const parameters: Parameters = {
      ...SQUARE,
      kind: { type: "categorical", choices: ["a", "b"] },
      z: { ...FLOAT, when: { kind: ["a"] } },
    };
    for (const strategy of [
      { sampler: "tpe", scheduler: "full" },
      { sampler: "tpe", scheduler: "hyperband" },
      { sampler: "tpe", scheduler: { name: "median", startup: 3 } },
    ]) {
      const { events } = await runVirtual({
        spec: { ...spec(parameters, 40, 1), strategy, budget: { min: 1, max: 9 } },
        objective: { loss: (order, step) => bowl.loss(order, step) + ((order.trial * 7) % 5) / step },
        slots: 3,
      });
      const folded = new History();
      const incremental = createTpeSampler(createSpace(parameters));
      for (const [index, event] of events.entries()) {
        folded.apply(event);
        if (folded.trials.length === 0 || index % 3 > 0) continue;
        const fresh = new History();
        for (const each of events.slice(0, index + 1)) fresh.apply(each);
        expect(observe(folded)).toEqual(observe(fresh));
        const trial = folded.trials.length;
        const once = createTpeSampler(createSpace(parameters));
        expect(incremental.suggest(incremental.task(folded, trial))).toEqual(once.suggest(once.task(fresh, trial)));
      }
    }
  });

  it("says why", async () => {
    const { history } = await runVirtual({ spec: spec(SQUARE, 40, 1), objective: bowl, slots: 2 });
    expect(history.trials[0]?.reason).toBe("spread evenly: the model starts when 10 trials have completed, 0 have");
    expect(history.trials[39]?.reason).toMatch(
      /^like the best 4 of 3\d trials: [\d.e+]+ times as likely among them as among the others, with \d more running$/,
    );
  });
});

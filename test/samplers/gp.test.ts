import { describe, expect, it } from "vitest";
import type { ModelFit } from "../../src/history/events.ts";
import { Narrator } from "../../src/cli/text/narrate.ts";
import { showStudy } from "../../src/cli/text/show-study.ts";
import type { GpCore } from "../../src/numerics/gp-core.ts";
import { createWasmGpCore } from "../../src/numerics/gp-core-wasm.ts";
import { suggestInPlace } from "../../src/study/suggester.ts";
import { createGpSampler } from "../../src/samplers/gp.ts";
import type { Parameters } from "../../src/space/parameter.ts";
import { createSpace } from "../../src/space/space.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual } from "../support/virtual-study.ts";

const spec = (parameters: Parameters, trials: number, seed: number): StudySpec => ({
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters,
  strategy: "gp",
  stop: { trials },
  seed,
});

describe("a study with the Gaussian process", () => {
  it("never takes a failure for a good value", async () => {
    const { history } = await runVirtual({
      spec: spec({ x: { type: "float", low: 0, high: 1 }, y: { type: "float", low: 0, high: 1 } }, 40, 1),
      // The left half fails in every way there is; the loss falls towards it.
      objective: {
        loss: ({ params, trial }) => {
          const x = Number(params["x"]);
          return x < 0.5 ? ([Number.NaN, Infinity, -Infinity][trial % 3] as number) : x + Number(params["y"]);
        },
      },
    });
    const later = history.trials.slice(15);
    expect(later.filter(({ params }) => Number(params["x"]) < 0.5).length).toBeLessThan(later.length / 2);
    expect(history.best?.value as number).toBeLessThan(0.56);
  });

  it("learns from losses of any size", async () => {
    for (const size of [1e-300, 1e-12, 1, 1e12, 1e300]) {
      const { history } = await runVirtual({
        spec: spec({ x: { type: "float", low: 0, high: 1 } }, 20, 1),
        objective: { loss: ({ params }) => size * (Number(params["x"]) - 0.3) ** 2 },
      });
      expect(Math.abs(Number(history.best?.params["x"]) - 0.3)).toBeLessThan(0.01);
    }
  });

  it("spreads what runs at the same time", async () => {
    const { history, events } = await runVirtual({
      spec: spec({ x: { type: "float", low: 0, high: 1 }, y: { type: "float", low: 0, high: 1 } }, 40, 2),
      objective: { loss: ({ params }) => (Number(params["x"]) - 0.7) ** 2 + (Number(params["y"]) - 0.2) ** 2 },
      slots: 8,
    });
    expect(
      events.filter((event) => event.type === "trial-created" && / more running/.test(event.reason)).length,
    ).toBeGreaterThan(20);
    const points = history.trials.map(({ params }) => [Number(params["x"]), Number(params["y"])] as const);
    for (let index = 8; index < points.length; index++)
      for (let other = index - 7; other < index; other++) {
        const [a, b] = [points[index], points[other]] as [readonly [number, number], readonly [number, number]];
        expect(Math.hypot(a[0] - b[0], a[1] - b[1])).toBeGreaterThan(0.01);
      }
  });

  it("says why each configuration was suggested, and records the fits that later ones start from", async () => {
    const { events, history } = await runVirtual({
      spec: {
        ...spec({ x: { type: "float", low: 0, high: 1 } }, 8, 1),
        metric: { name: "loss", goal: "maximize" },
      },
      objective: { loss: ({ params }) => 1 - (Number(params["x"]) - 0.3) ** 2 },
    });
    const created = events.filter((event) => event.type === "trial-created");
    expect(created[0]?.reason).toBe("spread evenly: the model starts when 4 trials have completed, 0 have");
    expect(created[4]?.reason).toMatch(
      /^most expected improvement: predicts loss [\d.]+ ± [\d.e-]+, best so far [\d.]+, by a Gaussian process of 4 trials$/,
    );
    expect(created[4]?.fit?.observations).toBe(4);
    expect(history.lastFit?.values.length).toBe(3);
  });

  it("fits anew once the trials have grown, however many there are, and for another budget", () => {
    const sampler = createGpSampler(createSpace({ x: { type: "float", low: 0, high: 1 } }));
    const lessons = Array.from({ length: 40 }, (_, trial) => ({
      params: { x: (trial * 0.618) % 1 },
      loss: trial % 7,
      progress: 1,
    }));
    const suggest = (count: number, lastFit: ModelFit): ModelFit | undefined =>
      sampler.suggest({
        seed: "1",
        trial: count,
        metric: "loss",
        goal: "minimize",
        lessons,
        taught: lessons.length,
        count,
        completed: count,
        best: 0,
        budget: 9,
        pending: [],
        running: 0,
        lastFit,
        remaining: undefined,
        drawn: 0,
        compared: false,
        foretold: false,
      }).fit;
    const values = [0, 0, -3];
    expect(suggest(3000, { observations: 2900, budget: 9, values })).toBeUndefined();
    expect(suggest(3000, { observations: 1000, budget: 9, values })?.observations).toBe(3000);
    expect(suggest(40, { observations: 40, budget: 9, values })).toBeUndefined();
    expect(suggest(40, { observations: 40, budget: 3, values })?.budget).toBe(9);
  });

  it("suggests nothing twice that rests on a lower rung of Hyperband", async () => {
    const { history } = await runVirtual({
      spec: {
        ...spec({ x: { type: "float", low: 0, high: 1 }, y: { type: "float", low: 0, high: 1 } }, 60, 1),
        strategy: { sampler: "gp", scheduler: "hyperband" },
        budget: { min: 1, max: 9 },
      },
      objective: {
        loss: ({ params }, step) => (Number(params["x"]) - 0.3) ** 2 + (Number(params["y"]) - 0.6) ** 2 + 1 / step,
      },
    });
    const points = history.trials.map(({ params }) => [Number(params["x"]), Number(params["y"])] as const);
    for (const [index, a] of points.entries())
      for (const b of points.slice(0, index))
        expect(Math.max(Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1]))).toBeGreaterThan(1e-6);
  });

  it("learns although one trial has diverged", async () => {
    const best = async (outlier: number | undefined): Promise<number> => {
      const { history } = await runVirtual({
        spec: spec({ x: { type: "float", low: 0, high: 1 }, y: { type: "float", low: 0, high: 1 } }, 30, 3),
        objective: {
          loss: ({ params, trial }) =>
            trial === 2 && outlier !== undefined
              ? outlier
              : (Number(params["x"]) - 0.3) ** 2 + (Number(params["y"]) - 0.6) ** 2,
        },
      });
      return history.best?.value as number;
    };
    for (const outlier of [undefined, 10, 1e18]) expect(await best(outlier)).toBeLessThan(1e-4);
  });

  it("says, counts and goes on where no kernel matrix can be factored", async () => {
    const space = createSpace({ x: { type: "float", low: 0, high: 1 } });
    const broken = createGpSampler(space, {}, () => ({ ...withMethods(createWasmGpCore()), factor: () => 0 }));
    const { history, events } = await runVirtual({
      spec: spec(space.parameters, 10, 1),
      objective: { loss: ({ params }) => Number(params["x"]) },
      suggester: () => suggestInPlace(broken),
    });
    expect(history.trials.length).toBe(10);
    expect(history.fallbacks).toBe(6);
    expect(history.trials[9]?.fallback).toBe("the kernel matrix of 9 trials could not be factored");
    expect(
      showStudy({ history, state: "finished", folder: "/f", torn: 0, directory: "d" }, undefined).join("\n"),
    ).toContain(
      "fell back 6 times the sampler had no model, last for trial 9: the kernel matrix of 9 trials could not be factored",
    );
    const narrator = new Narrator(history);
    expect(events.flatMap((event) => narrator.tell(event)).filter(({ kind }) => kind === "fallback").length).toBe(6);
  });
});

/** The methods of a core as its own properties, so that one can be replaced. */
function withMethods(core: GpCore): GpCore {
  const names = ["setPoints", "logDeterminant", "solve", "likelihoodGradient", "invertFactor", "posterior"] as const;
  const more = ["factor", "posteriorGradient", "inverseDiagonal"] as const;
  return Object.fromEntries(
    [...names, ...more].map((name) => [name, (core[name] as (...words: unknown[]) => unknown).bind(core)]),
  ) as unknown as GpCore;
}

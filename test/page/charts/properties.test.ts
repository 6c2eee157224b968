import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { curvesPicture } from "../../../page/charts/curves.ts";
import { bestSoFar, historyPicture } from "../../../page/charts/history.ts";
import { parallelAxes, parallelPicture, trialsWithin } from "../../../page/charts/parallel.ts";
import { rankShares } from "../../../page/charts/ranks.ts";
import { stepsOverTime } from "../../../page/charts/saved.ts";
import { parameterScale, valueScale } from "../../../page/charts/scale.ts";
import { slotUses, timelinePicture } from "../../../page/charts/timeline.ts";
import { comparable, comparison } from "../../../page/charts/trials.ts";
import type { Look, Picture } from "../../../page/charts/picture.ts";
import type { Study } from "../../../page/study.ts";
import { madeStudy } from "./made-study.ts";

const LOOK: Look = { theme: "light", width: 900 };

const studies = fc
  .record({
    trials: fc.integer({ min: 0, max: 60 }),
    goal: fc.constantFrom("minimize" as const, "maximize" as const),
    rungs: fc.constantFrom(null, [1, 3, 9], [27]),
    seed: fc.nat(1000),
    every: fc.integer({ min: 2, max: 9 }),
  })
  .map(({ every, ...made }) => madeStudy({ ...made, failing: (number) => number % every === 1 }));

/** The trials behind all marks of a picture whose series' ids begin so. */
function marked({ marks }: Picture, prefix: string): number[] {
  return [...marks].flatMap(([id, numbers]) => (id.startsWith(prefix) ? numbers : [])).sort((a, b) => a - b);
}

const numbersOf = ({ trials }: Study): number[] => trials.map(({ number }) => number);

describe("the history", () => {
  it("has a best so far that only gets better and ends in the study's best", () => {
    fc.assert(
      fc.property(studies, fc.constantFrom("number" as const, "time" as const), (study, by) => {
        const steps = bestSoFar(study, by);
        const compare = comparison(study.head.metric.goal);
        for (const [i, { value }] of steps.slice(1).entries())
          expect(compare(value, steps[i]?.value as number)).toBe(-1);
        expect(steps.at(-1)?.value).toBe(study.head.best?.value);
        if (by === "number") expect(steps.at(-1)?.row.number).toBe(study.head.best?.number);
      }),
    );
  });

  it("shows every trial once, whether or not some are selected", () => {
    fc.assert(
      fc.property(studies, fc.array(fc.nat(60)), (study, selected) => {
        const looks = [LOOK, { ...LOOK, selection: new Set(selected) }];
        for (const look of looks) expect(marked(historyPicture(study, look), "points:")).toEqual(numbersOf(study));
      }),
    );
  });

  it("takes the value at the largest completed budget, where a trial was stopped after it", () => {
    const study = madeStudy({ trials: 20, rungs: [9] });
    const best = study.trials[study.head.best?.number as number] as Study["trials"][number];
    const later = { ...best, value: 99, budget: 11, curve: [...best.curve, 11, 99] };
    const trials = study.trials.map((row) => (row === best ? later : row));
    expect(bestSoFar({ ...study, trials }).at(-1)?.value).toBe(study.head.best?.value);
  });
});

describe("learning curves", () => {
  it("show each trial that reported once, and what one says about its end", () => {
    fc.assert(
      fc.property(studies, (study) => {
        const reported = study.trials.filter(({ curve }) => curve.length > 0).map(({ number }) => number);
        const picture = curvesPicture(study, LOOK, { logSteps: true, colour: "value" });
        expect(marked(picture, "ends:")).toEqual(reported);
        const long = study.trials.filter(({ curve }) => curve.length > 2).map(({ number }) => number);
        expect(marked(picture, "curves:")).toEqual(long);
      }),
    );
  });
});

describe("parallel coordinates", () => {
  it("select by brushes exactly the trials whose parameters are inside", () => {
    const study = madeStudy({ trials: 200, rungs: null });
    const valued = comparable(study);
    const axes = parallelAxes(study, valued);
    const at = axes.findIndex(({ name }) => name === "learningRate");
    const scale = parameterScale({ type: "float", low: 1e-4, high: 0.3, log: true });
    const brushed = new Map([[at, [[scale.place(0.001), scale.place(0.01)] as const]]]);
    const inside = study.trials.filter(
      ({ params }) => (params["learningRate"] as number) >= 0.001 && (params["learningRate"] as number) <= 0.01,
    );
    expect([...trialsWithin(axes, valued, brushed)]).toEqual(inside.map(({ number }) => number));
    expect(inside.length).toBeGreaterThan(20);
  });

  it("select where a parameter is inactive, and by several axes and pieces at once", () => {
    const study = madeStudy({ trials: 200, rungs: null });
    const valued = comparable(study);
    const axes = parallelAxes(study, valued);
    const axisOf = (name: string): number => axes.findIndex((axis) => axis.name === name);
    const layers = parameterScale({ type: "int", low: 1, high: 4 });
    const around = (place: number): readonly [number, number] => [place - 0.01, place + 0.01];
    const brushed = new Map([
      [axisOf("momentum"), [[-1, -0.05] as const]],
      [axisOf("layers"), [around(layers.place(1)), around(layers.place(4))]],
    ]);
    const inside = study.trials.filter(
      ({ params }) => !("momentum" in params) && [1, 4].includes(params["layers"] as number),
    );
    expect([...trialsWithin(axes, valued, brushed)]).toEqual(inside.map(({ number }) => number));
    expect(trialsWithin(axes, valued, new Map([[0, []]])).size).toBe(200);
  });

  it("drop no trial for a parameter that it does not have", () => {
    fc.assert(
      fc.property(studies, (study) => {
        const all = study.trials.filter(({ value }) => value !== null).map(({ number }) => number);
        expect(marked(parallelPicture(study, LOOK, { all: true }), "trials")).toEqual(all);
      }),
    );
  });
});

describe("the timeline", () => {
  it("has a bar for each run, and slots that are never busier than they were open", () => {
    fc.assert(
      fc.property(studies, (study) => {
        const runs = study.trials.flatMap(({ number, runs: own }) => own.map(() => number));
        expect(marked(timelinePicture(study, LOOK), "runs:")).toEqual(runs);
        for (const { busy, open } of slotUses(study)) expect(busy).toBeLessThanOrEqual(open + 1e-6);
      }),
    );
  });

  it("leaves pauses of the study out of the time in which slots were open", () => {
    const made = { trials: 60, slots: 2 };
    const [usual, paused] = [madeStudy(made), madeStudy({ ...made, pausedMs: 1e9 })].map(slotUses);
    expect(paused?.[0]?.open).toBeLessThan(2 * (usual?.[0]?.open as number));
  });
});

describe("a run that was lost with its coordinator", () => {
  it("ends with its session, and not when the next one starts", () => {
    const study = madeStudy({ trials: 20, slots: 1, pausedMs: 1e7 });
    const [first, second] = study.head.sessions;
    const at = study.trials.findIndex(({ createdAt }) => createdAt >= (second?.startedAt ?? 0)) - 1;
    const trials = study.trials.map((row, i) => {
      const runs = row.runs.map((run) => ({ ...run, state: "lost" as const, endedAt: second?.startedAt ?? null }));
      return i === at ? { ...row, runs: runs.slice(-1) } : row;
    });
    const [slot] = slotUses({ ...study, trials });
    expect(first?.endedAt).toBeLessThan(second?.startedAt as number);
    expect(slot?.busy).toBeLessThanOrEqual(slot?.open as number);
  });
});

describe("the budget saved", () => {
  it("ends in the steps of the study", () => {
    fc.assert(
      fc.property(studies, (study) => {
        const last = stepsOverTime(study).at(-1);
        if (study.head.steps === null || last === undefined) return;
        expect(last.done).toBeCloseTo(study.head.steps.done, 6);
        expect(last.whole).toBe(study.head.steps.whole);
      }),
    );
  });
});

describe("scales", () => {
  const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 40 });

  it("keep the order of values, inside the axis", () => {
    fc.assert(
      fc.property(values, fc.constantFrom("minimize" as const, "maximize" as const), fc.boolean(), (all, goal, log) => {
        const scale = valueScale(all, goal, log);
        const places = all.toSorted((a, b) => a - b).map(scale.place);
        for (const [i, at] of places.entries()) {
          expect(at).toBeGreaterThanOrEqual(scale.from);
          expect(at).toBeLessThanOrEqual(scale.to);
          if (i > 0) expect(at).toBeGreaterThanOrEqual(places[i - 1] as number);
        }
        for (const { at, label } of scale.ticks) {
          expect(Number.isFinite(at)).toBe(true);
          expect(label).not.toMatch(/NaN|Infinity/);
        }
      }),
    );
  });

  it("are logarithmic only where all values are positive", () => {
    expect(valueScale([1, 10, 100], "minimize", true).log).toBe(true);
    expect(valueScale([0, 10, 100], "minimize", true).log).toBe(false);
    expect(valueScale([-1, 10], "minimize", true).log).toBe(false);
    expect(valueScale([1, 10, 100], "minimize", true).place(10)).toBeCloseTo(0.5, 12);
  });

  it("draw what diverged at the edge of the worse side, and never the best", () => {
    const usual = Array.from({ length: 20 }, (_, i) => 1 + i / 20);
    const diverged = valueScale([...usual, 1e9], "minimize");
    expect([diverged.beyond, diverged.edge]).toEqual([1, 1.95]);
    expect(valueScale([...usual, -1e9], "minimize").beyond).toBe(0);
    expect(valueScale([...usual, -1e9], "maximize").beyond).toBe(1);
    expect(valueScale([...usual, 1e9], "maximize").beyond).toBe(0);
  });

  it("label whole numbers of an int only", () => {
    expect(parameterScale({ type: "int", low: 1, high: 3 }).ticks.map(({ label }) => label)).toEqual(["1", "2", "3"]);
  });

  it("give equal values the same rank", () => {
    expect(rankShares([3, 1, 1, 2], "minimize")).toEqual([0, 5 / 6, 5 / 6, 1 / 3]);
    expect(rankShares([3, 1], "maximize")).toEqual([1, 0]);
  });
});

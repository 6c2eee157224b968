import { describe, expect, it } from "vitest";
import type { History } from "../../src/history/history.ts";
import type { Parameters, Params } from "../../src/space/parameter.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { runVirtual } from "../support/virtual-study.ts";

const study = async (parameters: Parameters, trials: number, more: Partial<StudySpec> = {}): Promise<Params[]> =>
  (await historyOf(parameters, trials, more)).trials.map(({ params }) => params);

const historyOf = async (parameters: Parameters, trials: number, more: Partial<StudySpec> = {}): Promise<History> => {
  const spec: StudySpec = {
    name: "test",
    metric: { name: "loss", goal: "minimize" },
    parameters,
    strategy: { sampler: "sobol", scheduler: "full" },
    stop: { trials },
    seed: 7,
    ...more,
  };
  const { history } = await runVirtual({ spec, objective: { loss: () => 1 }, slots: 3 });
  return history;
};

const floats = (count: number): Parameters =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`x${index}`, { type: "float", low: 0, high: 1 }]));

/** Into which of `count` equal intervals a value falls. */
const cell = (params: Params, name: string, count: number): number => Math.floor((params[name] as number) * count);

describe("a study on the Sobol sequence", () => {
  it("has a trial in each of 2^m intervals of each parameter, and in each cell of a plane's grid, after 2^m trials", async () => {
    const trials = await study(floats(2), 16);
    for (const name of ["x0", "x1"])
      expect(new Set(trials.map((params) => cell(params, name, 16))).size, name).toBe(16);
    expect(new Set(trials.map((params) => 4 * cell(params, "x0", 4) + cell(params, "x1", 4))).size).toBe(16);
  });

  it("keeps each parameter even where there are more than the table of directions has", async () => {
    const trials = await study(floats(300), 16);
    for (const name of ["x0", "x255", "x256", "x299"])
      expect(new Set(trials.map((params) => cell(params, name, 16))).size, name).toBe(16);
  });

  it("gives a trial the point of its number, whatever was enqueued", async () => {
    const plain = await study(floats(2), 8);
    const [first, ...rest] = await study(floats(2), 8, { enqueue: [{ x0: 0.5, x1: 0.5 }] });
    expect(first).toEqual({ x0: 0.5, x1: 0.5 });
    expect(rest).toEqual(plain.slice(1));
  });

  it("says where it had to draw in place of a point that was tried", async () => {
    const { trials } = await historyOf({ n: { type: "int", low: 1, high: 6 } }, 6);
    expect(trials[0]?.reason).toBe("spread evenly: point 0 of a Sobol sequence");
    // By chance: with another seed it may be point 4.
    expect(trials.map(({ reason }) => reason)).toContain(
      "drawn at random: point 5 of a Sobol sequence was tried before",
    );
  });

  it("follows the study's seed", async () => {
    expect(await study(floats(2), 4, { seed: 8 })).not.toEqual(await study(floats(2), 4));
  });
});

import { describe, expect } from "vitest";
import type { EventOf, Prediction, Recorded } from "../../../src/history/events.ts";
import { GRID_OPTIONS } from "../../../src/samplers/grid.ts";
import type { Suggestion } from "../../../src/samplers/sampler.ts";
import { SAMPLERS } from "../../../src/samplers/registry.ts";
import { cardinality } from "../../../src/space/cardinality.ts";
import { checkParams } from "../../../src/space/check-params.ts";
import { configurationKey } from "../../../src/space/configurations.ts";
import { FeatureMap } from "../../../src/space/features.ts";
import { latticeOf } from "../../../src/space/lattice.ts";
import type { Parameters, Params } from "../../../src/space/parameter.ts";
import { createSpace, type Space } from "../../../src/space/space.ts";
import type { StudySpec } from "../../../src/space/spec.ts";
import type { VirtualObjective, VirtualStudy } from "../../support/virtual-study.ts";

/**
 * What the files of this folder share. Each of them states clauses that every sampler must hold to, whoever wrote it, and
 * runs them for each word of the registry: `npx vitest run test/samplers/suite -t '"gp"'` for one of them.
 */
export function forEachSampler(clauses: (name: string) => void): void {
  for (const name of Object.keys(SAMPLERS)) describe(`the sampler "${name}"`, () => clauses(name));
}

export function samplerSpec(sampler: string, parameters: Parameters, changes: Partial<StudySpec> = {}): StudySpec {
  return {
    name: "test",
    metric: { name: "loss", goal: "minimize" },
    parameters,
    strategy: { sampler, scheduler: "full" },
    seed: 1,
    ...changes,
  };
}

/** Samplers that suggest from a part of the space only, and then end: the part. */
const PARTS: Readonly<Record<string, (space: Space) => Space>> = {
  grid: (space) => latticeOf(space, GRID_OPTIONS.points.default),
};

/** All that a sampler may suggest. */
export function reachOf(sampler: string, parameters: Parameters): Space {
  const space = createSpace(parameters);
  return PARTS[sampler]?.(space) ?? space;
}
/** Samplers that leave the choice to others, and whom they name. */
const CHOOSERS: Readonly<Record<string, readonly string[]>> = {
  auto: ["gp", "screened", "cmaes", "random", "sobol"],
};

/** Every type of parameter once, with a condition. */
export const MIXED: Parameters = {
  x: { type: "float", low: -1, high: 1 },
  rate: { type: "float", low: 1e-5, high: 1, log: true },
  layers: { type: "int", low: 1, high: 4 },
  batch: { type: "ordinal", values: [16, 32, 64] },
  kind: { type: "categorical", choices: ["a", "b", null] },
  momentum: { type: "float", low: 0, high: 0.9, step: 0.1, when: { kind: ["b"] } },
};

/** A loss to learn from in any space: the squared distance to a point of the unit cube, 0.2 … 0.8 in each coordinate. */
export function bowl(parameters: Parameters): (params: Params) => number {
  const map = new FeatureMap(createSpace(parameters));
  return (params) => map.unit(params).reduce((sum, u, index) => sum + (u - 0.2 - ((index * 5) % 7) / 10) ** 2, 0);
}

const RESULTS = ["fine", "fine", "fine", "equal", "NaN", "infinite", "huge", "throws"] as const;
type Result = (typeof RESULTS)[number];
export const ANY_RESULTS: readonly Result[] = RESULTS;

/** Trials end as told, over and over; but every tenth succeeds, the first before any fails, or else the study would pause because all fail alike. */
export function resultsIn(parameters: Parameters, results: readonly Result[]): VirtualObjective {
  const resultOf = (trial: number): Result => (trial % 10 === 0 ? "fine" : (results[trial % results.length] as Result));
  const given: Partial<Record<Result, number>> = { equal: 0.5, NaN: Number.NaN, infinite: Infinity, huge: 1e300 };
  const learnable = bowl(parameters);
  return {
    loss: ({ trial, params }, step) => given[resultOf(trial)] ?? learnable(params) + 1 / step,
    duration: ({ run, trial }, step) => (trial === 0 ? 0.1 : 1 + ((run * 7 + step * 3) % 5)),
    failure: ({ trial }) => (resultOf(trial) === "throws" ? failureOf(trial) : undefined),
  };
}

/** Failures that differ in more than numbers, so that the study goes on. */
export function failureOf(trial: number): ReturnType<NonNullable<VirtualObjective["failure"]>> {
  return { kind: "failed", cause: { kind: "error", message: "x".repeat(trial + 1) } };
}

/** The trials that the sampler chose, as the journal has them. */
export function sampledIn(events: readonly Recorded[]): readonly EventOf<"trial-created">[] {
  return events.filter((event) => event.type === "trial-created").filter(({ source }) => source !== "enqueued");
}

/** What the sampler said, out of the event that records it: the source only where that is another than the study's sampler. */
export function suggestionIn(
  { type: _type, seq: _seq, at: _at, seen: _seen, trial: _trial, source, ...suggestion }: EventOf<"trial-created">,
  sampler: string,
): Suggestion {
  return source === sampler ? suggestion : { ...suggestion, source };
}

interface Told {
  readonly params: Params;
  readonly predicted?: Prediction | undefined;
}

/**
 * Every trial of a whole study lies in the space, has every active parameter and no other, and says why; where the sampler's
 * reach is finite, it chose none that was tried before; and the study ended because what was asked for was done, or nothing
 * is left.
 */
export function expectSound({ events, history }: VirtualStudy): void {
  const { parameters, sampler } = history.settings;
  const space = createSpace(parameters);
  const created = events.filter((event) => event.type === "trial-created");
  const reach = reachOf(sampler.name, parameters);
  const tried = new Set<string>();
  for (const { trial, params, source, reason } of created) {
    expect(checkParams(space, params, ""), `trial ${trial}`).toEqual([]);
    expect(reason).toMatch(/\S/);
    expect(reason).not.toMatch(/NaN|Infinity|undefined/);
    const key = configurationKey(space, params);
    if (source !== "enqueued") {
      expect(CHOOSERS[sampler.name] ?? [sampler.name]).toContain(source);
      expect(checkParams(reach, params, ""), `trial ${trial}`).toEqual([]);
      if (cardinality(reach) < Infinity) expect(tried.has(key), `trial ${trial} again: ${key}`).toBe(false);
    }
    tried.add(key);
  }
  // What the journal gives back is what was tried and foretold: no -0, no undefined.
  const told = ({ params, predicted }: Told): Told => ({ params, predicted });
  expect(created.map(told)).toStrictEqual(history.trials.map(told));
  const asked = history.trials.length === history.stop.trials;
  const ofReach = created.filter(({ params }) => checkParams(reach, params, "").length === 0);
  const left = cardinality(reach) - new Set(ofReach.map(({ params }) => configurationKey(space, params))).size;
  if (!asked) expect(left, "what is left to try").toBe(0);
  const end = asked
    ? /asked for (is|are) done$/
    : history.tried.exhausted
      ? /configurations? .*tried$/
      : /have been tried$/;
  expect(history.finished).toEqual({ failed: false, reason: expect.stringMatching(end) });
}

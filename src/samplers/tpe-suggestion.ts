import { createRng, type Rng } from "../numerics/rng.ts";
import { configurationKey } from "../space/configurations.ts";
import type { FeatureMap } from "../space/features.ts";
import type { Params } from "../space/parameter.ts";
import type { Space } from "../space/space.ts";
import { Mixture } from "../tpe/mixture.ts";
import { drawParams } from "./random.ts";
import type { Suggestion } from "./sampler.ts";
import { type Group, isActive, place, snap } from "./tpe-groups.ts";
import type { Split, TpeTask } from "./tpe-task.ts";
import { drawUntried } from "./untried.ts";

/** Points that are drawn from the good ones of a group; the one that is likeliest there, beside the others, is taken. */
const CANDIDATES = 24;
/** How often they are drawn while each would complete a configuration that was tried. */
const ROUNDS = 8;

/**
 * One group after the other, parents first, the point that is likeliest among the group's good trials beside the others. What
 * would complete a configuration that was tried is left out.
 */
export function suggestByDensities(space: Space, map: FeatureMap, groups: readonly Group[], task: TpeTask): Suggestion {
  const rng = createRng(task.seed, task.trial, "sample");
  const keys = task.remaining?.keys ?? task.repeatable;
  const isTried = (params: Params): boolean => keys.size > 0 && keys.has(configurationKey(space, params));

  const unit = new Float64Array(map.coordinates.length).fill(0.5);
  let params = map.decode(unit);
  let score = 0;
  for (const [index, group] of groups.entries()) {
    if (!isActive(map, group.coordinates[0] as number, params)) continue;
    const later = groups.slice(index + 1);
    const isAllowed = (some: Params): boolean =>
      later.some(({ coordinates }) => isActive(map, coordinates[0] as number, some)) || !isTried(some);
    const chosen = choose(map, group, task.splits[index] as Split, { rng, unit, isAllowed });
    if (chosen === undefined)
      return {
        params: drawAnother(space, task, rng, isTried),
        reason: "drawn at random: what is like the best trials has been tried",
      };
    params = chosen.params;
    score += chosen.score;
  }
  return { params, reason: reasonFor(task, score) };
}

interface Choice {
  readonly params: Params;
  /** The logarithm of the ratio of its densities. */
  readonly score: number;
}

interface Surroundings {
  readonly rng: Rng;
  /** The point of the unit cube so far; the chosen one is written into it. */
  readonly unit: Float64Array;
  readonly isAllowed: (params: Params) => boolean;
}

/** The best allowed candidate of a group; undefined when none was found. */
function choose(
  map: FeatureMap,
  group: Group,
  { good, bad }: Split,
  { rng, unit, isAllowed }: Surroundings,
): Choice | undefined {
  const goods = new Mixture(group.axes, good);
  const bads = new Mixture(group.axes, bad);
  for (let round = 0; round < ROUNDS; round++) {
    const candidates = Array.from({ length: CANDIDATES }, () => {
      const point = new Float64Array(group.axes.length);
      goods.draw(() => rng.uniform(), point);
      snap(map, group, point);
      return { point, score: goods.logDensity(point) - bads.logDensity(point) };
    });
    for (const { point, score } of candidates.sort((a, b) => b.score - a.score)) {
      place(map, group, point, unit);
      const params = map.decode(unit);
      if (isAllowed(params)) return { params, score };
    }
  }
  return undefined;
}

/** In a finite space something untried; in any other a random draw, untried where that is easily found. */
function drawAnother(space: Space, { remaining }: TpeTask, rng: Rng, isTried: (params: Params) => boolean): Params {
  const draw = (): Params => drawParams(space, rng);
  if (remaining !== undefined) return drawUntried(space, remaining, rng, draw);
  let params = draw();
  for (let count = 0; count < CANDIDATES && isTried(params); count++) params = draw();
  return params;
}

/** The counts are those of the first group, whose parameters depend on nothing. */
function reasonFor({ splits, running }: TpeTask, score: number): string {
  const { best = 0, known = 0 } = splits[0] ?? {};
  const others = running === 0 ? "" : `, with ${running} more running`;
  return `like the best ${best} of ${known} trials: ${times(Math.exp(score))} as likely among them as among the others${others}`;
}

function times(ratio: number): string {
  return ratio > 1e6 ? "over a million times" : `${Number(ratio.toPrecision(2))} times`;
}

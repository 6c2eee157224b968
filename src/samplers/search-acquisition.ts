import { minimize } from "../numerics/lbfgsb.ts";
import type { Rng } from "../numerics/rng.ts";
import { createSobol } from "../numerics/sobol.ts";
import type { Coordinate, FeatureMap } from "../space/features.ts";

/** Points spread over the space, and moves around good ones, from which the search starts. */
const SPREAD = 256;
const NEARBY = 96;
/** Local searches, each from one of the best of those points. */
const STARTS = 4;
/** Iterations of one ascent over the continuous coordinates. */
const ITERATIONS = 20;
/** Rounds of an ascent over the continuous coordinates and one over the discrete ones. */
const ROUNDS = 3;
/** Steps of one ascent over the discrete coordinates. */
const STEPS = 10;
/** Values of a categorical that are tried in one step. */
const CHOICES = 20;

/** How much is expected of a point, on any scale that grows with it. */
export interface Acquisition {
  /** The values at `count` rows of features. */
  at(points: Float64Array, count: number): Float64Array;
  /** The value at one row. @param gradient receives its derivatives with respect to the numeric features. @default it is flat */
  withGradient?(point: Float64Array, gradient: Float64Array): number;
}

/** A point of the unit cube with its acquisition. */
export interface Candidate {
  readonly unit: Float64Array;
  readonly value: number;
}

/**
 * Where the acquisition is greatest, searched with a number of evaluations that depends on nothing but the space: points
 * spread over the space and around good ones, then ascents from the best of them, by gradient over the continuous
 * coordinates and by single changes over the discrete ones.
 *
 * @param good points of the unit cube to look around, best first
 * @returns every point that the search ended with, then those that it started with, best first in each part
 */
export function searchAcquisition(
  map: FeatureMap,
  acquisition: Acquisition,
  good: readonly Float64Array[],
  rng: Rng,
): readonly Candidate[] {
  const search = new Search(map, acquisition, rng);
  const started = search.evaluate([...spread(map, rng), ...nearby(map, good, rng), ...good.slice(0, STARTS)]);
  started.sort(byValue);
  const ended = started.slice(0, STARTS).map((candidate) => search.ascend(candidate));
  return [...ended.sort(byValue), ...started];
}

function byValue(a: Candidate, b: Candidate): number {
  return b.value - a.value;
}

function spread(map: FeatureMap, rng: Rng): readonly Float64Array[] {
  const sobol = createSobol(map.coordinates.length, rng);
  return Array.from({ length: SPREAD }, (_, index) => sobol(index));
}

/** Moves of some coordinates of good points, short and shorter ones in turn. */
function nearby(map: FeatureMap, good: readonly Float64Array[], rng: Rng): readonly Float64Array[] {
  if (good.length === 0) return [];
  const { coordinates } = map;
  const share = Math.min(1, Math.max(2 / coordinates.length, 0.3));
  return Array.from({ length: NEARBY }, (_, index) => {
    const unit = Float64Array.from(good[index % good.length] as Float64Array);
    const reach = [0.2, 0.05, 0.01][index % 3] as number;
    const fixed = Math.floor(rng.uniform() * coordinates.length);
    for (const [position, { ordered, count }] of coordinates.entries()) {
      const chosen = rng.uniform() < share || position === fixed;
      const draw = rng.uniform();
      if (!chosen) continue;
      const before = unit[position] as number;
      // At least one value further for a discrete coordinate.
      const width = count === Infinity ? reach : Math.max(reach, 1.5 / count);
      unit[position] = ordered ? clamp(before + (2 * draw - 1) * 1.7 * width) : draw;
    }
    return unit;
  });
}

function clamp(u: number): number {
  return Math.min(Math.max(u, 0), 1);
}

class Search {
  readonly #map: FeatureMap;
  readonly #acquisition: Acquisition;
  readonly #rng: Rng;
  /** Whether some coordinates are searched by single changes. */
  readonly #hasSteps: boolean;

  constructor(map: FeatureMap, acquisition: Acquisition, rng: Rng) {
    this.#map = map;
    this.#acquisition = acquisition;
    this.#rng = rng;
    this.#hasSteps = acquisition.withGradient === undefined || map.coordinates.some(({ count }) => count < Infinity);
  }

  evaluate(units: readonly Float64Array[]): Candidate[] {
    const { size } = this.#map;
    const points = new Float64Array(units.length * size);
    for (const [index, unit] of units.entries()) this.#map.fill(unit, points, index * size);
    const values = this.#acquisition.at(points, units.length);
    return units.map((unit, index) => ({ unit, value: values[index] as number }));
  }

  ascend(start: Candidate): Candidate {
    let best = start;
    for (let round = 0; round < ROUNDS; round++) {
      const continuous = this.#ascendContinuous(best);
      if (!this.#hasSteps) return continuous;
      const discrete = this.#ascendBySteps(continuous);
      const moved = discrete !== continuous;
      best = discrete;
      if (!moved) return best;
    }
    return best;
  }

  /** By gradient over the active continuous coordinates; the others stay. */
  #ascendContinuous(start: Candidate): Candidate {
    const acquisition = this.#acquisition;
    if (acquisition.withGradient === undefined) return start;
    const { coordinates, numeric, size } = this.#map;
    const active = this.#map.active(start.unit);
    const free = coordinates
      .map((coordinate, position) => ({ ...coordinate, position }))
      .filter(({ count, position }) => count === Infinity && active[position] === true);
    if (free.length === 0) return start;
    const point = new Float64Array(size);
    this.#map.fill(start.unit, point);
    const slopes = new Float64Array(numeric);
    const found = minimize(
      (x, gradient) => {
        for (const [index, { feature }] of free.entries()) point[feature] = x[index] as number;
        const value = acquisition.withGradient?.(point, slopes) as number;
        for (const [index, { feature }] of free.entries()) gradient[index] = -(slopes[feature] as number);
        return -value;
      },
      Float64Array.from(free, ({ position }) => start.unit[position] as number),
      new Float64Array(free.length),
      new Float64Array(free.length).fill(1),
      { maxIterations: ITERATIONS, gradientTolerance: 1e-3, valueTolerance: 1e-6 },
    );
    if (!(-found.value > start.value)) return start;
    const unit = Float64Array.from(start.unit);
    for (const [index, { position }] of free.entries()) unit[position] = found.x[index] as number;
    return { unit, value: -found.value };
  }

  /** By the best single change of a coordinate, as long as it is for the better. */
  #ascendBySteps(start: Candidate): Candidate {
    let best = start;
    for (let step = 0; step < STEPS; step++) {
      const active = this.#map.active(best.unit);
      const moves = this.#map.coordinates.flatMap((coordinate, position) =>
        active[position] === true ? this.#changes(best.unit, coordinate, position) : [],
      );
      if (moves.length === 0) return best;
      const top = this.evaluate(moves).reduce((a, b) => (b.value > a.value ? b : a));
      if (!(top.value > best.value)) return best;
      best = top;
    }
    return best;
  }

  /**
   * Other values of a coordinate. Of a discrete one every choice, or the next ones in order and one anywhere; of a continuous one,
   * where there is no gradient, a shorter and a longer way in both directions and one anywhere.
   */
  #changes(unit: Float64Array, { count, ordered }: Coordinate, position: number): readonly Float64Array[] {
    if (count < 2) return [];
    if (count === Infinity) {
      if (this.#acquisition.withGradient !== undefined) return [];
      const here = unit[position] as number;
      const places = [-0.2, -0.04, 0.04, 0.2].map((reach) => clamp(here + reach * this.#rng.uniform()));
      return [...places, this.#rng.uniform()].map((place) => {
        const moved = Float64Array.from(unit);
        moved[position] = place;
        return moved;
      });
    }
    const current = this.#map.indexAt(position, unit[position] as number);
    const anywhere = (): number => Math.floor(this.#rng.uniform() * count);
    const indices = ordered
      ? [current - 1, current + 1, current - 3, current + 3, anywhere()]
      : count <= CHOICES
        ? Array.from({ length: count }, (_, index) => index)
        : Array.from({ length: CHOICES }, anywhere);
    const others = new Set(indices.filter((index) => index >= 0 && index < count && index !== current));
    return [...others].map((index) => {
      const moved = Float64Array.from(unit);
      moved[position] = this.#map.place(position, index);
      return moved;
    });
  }
}

import type { Domain, MixedCandidate } from "../cmaes/search.ts";
import { createRng } from "../numerics/rng.ts";
import { type Coordinate, FeatureMap } from "../space/features.ts";
import type { Parameter, Params } from "../space/parameter.ts";
import { shareAt } from "../space/shares.ts";
import type { Space } from "../space/space.ts";

/** Configurations as candidates of a search and back. */
export class CmaesLayout {
  readonly #space: Space;
  readonly #map: FeatureMap;
  /** Indices of coordinates: those of the normal law, and of categoricals. */
  readonly #numeric: readonly number[];
  readonly #categorical: readonly number[];

  constructor(space: Space) {
    this.#space = space;
    this.#map = new FeatureMap(space);
    const indices = [...this.#map.coordinates.keys()].filter((index) => this.#coordinate(index).count > 1);
    this.#numeric = indices.filter((index) => this.#coordinate(index).ordered);
    this.#categorical = indices.filter((index) => !this.#coordinate(index).ordered);
  }

  #coordinate(index: number): Coordinate {
    return this.#map.coordinates[index] as Coordinate;
  }

  domain(seed: string): Domain {
    const parameters = this.#numeric.map((index) => this.#space.parameters[this.#coordinate(index).name] as Parameter);
    return {
      numeric: this.#numeric.length,
      choices: this.#categorical.map((index) => this.#coordinate(index).count),
      shareAt: (coordinate, position) => shareAt(parameters[coordinate] as Parameter, position),
      restartAt: (restart) => {
        const rng = createRng(seed, restart, "search");
        return Float64Array.from(this.#numeric, () => rng.uniform());
      },
    };
  }

  /**
   * A continuous coordinate beyond the cube is reflected at its faces, so that the loss goes on evenly there and a mean may
   * settle at a bound; a discrete one has its first or last value.
   */
  decode({ point, choices }: Pick<MixedCandidate, "point" | "choices">): Params {
    const unit = new Float64Array(this.#map.coordinates.length).fill(0.5);
    for (const [k, index] of this.#numeric.entries()) {
      const x = point[k] as number;
      unit[index] = this.#coordinate(index).count === Infinity ? reflect(x) : Math.min(Math.max(x, 0), 1);
    }
    for (const [k, index] of this.#categorical.entries()) unit[index] = this.#map.place(index, choices[k] as number);
    return this.#map.decode(unit);
  }

  /** A candidate that decodes to `params`: of its images the one nearest to the mean, the mean itself where inactive. */
  encode(params: Params, mean: Float64Array): Pick<MixedCandidate, "point" | "choices"> {
    const unit = this.#map.unit(params);
    const isActive = (index: number): boolean => Object.hasOwn(params, this.#coordinate(index).name);
    return {
      point: Float64Array.from(this.#numeric, (index, k) => {
        const [u, m] = [unit[index] as number, mean[k] as number];
        if (!isActive(index)) return m;
        return this.#coordinate(index).count === Infinity ? nearestImage(u, m) : u;
      }),
      choices: this.#categorical.map((index) =>
        isActive(index) ? this.#map.indexAt(index, unit[index] as number) : -1,
      ),
    };
  }
}

/** The triangle wave of period 2 that is x on [0, 1]. */
function reflect(x: number): number {
  const phase = x - 2 * Math.floor(x / 2);
  return phase <= 1 ? phase : 2 - phase;
}

/** Of the points that are reflected to `u`, the one nearest to `m`. */
function nearestImage(u: number, m: number): number {
  const direct = u + 2 * Math.round((m - u) / 2);
  const mirrored = -u + 2 * Math.round((m + u) / 2);
  return Math.abs(direct - m) <= Math.abs(mirrored - m) ? direct : mirrored;
}

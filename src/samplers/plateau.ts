import type { Acquisition } from "./search-acquisition.ts";

/** Trials of which all pairs are compared: the latest. */
const MOST_COMPARED = 256;
/** What is taken from the logarithm of an acquisition on a plateau: last, but still in its order. */
const PENALTY = 1e6;

/** Rows of features, and how much a squared difference in each counts. */
interface WeightedRows {
  /** Row-major: as many rows as there are losses, or more. */
  readonly points: Float64Array;
  /** One for each feature: the first ones are numeric, of the others only equality counts. */
  readonly weights: Float64Array;
  readonly numeric: number;
}

/**
 * Where losses repeat exactly, the loss is constant in parts of the space, and a smooth model goes on to expect an improvement
 * beside a point whose neighbours all gave the same. Two trials so near to each other that such pairs are as likely as not to have
 * equal losses count as one: a candidate that near to a trial gives nothing new. The distance is the model's own, so that a
 * parameter without effect is no way out. Where no two losses are equal, nothing changes.
 *
 * @param losses of the first rows; undefined for a trial that failed
 * @returns an acquisition that is least where its value is known
 */
export function leavePlateaus(
  acquisition: Acquisition,
  rows: WeightedRows,
  losses: readonly (number | undefined)[],
): Acquisition {
  const radius = plateauRadius(rows, losses);
  if (radius === undefined) return acquisition;
  const size = rows.weights.length;
  const isKnown = (points: Float64Array, offset: number): boolean => {
    for (let row = 0; row < losses.length; row++)
      if (losses[row] !== undefined && squaredDistance(rows, row * size, points, offset, radius) <= radius) return true;
    return false;
  };
  const gradientOf = acquisition.withGradient?.bind(acquisition);
  return {
    at: (points, count) =>
      acquisition.at(points, count).map((value, index) => (isKnown(points, index * size) ? value - PENALTY : value)),
    ...(gradientOf === undefined
      ? {}
      : {
          withGradient: (point, gradient) => {
            const value = gradientOf(point, gradient);
            return isKnown(point, 0) ? value - PENALTY : value;
          },
        }),
  };
}

/**
 * The greatest squared distance up to which at least half of all pairs of trials have exactly the same loss.
 *
 * @returns undefined where no two losses are equal
 */
function plateauRadius(rows: WeightedRows, losses: readonly (number | undefined)[]): number | undefined {
  const size = rows.weights.length;
  const known = [...losses.keys()].filter((index) => losses[index] !== undefined).slice(-MOST_COMPARED);
  if (new Set(known.map((index) => losses[index])).size === known.length) return undefined;
  const equal: number[] = [];
  const other: number[] = [];
  for (const [place, a] of known.entries())
    for (const b of known.slice(0, place))
      (losses[a] === losses[b] ? equal : other).push(squaredDistance(rows, a * size, rows.points, b * size));
  const [same, different] = [Float64Array.from(equal).sort(), Float64Array.from(other).sort()];
  let radius: number | undefined;
  let nearer = 0;
  for (const [index, distance] of same.entries()) {
    while (nearer < different.length && (different[nearer] as number) <= distance) nearer++;
    if (index + 1 >= nearer) radius = distance;
  }
  return radius;
}

/** @param enough beyond which nobody asks how far */
function squaredDistance(
  { points, weights, numeric }: WeightedRows,
  from: number,
  others: Float64Array,
  to: number,
  enough = Infinity,
): number {
  let sum = 0;
  for (let feature = 0; feature < weights.length && sum <= enough; feature++) {
    const difference = (points[from + feature] as number) - (others[to + feature] as number);
    const square = feature < numeric ? difference * difference : Number(difference !== 0);
    sum += (weights[feature] as number) * square;
  }
  return sum;
}

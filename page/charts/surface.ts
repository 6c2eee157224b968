import { contours, type ContourMultiPolygon } from "d3-contour";

/** A point of the unit square with a height. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/**
 * A smooth surface through scattered points on a grid of `columns` × `rows` cells: the mean of the heights, weighted by a
 * Gaussian of the distance (E. A. Nadaraya, "On Estimating Regression", 1964), whose width shrinks with the number of points.
 * @returns heights at the centres of the cells, row by row from y = 0
 */
export function surfaceOf(points: readonly Point[], columns: number, rows: number): Float64Array {
  const width = Math.max(0.035, 0.3 / Math.sqrt(points.length));
  const heights = new Float64Array(columns * rows);
  const [low, high] = [Math.min(...points.map(({ z }) => z)), Math.max(...points.map(({ z }) => z))];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x, y] = [(column + 0.5) / columns, (row + 0.5) / rows];
      let nearest = Number.POSITIVE_INFINITY;
      for (const point of points) nearest = Math.min(nearest, (point.x - x) ** 2 + (point.y - y) ** 2);
      let [sum, weights] = [0, 0];
      for (const point of points) {
        // Relative to the nearest, so that far from all points the weights do not vanish.
        const weight = Math.exp((nearest - (point.x - x) ** 2 - (point.y - y) ** 2) / (2 * width * width));
        sum += weight * point.z;
        weights += weight;
      }
      heights[row * columns + column] = Math.min(high, Math.max(low, sum / weights));
    }
  }
  return heights;
}

/** The areas above each threshold, in cells of the grid. */
export function areasAbove(
  heights: Float64Array,
  columns: number,
  rows: number,
  thresholds: readonly number[],
): ContourMultiPolygon[] {
  return contours()
    .size([columns, rows])
    .thresholds([...thresholds])([...heights]);
}

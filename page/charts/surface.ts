import { contours, type ContourMultiPolygon } from "d3-contour";

/** A point of the unit square with a height. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** What the middle counts against a trial at the very place. */
const DOUBT = 0.1;

/**
 * A smooth surface through scattered points on a grid of `columns` × `rows` cells: the mean of the heights, weighted by a
 * Gaussian of the distance (E. A. Nadaraya, "On Estimating Regression", 1964), whose width shrinks with the number of points.
 * @param middle the height where no points are near
 * @param gaps between neighbouring values on the two axes, which it bridges; 0 where they are continuous
 * @returns heights at the centres of the cells, row by row from y = 0
 */
export function surfaceOf(
  points: readonly Point[],
  columns: number,
  rows: number,
  middle: number,
  gaps: readonly [number, number] = [0, 0],
): Float64Array {
  const width = Math.max(0.04, 0.4 / Math.sqrt(points.length));
  const [wide, tall] = gaps.map((gap) => Math.max(width, gap / 2)) as [number, number];
  const heights = new Float64Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x, y] = [(column + 0.5) / columns, (row + 0.5) / rows];
      let [sum, weights] = [DOUBT * middle, DOUBT];
      for (const point of points) {
        const weight = Math.exp(-(((point.x - x) / wide) ** 2 + ((point.y - y) / tall) ** 2) / 2);
        sum += weight * point.z;
        weights += weight;
      }
      heights[row * columns + column] = sum / weights;
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

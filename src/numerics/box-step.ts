import { cholesky, solveFactored } from "./cholesky.ts";
import { dot, multiply } from "./quasi-newton.ts";

/** A box of points x with lower ≤ x ≤ upper; either may be infinite. */
export interface Box {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** The value of the box nearest to `value` in coordinate i. */
export function clamp(box: Box, i: number, value: number): number {
  return Math.min(Math.max(value, box.lower[i] as number), box.upper[i] as number);
}

/** The bound of coordinate i that a move of this sign leads to. */
export function bound(box: Box, i: number, move: number): number {
  return (move > 0 ? box.upper : box.lower)[i] as number;
}

/** How many times a move of coordinate i fits into the box from `value`. */
export function room(box: Box, i: number, value: number, move: number): number {
  return move === 0 ? Infinity : (bound(box, i, move) - value) / move;
}

/**
 * Where in the box the model gᵀz + ½ zᵀBz, z = point − x, is about least: the generalised Cauchy point, then the minimum over
 * the variables that it leaves free, projected into the box. Byrd, Lu, Nocedal & Zhu, "A limited memory algorithm for bound
 * constrained optimization", SIAM J. Sci. Comput. 16 (1995), sections 4 and 5.1; projection: Morales & Nocedal, "Remark on
 * Algorithm 778", ACM TOMS 38 (2011).
 *
 * @param hessian B, n × n, positive definite
 * @returns a point of the box, or undefined if B is not positive definite to working precision
 */
export function boxStep(
  hessian: Float64Array,
  x: Float64Array,
  gradient: Float64Array,
  box: Box,
): Float64Array | undefined {
  const { point, modelGradient, free } = cauchyPoint(hessian, x, gradient, box);
  if (free.length === 0) return point;
  const newton = newtonStep(hessian, modelGradient, free);
  if (newton === undefined) return undefined;

  const projected = point.slice();
  for (const [k, i] of free.entries()) projected[i] = clamp(box, i, (point[i] as number) + (newton[k] as number));
  let slope = 0;
  for (let i = 0; i < x.length; i++) slope += (gradient[i] as number) * ((projected[i] as number) - (x[i] as number));
  if (slope < 0) return projected;

  // The projection may point uphill; the part of the Newton step that lies in the box does not.
  let share = 1;
  for (const [k, i] of free.entries()) {
    share = Math.min(share, room(box, i, point[i] as number, newton[k] as number));
  }
  for (const [k, i] of free.entries()) {
    point[i] = clamp(box, i, (point[i] as number) + share * (newton[k] as number));
  }
  return point;
}

interface CauchyPoint {
  readonly point: Float64Array;
  /** g + B (point − x) */
  readonly modelGradient: Float64Array;
  /** The variables that the path has not stopped at a bound. */
  readonly free: readonly number[];
}

/** The first local minimum of the model along the projection of x − t·gradient, t ≥ 0, into the box. */
function cauchyPoint(hessian: Float64Array, x: Float64Array, gradient: Float64Array, box: Box): CauchyPoint {
  const n = x.length;
  const ends = gradient.map((slope, i) => room(box, i, x[i] as number, -slope));
  const direction = gradient.map((slope, i) => ((ends[i] as number) > 0 ? -slope : 0));
  const curved = new Float64Array(n); // B · direction
  multiply(hessian, direction, curved);
  const point = x.slice();
  const modelGradient = gradient.slice();
  const stopped = ends.map((end) => (end > 0 ? 0 : 1));

  const advance = (time: number): void => {
    for (let i = 0; i < n; i++) {
      point[i] = (point[i] as number) + time * (direction[i] as number);
      modelGradient[i] = (modelGradient[i] as number) + time * (curved[i] as number);
    }
  };
  /** How far along the present direction the model falls. */
  const fall = (): number => {
    const slope = dot(modelGradient, direction);
    return slope < 0 ? -slope / dot(direction, curved) : 0;
  };

  let time = 0;
  const corners = Array.from(ends.keys()).filter((i) => (ends[i] as number) > 0 && (ends[i] as number) < Infinity);
  corners.sort((a, b) => (ends[a] as number) - (ends[b] as number));
  for (const i of corners) {
    const rest = (ends[i] as number) - time;
    if (fall() < rest) break;
    advance(rest);
    time = ends[i] as number;
    const speed = direction[i] as number;
    point[i] = bound(box, i, speed);
    direction[i] = 0;
    stopped[i] = 1;
    for (let j = 0; j < n; j++) curved[j] = (curved[j] as number) - speed * (hessian[i * n + j] as number);
  }
  advance(fall());
  for (let i = 0; i < n; i++) point[i] = clamp(box, i, point[i] as number);
  return { point, modelGradient, free: Array.from(stopped.keys()).filter((i) => stopped[i] === 0) };
}

/** The solution d of B d = −r over the free variables alone; undefined if that part of B is not positive definite. */
function newtonStep(
  hessian: Float64Array,
  modelGradient: Float64Array,
  free: readonly number[],
): Float64Array | undefined {
  const n = modelGradient.length;
  const size = free.length;
  const factor = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++)
      factor[a * size + b] = hessian[(free[a] as number) * n + (free[b] as number)] as number;
  }
  if (!cholesky(factor, size)) return undefined;
  const step = Float64Array.from(free, (i) => -(modelGradient[i] as number));
  solveFactored(factor, size, step);
  return step;
}

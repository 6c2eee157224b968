/** What the host sees: the places of inputs and results, and the steps in the order in which they are taken. */
import { cholesky } from "./cholesky";
import { kernelMatrix, scalePoints } from "./kernel";

export { alpha, CANDIDATES, candidates, panel, points, reserve, results, rowBytes, weights } from "./layout";
export { expOfNegative } from "./exp";
export { logDeterminant, solve } from "./cholesky";
export { inverseDiagonal, invertTransposed, transposeInverse } from "./inverse";
export { likelihoodGradient } from "./gradient";
export { posterior, posteriorGradient } from "./posterior";

/** Builds K over the first `count` points and factors it. Returns −1, or the row whose pivot was not positive. */
export function factor(amplitude: f64, diagonal: f64, count: i32, gradient: bool): i32 {
  scalePoints();
  kernelMatrix(amplitude, diagonal, count, gradient);
  return cholesky(count);
}

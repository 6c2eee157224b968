/** Sweeps over all pairs before the rest off the diagonal is left; convergence is quadratic, ten are many. */
const SWEEPS = 40;

export interface Eigen {
  /** n numbers, in no order. */
  readonly values: Float64Array;
  /** n·n numbers, row-major: the orthonormal eigenvector of values[k] is column k. */
  readonly vectors: Float64Array;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations, about 30 n³ operations. Golub & Van Loan,
 * "Matrix computations", 2013, section 8.5. A rotation is left out where the element is below eps √(a_pp a_qq), which keeps
 * small eigenvalues of positive definite matrices precise relative to themselves (Demmel & Veselić 1992).
 *
 * @param matrix n·n numbers, row-major, finite
 */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  const a = Float64Array.from(matrix);
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  for (let sweep = 0, rotated = true; rotated && sweep < SWEEPS; sweep++) {
    rotated = false;
    for (let p = 0; p < n - 1; p++)
      for (let q = p + 1; q < n; q++) {
        const off = a[p * n + q] as number;
        const [app, aqq] = [a[p * n + p] as number, a[q * n + q] as number];
        if (Math.abs(off) <= Number.EPSILON * Math.sqrt(Math.abs(app * aqq))) continue;
        rotated = true;
        const theta = (aqq - app) / (2 * off);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.sqrt(t * t + 1);
        rotate(a, n, p, q, c, t * c);
        rotateColumns(vectors, n, p, q, c, t * c);
        a[p * n + p] = app - t * off;
        a[q * n + q] = aqq + t * off;
        a[p * n + q] = a[q * n + p] = 0;
      }
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i] as number), vectors };
}

// In both loops one name at a time: pairs in arrays are allocated anew in each turn, which takes five times as long.

/** Rows and columns p and q of a symmetric matrix, but where they cross. */
function rotate(a: Float64Array, n: number, p: number, q: number, c: number, s: number): void {
  for (let k = 0; k < n; k++) {
    if (k === p || k === q) continue;
    const akp = a[k * n + p] as number;
    const akq = a[k * n + q] as number;
    a[k * n + p] = a[p * n + k] = c * akp - s * akq;
    a[k * n + q] = a[q * n + k] = s * akp + c * akq;
  }
}

function rotateColumns(v: Float64Array, n: number, p: number, q: number, c: number, s: number): void {
  for (let k = 0; k < n; k++) {
    const vkp = v[k * n + p] as number;
    const vkq = v[k * n + q] as number;
    v[k * n + p] = c * vkp - s * vkq;
    v[k * n + q] = s * vkp + c * vkq;
  }
}

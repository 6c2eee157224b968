/**
 * Cholesky factors of symmetric positive definite matrices. A matrix is a Float64Array of n·n numbers, row-major; only its
 * lower triangle is read or written, so whatever stands above the diagonal stays there.
 */

/**
 * Overwrites the lower triangle of A by L, where A = L Lᵀ.
 *
 * A pivot that is not above n·eps times its diagonal element is refused: the rounding of the factorisation is as large
 * (Higham, "Accuracy and Stability of Numerical Algorithms", 2002, theorem 10.3), so that its sign says nothing.
 *
 * @returns whether A was positive definite to working precision; if not (or not finite), A is left half done
 */
export function cholesky(a: Float64Array, n: number): boolean {
  const tolerance = n * Number.EPSILON;
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let j = 0; j < i; j++) {
      a[row + j] = ((a[row + j] as number) - dot(a, row, a, j * n, j)) / (a[j * n + j] as number);
    }
    const diagonal = a[row + i] as number;
    const pivot = diagonal - dot(a, row, a, row, i);
    if (!(pivot > tolerance * diagonal)) return false;
    a[row + i] = Math.sqrt(pivot);
  }
  return true;
}

/** Overwrites b, of n numbers, by the x with L x = b. */
export function solveLower(factor: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    b[i] = ((b[i] as number) - dot(factor, i * n, b, 0, i)) / (factor[i * n + i] as number);
  }
}

/** Overwrites b, of n numbers, by the x with Lᵀ x = b. */
export function solveLowerTransposed(factor: Float64Array, n: number, b: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    const x = (b[i] as number) / (factor[i * n + i] as number);
    b[i] = x;
    for (let j = 0; j < i; j++) b[j] = (b[j] as number) - x * (factor[i * n + j] as number);
  }
}

/** Overwrites b, of n numbers, by the x with L Lᵀ x = b. */
export function solveFactored(factor: Float64Array, n: number, b: Float64Array): void {
  solveLower(factor, n, b);
  solveLowerTransposed(factor, n, b);
}

/** log det(L Lᵀ). */
export function logDeterminant(factor: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.log(factor[i * n + i] as number);
  return 2 * sum;
}

/** Σ x[xFrom + k] y[yFrom + k] over k < length. */
function dot(x: Float64Array, xFrom: number, y: Float64Array, yFrom: number, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += (x[xFrom + k] as number) * (y[yFrom + k] as number);
  return sum;
}

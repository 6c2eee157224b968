/** An approximation B of the Hessian from the last pairs of a step s and the change y of the gradient along it. */
export interface QuasiNewton {
  /** B, n × n, row-major, symmetric, positive definite; the identity while there are no pairs. */
  readonly matrix: Float64Array;
  /** Takes a pair in, with sᵀy > 0; the oldest goes if there are more than `memory`. Keeps s and y. */
  add(s: Float64Array, y: Float64Array): void;
  /** Drops all pairs. */
  forget(): void;
  /** Whether there are no pairs. */
  isEmpty(): boolean;
}

/**
 * The limited-memory BFGS matrix: θI with θ = yᵀy / sᵀy of the newest pair, then one BFGS update per pair from the oldest on
 * (Nocedal & Wright, "Numerical Optimization", 2006, equations 6.19 and 7.20). Kept dense, at O(memory·n²) per pair taken in,
 * which for n up to about 100 is less trouble than the compact form and as fast.
 */
export function createQuasiNewton(n: number, memory: number): QuasiNewton {
  const matrix = new Float64Array(n * n);
  const product = new Float64Array(n);
  let pairs: { s: Float64Array; y: Float64Array }[] = [];

  const setDiagonal = (theta: number): void => {
    matrix.fill(0);
    for (let i = 0; i < n; i++) matrix[i * n + i] = theta;
  };
  const update = (s: Float64Array, y: Float64Array): void => {
    multiply(matrix, s, product);
    const sBs = dot(s, product);
    const sy = dot(s, y);
    for (let i = 0; i < n; i++) {
      const yi = (y[i] as number) / sy;
      const bi = (product[i] as number) / sBs;
      for (let j = 0; j < n; j++) {
        matrix[i * n + j] = (matrix[i * n + j] as number) + yi * (y[j] as number) - bi * (product[j] as number);
      }
    }
  };

  setDiagonal(1);
  return {
    matrix,
    add(s, y) {
      pairs = [...pairs, { s, y }].slice(-memory);
      setDiagonal(dot(y, y) / dot(s, y));
      for (const pair of pairs) update(pair.s, pair.y);
    },
    forget() {
      pairs = [];
      setDiagonal(1);
    },
    isEmpty: () => pairs.length === 0,
  };
}

/** out = A x for a square A. */
export function multiply(a: Float64Array, x: Float64Array, out: Float64Array): void {
  const n = x.length;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += (a[i * n + j] as number) * (x[j] as number);
    out[i] = sum;
  }
}

export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] as number) * (y[i] as number);
  return sum;
}

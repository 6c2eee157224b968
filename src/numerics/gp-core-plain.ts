import { GpCoreChecks } from "./gp-core-checks.ts";
import type { GpCore } from "./gp-core.ts";

/** A core in plain JavaScript, formula by formula: what the fast one is judged by. */
export function createPlainGpCore(): GpCore {
  return new PlainGpCore();
}

type Matrix = readonly Float64Array[];

class PlainGpCore implements GpCore {
  readonly #checks = new GpCoreChecks();
  #points: Matrix = [];
  #weights = new Float64Array();
  #amplitude = 0;
  #diagonal = 0;
  #lower: Matrix = [];
  #alpha = new Float64Array();

  setPoints(points: Float64Array, count: number, numeric: number, mismatch: number): void {
    this.#checks.setPoints(points, count, numeric, mismatch);
    const features = numeric + mismatch;
    this.#points = Array.from({ length: count }, (_, i) => points.slice(i * features, (i + 1) * features));
    this.#checks.pointsSet(count, numeric, mismatch);
  }

  factor(weights: Float64Array, amplitude: number, diagonal: number, count: number, gradient: boolean): number {
    this.#checks.factor(weights, amplitude, diagonal, count);
    this.#weights = weights.slice();
    this.#amplitude = amplitude;
    this.#diagonal = diagonal;
    const used = this.#points.slice(0, count);
    const k = matrix(count, (i, j) => this.#kernel(at(used, i), at(used, j)) + (i === j ? diagonal : 0));
    const factored = cholesky(k);
    if (typeof factored === "number") return factored;
    this.#lower = factored;
    this.#checks.factored(count, gradient);
    return -1;
  }

  logDeterminant(): number {
    this.#checks.logDeterminant();
    return 2 * this.#lower.reduce((sum, row, i) => sum + Math.log(row[i] as number), 0);
  }

  solve(y: Float64Array, alpha?: Float64Array): number {
    this.#checks.solve(y, alpha);
    this.#alpha = new Float64Array(this.#checks.count);
    this.#alpha.set(solveUpper(this.#lower, solveLower(this.#lower, y)));
    alpha?.set(this.#alpha);
    this.#checks.solved(y.length);
    return dot(y, this.#alpha);
  }

  likelihoodGradient(out: Float64Array): void {
    this.#checks.likelihoodGradient(out);
    const { count, features } = this.#checks;
    const inverse = this.#inverse();
    if (this.#checks.inverse === "none") this.#checks.inverse = "part";
    out.fill(0);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < count; j++) {
        const a = at(this.#points, i);
        const b = at(this.#points, j);
        const outer = (this.#alpha[i] as number) * (this.#alpha[j] as number) - (at(inverse, i)[j] as number);
        for (let f = 0; f < features; f++) {
          const derivative = this.#slope(a, b) * (this.#weights[f] as number) * this.#squared(a, b, f);
          out[f] = (out[f] as number) + 0.5 * outer * derivative;
        }
        out[features] = (out[features] as number) + 0.5 * outer * this.#kernel(a, b);
        if (i === j) out[features + 1] = (out[features + 1] as number) + 0.5 * outer * this.#diagonal;
      }
    }
  }

  invertFactor(): void {
    this.#checks.invertFactor();
    this.#checks.inverse = "all";
  }

  posterior(candidates: Float64Array, m: number, mean: Float64Array, variance: Float64Array): void {
    this.#checks.posterior(candidates, m, mean, variance);
    const { features } = this.#checks;
    for (let c = 0; c < m; c++) {
      const k = this.#kernels(candidates.subarray(c * features, (c + 1) * features));
      const explained = solveLower(this.#lower, k);
      mean[c] = dot(k, this.#alpha);
      variance[c] = this.#amplitude - dot(explained, explained);
    }
  }

  posteriorGradient(
    point: Float64Array,
    out: Float64Array,
    meanGradient: Float64Array,
    varianceGradient: Float64Array,
  ): void {
    this.#checks.posteriorGradient(point, out, meanGradient, varianceGradient);
    const { count, numeric } = this.#checks;
    this.posterior(point, 1, out.subarray(0, 1), out.subarray(1, 2));
    const solved = solveUpper(this.#lower, solveLower(this.#lower, this.#kernels(point)));
    for (let f = 0; f < numeric; f++) {
      const derivatives = this.#points.slice(0, count).map((other) => {
        const difference = (point[f] as number) - (other[f] as number);
        return this.#slope(point, other) * 2 * (this.#weights[f] as number) * difference;
      });
      meanGradient[f] = dot(derivatives, this.#alpha);
      varianceGradient[f] = -2 * dot(derivatives, solved);
    }
  }

  inverseDiagonal(out: Float64Array): void {
    this.#checks.inverseDiagonal(out);
    out.set(this.#inverse().map((row, i) => row[i] as number));
  }

  /** δ_f² */
  #squared(a: Float64Array, b: Float64Array, f: number): number {
    if (f >= this.#checks.numeric) return a[f] === b[f] ? 0 : 1;
    return ((a[f] as number) - (b[f] as number)) ** 2;
  }

  /** √5 r */
  #distance(a: Float64Array, b: Float64Array): number {
    return Math.sqrt(5 * this.#weights.reduce((sum, weight, f) => sum + weight * this.#squared(a, b, f), 0));
  }

  #kernel(a: Float64Array, b: Float64Array): number {
    const s = this.#distance(a, b);
    return this.#amplitude * (1 + s + s ** 2 / 3) * Math.exp(-s);
  }

  /** dk/d(r²) */
  #slope(a: Float64Array, b: Float64Array): number {
    const s = this.#distance(a, b);
    return -this.#amplitude * (5 / 6) * (1 + s) * Math.exp(-s);
  }

  #kernels(point: Float64Array): Float64Array {
    return Float64Array.from(this.#points.slice(0, this.#checks.count), (other) => this.#kernel(point, other));
  }

  #inverse(): Matrix {
    return this.#lower.map((_, i) => {
      const unit = new Float64Array(this.#checks.count);
      unit[i] = 1;
      return solveUpper(this.#lower, solveLower(this.#lower, unit));
    });
  }
}

const at = (rows: Matrix, i: number): Float64Array => rows[i] as Float64Array;

function matrix(n: number, element: (i: number, j: number) => number): Matrix {
  const row = (i: number): Float64Array => Float64Array.from({ length: n }, (_, j) => element(i, j));
  return Array.from({ length: n }, (_, i) => row(i));
}

/** The sum of products over the first `count` numbers, by default those of `a`. */
function dot(a: ArrayLike<number>, b: ArrayLike<number>, count: number = a.length): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** The lower triangular factor, or the row whose pivot was not positive. */
function cholesky(k: Matrix): Matrix | number {
  const lower = matrix(k.length, () => 0);
  for (let i = 0; i < k.length; i++) {
    const row = at(lower, i);
    for (let j = 0; j < i; j++) {
      const above = at(lower, j);
      row[j] = ((at(k, i)[j] as number) - dot(row, above, j)) / (above[j] as number);
    }
    const pivot = (at(k, i)[i] as number) - dot(row, row, i);
    if (!(pivot > 0)) return i;
    row[i] = Math.sqrt(pivot);
  }
  return lower;
}

/** x with Lx = b, by the leading block of b's size. */
function solveLower(lower: Matrix, b: Float64Array): Float64Array {
  const x = b.slice();
  for (let i = 0; i < x.length; i++) {
    const row = at(lower, i);
    x[i] = ((x[i] as number) - dot(row, x, i)) / (row[i] as number);
  }
  return x;
}

/** x with Lᵀx = b, by the leading block of b's size. */
function solveUpper(lower: Matrix, b: Float64Array): Float64Array {
  const x = b.slice();
  for (let i = x.length - 1; i >= 0; i--) {
    for (let j = i + 1; j < x.length; j++) x[i] = (x[i] as number) - (at(lower, j)[i] as number) * (x[j] as number);
    x[i] = (x[i] as number) / (at(lower, i)[i] as number);
  }
  return x;
}

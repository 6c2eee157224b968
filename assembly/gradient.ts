/**
 * The gradient of log N(y; 0, K): ∂/∂θ = ½ tr((ααᵀ − K⁻¹) ∂K/∂θ) (Rasmussen and Williams 2006, eq. 5.9).
 *
 * For the logarithm of a weight, ∂Kᵢⱼ = (dk/d(r²))ᵢⱼ · w δ²ᵢⱼ, where w δ² is the squared difference of scaled points; it is zero on
 * the diagonal, so the half of a symmetric sum is the sum below the diagonal. K⁻¹ is never stored: a panel of its rows is
 * computed, turned into the common factor (αᵢαⱼ − K⁻¹ᵢⱼ) · (dk/d(r²))ᵢⱼ, and summed for each feature.
 *
 * For amplitude and diagonal the traces are known: with K₀ = K − diagonal · I, αᵀK₀α = yᵀα − diagonal αᵀα and
 * tr(K⁻¹K₀) = n − diagonal tr K⁻¹.
 */
import {
  alpha,
  CHUNK,
  inverseTransposed,
  mismatch,
  numeric,
  paddedTo4,
  PANEL,
  panel,
  results,
  rowBytes,
  scaled,
  slopes,
  weights,
} from "./layout";
import { inverseDiagonal } from "./inverse";
import { dot, dots, firsts, seconds, total } from "./tile";

const sums: usize = memory.data(64, 16);

/** To `results`: features + 2 numbers. Needs the slopes, `inverseTransposed` and alpha of all `count` points. */
export function likelihoodGradient(count: i32, diagonal: f64, quadratic: f64): void {
  const features = <usize>(numeric + mismatch);
  const padded = paddedTo4(count);
  // Two running sums for each feature, which are one in the end.
  memory.fill(results, 0, features << 4);
  for (let start = 0; start < padded; start += PANEL) {
    const stop = min(start + PANEL, padded);
    memory.fill(panel, 0, <usize>(stop - start) * rowBytes);
    for (let from = start; from < padded; from += CHUNK) {
      const to = min(from + CHUNK, padded);
      for (let j = 0; j < stop; j += 4) {
        for (let i = max(start, j); i < stop; i += 2) addProducts(i, j, max(from, i & ~3), to, rowOf(i - start));
      }
    }
    for (let i = start; i < stop; i++) {
      makeFactors(i, rowOf(i - start));
      addFeatures(i, rowOf(i - start));
    }
  }
  for (let f: usize = 0; f < features; f++) store<f64>(results + (f << 3), total(v128.load(results + (f << 4))));

  inverseDiagonal(count);
  let trace: f64 = 0;
  for (let i: usize = 0; i < <usize>count; i++) trace += load<f64>(panel + (i << 3));
  const ofDiagonal = diagonal * (dot(alpha, alpha, count) - trace);
  store<f64>(results + (features << 3), 0.5 * (quadratic - <f64>count - ofDiagonal));
  store<f64>(results + ((features + 1) << 3), 0.5 * ofDiagonal);
}

/** The row of `panel`. */
function rowOf(i: i32): usize {
  return panel + <usize>i * rowBytes;
}

/** Adds to the two rows at `to`, columns j … j+3, what columns `from` … `end`−1 of L⁻ᵀ add to K⁻¹. */
function addProducts(i: i32, j: i32, from: i32, end: i32, to: usize): void {
  const matrix = inverseTransposed() + ((<usize>from) << 3);
  dots(matrix + <usize>j * rowBytes, matrix + <usize>i * rowBytes, end - from, sums);
  const s0 = v128.load(sums);
  const s1 = v128.load(sums, 16);
  const s2 = v128.load(sums, 32);
  const s3 = v128.load(sums, 48);
  const upper = to + ((<usize>j) << 3);
  const lower = upper + rowBytes;
  v128.store(upper, f64x2.add(v128.load(upper), firsts(s0, s1)));
  v128.store(upper, f64x2.add(v128.load(upper, 16), firsts(s2, s3)), 16);
  v128.store(lower, f64x2.add(v128.load(lower), seconds(s0, s1)));
  v128.store(lower, f64x2.add(v128.load(lower, 16), seconds(s2, s3)), 16);
}

/** Makes of row i of K⁻¹, at `row`, the common factors (αᵢαⱼ − K⁻¹ᵢⱼ) · (dk/d(r²))ᵢⱼ. */
function makeFactors(i: i32, row: usize): void {
  const slope = slopes() + <usize>i * rowBytes;
  const own = v128.load64_splat(alpha + ((<usize>i) << 3));
  for (let at: usize = 0; at < (<usize>paddedTo4(i + 1)) << 3; at += 16) {
    const outer = f64x2.mul(own, v128.load(alpha + at));
    v128.store(row + at, f64x2.mul(f64x2.sub(outer, v128.load(row + at)), v128.load(slope + at)));
  }
}

/** Adds what row i, with its common factors at `factors`, gives to the sum of each feature. */
function addFeatures(i: i32, factors: usize): void {
  const end = (<usize>paddedTo4(i + 1)) << 3;
  for (let f: usize = 0; f < <usize>(numeric + mismatch); f++) {
    const row = scaled + f * rowBytes;
    const here = v128.load64_splat(row + ((<usize>i) << 3));
    let even = f64x2.splat(0);
    let odd = f64x2.splat(0);
    if (f < <usize>numeric) {
      for (let at: usize = 0; at < end; at += 32) {
        const d0 = f64x2.sub(here, v128.load(row + at));
        const d1 = f64x2.sub(here, v128.load(row + at, 16));
        even = f64x2.add(even, f64x2.mul(f64x2.mul(d0, d0), v128.load(factors + at)));
        odd = f64x2.add(odd, f64x2.mul(f64x2.mul(d1, d1), v128.load(factors + at, 16)));
      }
    } else {
      for (let at: usize = 0; at < end; at += 32) {
        even = f64x2.add(even, v128.and(f64x2.ne(here, v128.load(row + at)), v128.load(factors + at)));
        odd = f64x2.add(odd, v128.and(f64x2.ne(here, v128.load(row + at, 16)), v128.load(factors + at, 16)));
      }
      const weight = v128.load64_splat(weights + (f << 3));
      even = f64x2.mul(even, weight);
      odd = f64x2.mul(odd, weight);
    }
    const sum = results + (f << 4);
    v128.store(sum, f64x2.add(v128.load(sum), f64x2.add(even, odd)));
  }
}

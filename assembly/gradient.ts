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
    for (let j = 0; j < stop; j += 4) {
      for (let i = max(start, j); i < stop; i += 2) commonFactor(i, j, padded, panel + <usize>(i - start) * rowBytes);
    }
    for (let i = start; i < stop; i++) addFeatures(i, panel + <usize>(i - start) * rowBytes);
  }
  for (let f: usize = 0; f < features; f++) store<f64>(results + (f << 3), total(v128.load(results + (f << 4))));

  inverseDiagonal(count);
  let trace: f64 = 0;
  for (let i: usize = 0; i < <usize>count; i++) trace += load<f64>(panel + (i << 3));
  const ofDiagonal = diagonal * (dot(alpha, alpha, count) - trace);
  store<f64>(results + (features << 3), 0.5 * (quadratic - <f64>count - ofDiagonal));
  store<f64>(results + ((features + 1) << 3), 0.5 * ofDiagonal);
}

/** (αᵢαⱼ − K⁻¹ᵢⱼ) · (dk/d(r²))ᵢⱼ of rows i and i+1, columns j … j+3, to the two rows at `to`. */
function commonFactor(i: i32, j: i32, padded: i32, to: usize): void {
  const first = i & ~3;
  const matrix = inverseTransposed() + ((<usize>first) << 3);
  dots(matrix + <usize>j * rowBytes, matrix + <usize>i * rowBytes, padded - first, sums);
  const s0 = v128.load(sums);
  const s1 = v128.load(sums, 16);
  const s2 = v128.load(sums, 32);
  const s3 = v128.load(sums, 48);
  const column = (<usize>j) << 3;
  const left = v128.load(alpha + column);
  const right = v128.load(alpha + column, 16);
  const upper = v128.load64_splat(alpha + ((<usize>i) << 3));
  const lower = v128.load64_splat(alpha + ((<usize>i) << 3), 8);
  const slope = slopes() + <usize>i * rowBytes + column;
  const target = to + column;
  v128.store(target, f64x2.mul(f64x2.sub(f64x2.mul(upper, left), firsts(s0, s1)), v128.load(slope)));
  v128.store(target, f64x2.mul(f64x2.sub(f64x2.mul(upper, right), firsts(s2, s3)), v128.load(slope, 16)), 16);
  const below = target + rowBytes;
  const slopeBelow = slope + rowBytes;
  v128.store(below, f64x2.mul(f64x2.sub(f64x2.mul(lower, left), seconds(s0, s1)), v128.load(slopeBelow)));
  v128.store(below, f64x2.mul(f64x2.sub(f64x2.mul(lower, right), seconds(s2, s3)), v128.load(slopeBelow, 16)), 16);
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

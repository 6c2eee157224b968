/**
 * The Matérn-5/2 kernel, k = amplitude · (1 + s + s²/3) · exp(−s) with s = √5 r (Rasmussen and Williams 2006, eq. 4.17), and
 * its slope dk/d(r²) = −(5/6) · amplitude · (1 + s) · exp(−s), which is smooth at r = 0.
 *
 * A row of the kernel, one point against many, is computed in three passes over a row that stays in the nearest cache:
 * distances (all features of 8 points at a time, from the feature-major `scaled`), exponentials, and what is made of them.
 */
import {
  distances,
  factorMatrix,
  mismatch,
  numeric,
  paddedTo4,
  points,
  rowBytes,
  scaled,
  slopes,
  weights,
} from "./layout";
import { expOfNegative } from "./exp";

const SLOPE: f64 = -5.0 / 6.0;
const THIRD: f64 = 1.0 / 3.0;

/** Fills `scaled` from `points` and `weights`. */
export function scalePoints(): void {
  for (let f: usize = 0; f < <usize>numeric; f++) {
    const root = f64x2.splat(sqrt(load<f64>(weights + (f << 3))));
    for (let at = f * rowBytes; at < (f + 1) * rowBytes; at += 16) {
      v128.store(scaled + at, f64x2.mul(v128.load(points + at), root));
    }
  }
  memory.copy(scaled + <usize>numeric * rowBytes, points + <usize>numeric * rowBytes, <usize>mismatch * rowBytes);
}

/** Scales a point of consecutive features in place. */
export function scalePoint(point: usize): void {
  for (let f: usize = 0; f < <usize>numeric; f++) {
    const at = point + (f << 3);
    store<f64>(at, load<f64>(at) * sqrt(load<f64>(weights + (f << 3))));
  }
}

/**
 * √5 r between a scaled point and the first `count` points, a multiple of 8, to `distances`.
 *
 * @param point the address of its first feature
 * @param stride bytes between its features
 */
function fillDistances(point: usize, stride: usize, count: i32): void {
  const row = rowBytes;
  const numericEnd = scaled + <usize>numeric * row;
  const featuresEnd = numericEnd + <usize>mismatch * row;
  const five = f64x2.splat(5);
  for (let at: usize = 0; at < (<usize>count) << 3; at += 64) {
    let sum0 = f64x2.splat(0);
    let sum1 = f64x2.splat(0);
    let sum2 = f64x2.splat(0);
    let sum3 = f64x2.splat(0);
    let own = point;
    let others = scaled;
    for (; others < numericEnd; others += row, own += stride) {
      const here = v128.load64_splat(own);
      const d0 = f64x2.sub(here, v128.load(others + at));
      const d1 = f64x2.sub(here, v128.load(others + at, 16));
      const d2 = f64x2.sub(here, v128.load(others + at, 32));
      const d3 = f64x2.sub(here, v128.load(others + at, 48));
      sum0 = f64x2.add(sum0, f64x2.mul(d0, d0));
      sum1 = f64x2.add(sum1, f64x2.mul(d1, d1));
      sum2 = f64x2.add(sum2, f64x2.mul(d2, d2));
      sum3 = f64x2.add(sum3, f64x2.mul(d3, d3));
    }
    for (
      let weight = weights + ((<usize>numeric) << 3);
      others < featuresEnd;
      others += row, own += stride, weight += 8
    ) {
      const here = v128.load64_splat(own);
      const w = v128.load64_splat(weight);
      sum0 = f64x2.add(sum0, v128.and(w, f64x2.ne(here, v128.load(others + at))));
      sum1 = f64x2.add(sum1, v128.and(w, f64x2.ne(here, v128.load(others + at, 16))));
      sum2 = f64x2.add(sum2, v128.and(w, f64x2.ne(here, v128.load(others + at, 32))));
      sum3 = f64x2.add(sum3, v128.and(w, f64x2.ne(here, v128.load(others + at, 48))));
    }
    v128.store(distances + at, f64x2.sqrt(f64x2.mul(five, sum0)));
    v128.store(distances + at, f64x2.sqrt(f64x2.mul(five, sum1)), 16);
    v128.store(distances + at, f64x2.sqrt(f64x2.mul(five, sum2)), 32);
    v128.store(distances + at, f64x2.sqrt(f64x2.mul(five, sum3)), 48);
  }
}

/**
 * The kernel, and where `slope` is not 0 its slope, between a scaled point and the first `count` points. Up to 7 numbers
 * after them are overwritten.
 */
export function kernelRow(point: usize, stride: usize, amplitude: f64, count: i32, kernel: usize, slope: usize): void {
  const padded = (count + 7) & ~7;
  fillDistances(point, stride, padded);
  expOfNegative(distances, kernel, padded);
  const one = f64x2.splat(1);
  const third = f64x2.splat(THIRD);
  const a = f64x2.splat(amplitude);
  const b = f64x2.splat(amplitude * SLOPE);
  for (let at: usize = 0; at < (<usize>padded) << 3; at += 16) {
    const s = v128.load(distances + at);
    const decay = v128.load(kernel + at);
    const linear = f64x2.add(one, s);
    const quadratic = f64x2.add(linear, f64x2.mul(f64x2.mul(s, s), third));
    v128.store(kernel + at, f64x2.mul(f64x2.mul(a, decay), quadratic));
    if (slope != 0) v128.store(slope + at, f64x2.mul(f64x2.mul(b, decay), linear));
  }
}

/** Writes the lower triangle of K over the first `count` points to `factorMatrix`, and of the slopes if they are wanted. */
export function kernelMatrix(amplitude: f64, diagonal: f64, count: i32, gradient: bool): void {
  const padded = paddedTo4(count);
  const slope = gradient ? slopes() : 0;
  for (let i = 0; i < count; i++) {
    const offset = <usize>i * rowBytes;
    const slopeRow = gradient ? slope + offset : 0;
    kernelRow(scaled + ((<usize>i) << 3), rowBytes, amplitude, i + 1, factorMatrix + offset, slopeRow);
    store<f64>(factorMatrix + offset + ((<usize>i) << 3), amplitude + diagonal);
    if (gradient) clear(slopeRow, i, paddedTo4(i + 1));
  }
  for (let i = count; i < padded; i++) {
    const offset = <usize>i * rowBytes;
    clear(factorMatrix + offset, 0, padded);
    store<f64>(factorMatrix + offset + ((<usize>i) << 3), 1);
    if (gradient) clear(slope + offset, 0, padded);
  }
}

/** Sets the numbers from … to−1 of a row to 0. */
export function clear(row: usize, from: i32, to: i32): void {
  memory.fill(row + ((<usize>from) << 3), 0, (<usize>(to - from)) << 3);
}

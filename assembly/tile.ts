/**
 * The inner loops that take the time: inner products of rows. Everything cubic here (the Cholesky factor, its inverse, K⁻¹,
 * the posterior variance) is written as inner products of 4 rows with 2 others, since then 6 loads feed 16 arithmetic
 * operations whose 8 running sums fit the registers. Unrolled further, the loop is slower: the loads no longer fit.
 */
import { rowBytes } from "./layout";

/**
 * The 8 inner products of 4 rows and 2 rows, which start at `four` and `two` and are `rowBytes` apart.
 *
 * @param count the rows' length, a multiple of 2
 * @param sums where to write 4 pairs: the c-th holds the inner products of row c of `four` with both of `two`
 */
export function dots(four: usize, two: usize, count: i32, sums: usize): void {
  const row = rowBytes;
  let a0 = four;
  let a1 = four + row;
  let a2 = a1 + row;
  let a3 = a2 + row;
  let b0 = two;
  let b1 = two + row;
  const end = a0 + ((<usize>count) << 3);
  let s00 = f64x2.splat(0);
  let s01 = f64x2.splat(0);
  let s10 = f64x2.splat(0);
  let s11 = f64x2.splat(0);
  let s20 = f64x2.splat(0);
  let s21 = f64x2.splat(0);
  let s30 = f64x2.splat(0);
  let s31 = f64x2.splat(0);
  while (a0 < end) {
    const y0 = v128.load(b0);
    const y1 = v128.load(b1);
    let x = v128.load(a0);
    s00 = f64x2.add(s00, f64x2.mul(x, y0));
    s01 = f64x2.add(s01, f64x2.mul(x, y1));
    x = v128.load(a1);
    s10 = f64x2.add(s10, f64x2.mul(x, y0));
    s11 = f64x2.add(s11, f64x2.mul(x, y1));
    x = v128.load(a2);
    s20 = f64x2.add(s20, f64x2.mul(x, y0));
    s21 = f64x2.add(s21, f64x2.mul(x, y1));
    x = v128.load(a3);
    s30 = f64x2.add(s30, f64x2.mul(x, y0));
    s31 = f64x2.add(s31, f64x2.mul(x, y1));
    a0 += 16;
    a1 += 16;
    a2 += 16;
    a3 += 16;
    b0 += 16;
    b1 += 16;
  }
  v128.store(sums, f64x2.add(firsts(s00, s01), seconds(s00, s01)));
  v128.store(sums, f64x2.add(firsts(s10, s11), seconds(s10, s11)), 16);
  v128.store(sums, f64x2.add(firsts(s20, s21), seconds(s20, s21)), 32);
  v128.store(sums, f64x2.add(firsts(s30, s31), seconds(s30, s31)), 48);
}

/** The inner product of two rows of any length. */
export function dot(a: usize, b: usize, count: i32): f64 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  let i: usize = 0;
  for (; i + 32 <= (<usize>count) << 3; i += 32) {
    even = f64x2.add(even, f64x2.mul(v128.load(a + i), v128.load(b + i)));
    odd = f64x2.add(odd, f64x2.mul(v128.load(a + i, 16), v128.load(b + i, 16)));
  }
  let sum = total(f64x2.add(even, odd));
  for (; i < (<usize>count) << 3; i += 8) sum += load<f64>(a + i) * load<f64>(b + i);
  return sum;
}

/** [a₀, b₀] */
export function firsts(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 0, 2);
}

/** [a₁, b₁] */
export function seconds(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 1, 3);
}

/** a₀ + a₁ */
export function total(a: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
}

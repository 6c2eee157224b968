/**
 * exp(−s) for s ≥ 0, two numbers at a time, to about one unit in the last place; below exp(−708) ≈ 3.3e-308 it is 0. NaN
 * stays NaN.
 *
 * −s = m ln 2 + r with |r| ≤ ln 2 / 2, where ln 2 is split in two so that m times its upper part is exact. Then
 * exp(r) = 1 + 2r / (t(r²) − r) with t(r²) = r coth(r/2) = 2 Σ B₂ₖ r²ᵏ / (2k)!, the Bernoulli numbers' series
 * (Abramowitz and Stegun 4.5.67), cut after r¹²: the next term changes exp(r) by less than 1e-17.
 */

/** Read from memory, since an engine makes a constant of a vector anew in each round of a loop, in several instructions. */
const constants: usize = memory.data<f64>([
  -708.0, // lowest
  1.4426950408889634, // 1 / ln 2
  6755399441055744.0, // 1.5 · 2⁵²: adding it rounds to an integer, which then stands in the lowest bits
  0.6931471803691238, // the upper 32 bits of ln 2
  1.9082149292705877e-10, // the rest of ln 2
  -691.0 / 653837184000.0,
  1.0 / 23950080.0,
  -1.0 / 604800.0,
  1.0 / 15120.0,
  -1.0 / 360.0,
  1.0 / 6.0,
  2.0,
  1.0,
]);

/** Writes exp(−from[i]) to `to`, i < count, a multiple of 2. */
export function expOfNegative(from: usize, to: usize, count: i32): void {
  const lowest = v128.load64_splat(constants);
  const perLn2 = v128.load64_splat(constants, 8);
  const rounder = v128.load64_splat(constants, 16);
  const ln2Upper = v128.load64_splat(constants, 24);
  const ln2Lower = v128.load64_splat(constants, 32);
  const t12 = v128.load64_splat(constants, 40);
  const t10 = v128.load64_splat(constants, 48);
  const t8 = v128.load64_splat(constants, 56);
  const t6 = v128.load64_splat(constants, 64);
  const t4 = v128.load64_splat(constants, 72);
  const t2 = v128.load64_splat(constants, 80);
  const t0 = v128.load64_splat(constants, 88);
  const one = v128.load64_splat(constants, 96);
  for (let at: usize = 0; at < (<usize>count) << 3; at += 16) {
    const x = f64x2.neg(v128.load(from + at));
    // The smaller is chosen by a comparison, which is one instruction where the minimum of floats is many.
    const underflows = f64x2.lt(x, lowest);
    const bounded = v128.bitselect(lowest, x, underflows);
    const rounded = f64x2.add(f64x2.mul(bounded, perLn2), rounder);
    const m = f64x2.sub(rounded, rounder);
    const r = f64x2.sub(f64x2.sub(bounded, f64x2.mul(m, ln2Upper)), f64x2.mul(m, ln2Lower));

    const q = f64x2.mul(r, r);
    let t = f64x2.add(t10, f64x2.mul(q, t12));
    t = f64x2.add(t8, f64x2.mul(q, t));
    t = f64x2.add(t6, f64x2.mul(q, t));
    t = f64x2.add(t4, f64x2.mul(q, t));
    t = f64x2.add(t2, f64x2.mul(q, t));
    t = f64x2.add(t0, f64x2.mul(q, t));
    const power = f64x2.add(one, f64x2.div(f64x2.add(r, r), f64x2.sub(t, r)));

    // 1 has the exponent's bits of 2⁰; adding m to them scales it by 2ᵐ.
    const scale = i64x2.add(i64x2.shl(rounded, 52), one);
    v128.store(to + at, v128.andnot(f64x2.mul(power, scale), underflows));
  }
}

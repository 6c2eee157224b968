/**
 * exp(−s) for s ≥ 0, two numbers at a time, to about one unit in the last place; below exp(−708) ≈ 3.3e-308 it is 0. NaN
 * stays NaN.
 *
 * −s = m ln 2 + r with |r| ≤ ln 2 / 2, where ln 2 is split in two so that m times its upper part is exact. Then
 * exp(r) = 1 + 2r / (t(r²) − r) with t(r²) = r coth(r/2) = 2 Σ B₂ₖ r²ᵏ / (2k)!, the Bernoulli numbers' series
 * (Abramowitz and Stegun 4.5.67), cut after r¹²: the next term changes exp(r) by less than 1e-17.
 */

const LOWEST: f64 = -708.0;
const PER_LN2: f64 = 1.4426950408889634;
/** The upper 32 bits of ln 2, and the rest. */
const LN2_UPPER: f64 = 0.6931471803691238;
const LN2_LOWER: f64 = 1.9082149292705877e-10;
/** 1.5 · 2⁵²: adding it rounds to an integer, which then stands in the lowest bits. */
const ROUNDER: f64 = 6755399441055744.0;

/** Writes exp(−from[i]) to `to`, i < count, a multiple of 4. */
export function expOfNegative(from: usize, to: usize, count: i32): void {
  const zero = f64x2.splat(0);
  for (let at: usize = 0; at < (<usize>count) << 3; at += 16) {
    const x = f64x2.neg(v128.load(from + at));
    const bounded = f64x2.max(x, f64x2.splat(LOWEST));
    const rounded = f64x2.add(f64x2.mul(bounded, f64x2.splat(PER_LN2)), f64x2.splat(ROUNDER));
    const m = f64x2.sub(rounded, f64x2.splat(ROUNDER));
    const r = f64x2.sub(f64x2.sub(bounded, f64x2.mul(m, f64x2.splat(LN2_UPPER))), f64x2.mul(m, f64x2.splat(LN2_LOWER)));

    const q = f64x2.mul(r, r);
    let t = f64x2.add(f64x2.splat(1.0 / 23950080.0), f64x2.mul(q, f64x2.splat(-691.0 / 653837184000.0)));
    t = f64x2.add(f64x2.splat(-1.0 / 604800.0), f64x2.mul(q, t));
    t = f64x2.add(f64x2.splat(1.0 / 15120.0), f64x2.mul(q, t));
    t = f64x2.add(f64x2.splat(-1.0 / 360.0), f64x2.mul(q, t));
    t = f64x2.add(f64x2.splat(1.0 / 6.0), f64x2.mul(q, t));
    t = f64x2.add(f64x2.splat(2.0), f64x2.mul(q, t));
    const power = f64x2.add(f64x2.splat(1.0), f64x2.div(f64x2.add(r, r), f64x2.sub(t, r)));

    const scale = i64x2.shl(i64x2.add(rounded, i64x2.splat(1023)), 52);
    const underflows = f64x2.lt(x, f64x2.splat(LOWEST));
    v128.store(to + at, v128.bitselect(zero, f64x2.mul(power, scale), underflows));
  }
}

/**
 * The posterior at new points: mean kᵀα, variance amplitude − ‖L⁻¹k‖² (Rasmussen and Williams 2006, eq. 2.25 and 2.26, without
 * the noise of a new observation), where k is the kernel between the new point and the points.
 */
import {
  alpha,
  CANDIDATES,
  candidates,
  inverse,
  mismatch,
  numeric,
  paddedTo4,
  panel,
  results,
  rowBytes,
  scaled,
  weights,
} from "./layout";
import { clear, kernelRow, scalePoint } from "./kernel";
import { dot, dots, total } from "./tile";

const sums: usize = memory.data(64, 16);

/**
 * The first m ≤ `CANDIDATES` of `candidates`, which are scaled in place. To `results`: m means, then, from the place `CANDIDATES` on, m
 * variances.
 */
export function posterior(m: i32, amplitude: f64, count: i32): void {
  const padded = paddedTo4(count);
  const features = <usize>(numeric + mismatch);
  const variances = results + (CANDIDATES << 3);
  for (let c: usize = 0; c < <usize>m; c++) {
    const kernel = panel + c * rowBytes;
    kernelOfCandidate(candidates + ((c * features) << 3), amplitude, count, kernel, 0);
    store<f64>(results + (c << 3), dot(kernel, alpha, count));
  }

  // Two by two; beside an odd one is whatever was there before, of which nothing is told.
  memory.fill(variances, 0, CANDIDATES << 3);
  const matrix = inverse();
  for (let i = 0; i < padded; i += 4) {
    for (let c: usize = 0; c < <usize>m; c += 2) {
      dots(matrix + <usize>i * rowBytes, panel + c * rowBytes, i + 4, sums);
      const s0 = v128.load(sums);
      const s1 = v128.load(sums, 16);
      const s2 = v128.load(sums, 32);
      const s3 = v128.load(sums, 48);
      const upper = f64x2.add(f64x2.mul(s0, s0), f64x2.mul(s1, s1));
      const lower = f64x2.add(f64x2.mul(s2, s2), f64x2.mul(s3, s3));
      const at = variances + (c << 3);
      v128.store(at, f64x2.add(v128.load(at), f64x2.add(upper, lower)));
    }
  }
  for (let c: usize = 0; c < <usize>m; c++) {
    const at = variances + (c << 3);
    store<f64>(at, amplitude - load<f64>(at));
  }
}

/** The kernel of a candidate, and its slopes if they are wanted, with zeros in the padding. */
function kernelOfCandidate(point: usize, amplitude: f64, count: i32, kernel: usize, slope: usize): void {
  const padded = paddedTo4(count);
  scalePoint(point);
  kernelRow(point, 8, amplitude, count, kernel, slope);
  clear(kernel, count, padded);
  if (slope != 0) clear(slope, count, padded);
}

/**
 * The first of `candidates`, which is scaled in place, with gradients: dk/dx_f = dk/d(r²) · 2 √w_f · (scaled difference), so the
 * mean's is Σⱼ αⱼ dkⱼ/dx_f and the variance's −2 Σⱼ (K⁻¹k)ⱼ dkⱼ/dx_f. K⁻¹k = L⁻ᵀ(L⁻¹k) takes each tile row of L⁻¹ once for both
 * products.
 *
 * To `results`: mean, variance, the mean's gradient, the variance's gradient.
 */
export function posteriorGradient(amplitude: f64, count: i32): void {
  const padded = paddedTo4(count);
  const kernel = panel;
  const slope = panel + rowBytes;
  const solved = slope + rowBytes;
  kernelOfCandidate(candidates, amplitude, count, kernel, slope);
  clear(solved, 0, padded);
  let explained: f64 = 0;
  for (let i = 0; i < padded; i += 4) explained += addTileRow(i, kernel, solved);
  store<f64>(results, dot(kernel, alpha, count));
  store<f64>(results + 8, amplitude - explained);

  for (let at: usize = 0; at < (<usize>padded) << 3; at += 16) {
    const d = v128.load(slope + at);
    v128.store(kernel + at, f64x2.mul(d, v128.load(alpha + at)));
    v128.store(solved + at, f64x2.mul(d, v128.load(solved + at)));
  }
  const means = results + 16;
  const variances = means + ((<usize>numeric) << 3);
  for (let f: usize = 0; f < <usize>numeric; f++) {
    const here = v128.load64_splat(candidates + (f << 3));
    let ofMean = f64x2.splat(0);
    let ofVariance = f64x2.splat(0);
    for (let at: usize = 0; at < (<usize>padded) << 3; at += 16) {
      const difference = f64x2.sub(here, v128.load(scaled + f * rowBytes + at));
      ofMean = f64x2.add(ofMean, f64x2.mul(difference, v128.load(kernel + at)));
      ofVariance = f64x2.add(ofVariance, f64x2.mul(difference, v128.load(solved + at)));
    }
    const root = 2 * sqrt(load<f64>(weights + (f << 3)));
    store<f64>(means + (f << 3), root * total(ofMean));
    store<f64>(variances + (f << 3), -2 * root * total(ofVariance));
  }
}

/** With v = rows i … i+3 of L⁻¹ times k: adds those rows, each times its v, to `solved`, and returns ‖v‖². */
function addTileRow(i: i32, kernel: usize, solved: usize): f64 {
  const row0 = inverse() + <usize>i * rowBytes;
  const row1 = row0 + rowBytes;
  const row2 = row1 + rowBytes;
  const row3 = row2 + rowBytes;
  const end = (<usize>(i + 4)) << 3;
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  for (let at: usize = 0; at < end; at += 16) {
    const k = v128.load(kernel + at);
    s0 = f64x2.add(s0, f64x2.mul(k, v128.load(row0 + at)));
    s1 = f64x2.add(s1, f64x2.mul(k, v128.load(row1 + at)));
    s2 = f64x2.add(s2, f64x2.mul(k, v128.load(row2 + at)));
    s3 = f64x2.add(s3, f64x2.mul(k, v128.load(row3 + at)));
  }
  const v0 = total(s0);
  const v1 = total(s1);
  const v2 = total(s2);
  const v3 = total(s3);
  s0 = f64x2.splat(v0);
  s1 = f64x2.splat(v1);
  s2 = f64x2.splat(v2);
  s3 = f64x2.splat(v3);
  for (let at: usize = 0; at < end; at += 16) {
    const upper = f64x2.add(f64x2.mul(s0, v128.load(row0 + at)), f64x2.mul(s1, v128.load(row1 + at)));
    const lower = f64x2.add(f64x2.mul(s2, v128.load(row2 + at)), f64x2.mul(s3, v128.load(row3 + at)));
    v128.store(solved + at, f64x2.add(v128.load(solved + at), f64x2.add(upper, lower)));
  }
  return v0 * v0 + v1 * v1 + (v2 * v2 + v3 * v3);
}

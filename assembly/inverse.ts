/**
 * L⁻ᵀ from the identity, by the same steps that make the lower tiles of the Cholesky factor: its row j, columns ≥ j, solves
 * X Lᵀ = I. Its rows are the columns of L⁻¹, so that K⁻¹ = L⁻ᵀ L⁻¹ has inner products of its rows as elements.
 */
import { CHUNK, factorMatrix, inverse, inverseTransposed, paddedTo4, PANEL, panel, rowBytes } from "./layout";
import { solveTile, subtractProducts } from "./cholesky";
import { clear } from "./kernel";
import { dot, firsts, seconds } from "./tile";

/** Fills `inverseTransposed`: zeros below the diagonal, and the identity in the padding. */
export function invertTransposed(count: i32): void {
  const padded = paddedTo4(count);
  const matrix = inverseTransposed();
  for (let j = 0; j < padded; j++) {
    clear(matrix + <usize>j * rowBytes, j & ~3, padded);
    store<f64>(matrix + <usize>j * (rowBytes + 8), 1);
  }
  for (let start = 0; start < padded; start += PANEL) {
    const stop = min(start + PANEL, padded);
    for (let from = start; from < padded; from += CHUNK) {
      const to = min(from + CHUNK, padded);
      for (let i = from; i < to; i += 4) {
        const tileRow = factorMatrix + <usize>i * rowBytes;
        for (let j = start; j < min(stop, i + 4); j += 2) {
          solveTile(tileRow, matrix + <usize>j * rowBytes, max(from, j & ~3), i);
        }
      }
      for (let i = to; i < padded; i += 4) {
        const tileRow = factorMatrix + <usize>i * rowBytes;
        for (let j = start; j < stop; j += 2) {
          subtractProducts(tileRow, matrix + <usize>j * rowBytes, max(from, j & ~3), to, i);
        }
      }
    }
  }
}

/** Fills `inverse` with the transpose of `inverseTransposed`, 2 × 2 numbers at a time. */
export function transposeInverse(count: i32): void {
  const padded = <usize>paddedTo4(count);
  const from = inverseTransposed();
  const to = inverse();
  for (let i: usize = 0; i < padded; i += 2) {
    for (let j: usize = 0; j < (i & ~3) + 4; j += 2) {
      const source = from + j * rowBytes + (i << 3);
      const target = to + i * rowBytes + (j << 3);
      const upper = v128.load(source);
      const lower = v128.load(source + rowBytes);
      v128.store(target, firsts(upper, lower));
      v128.store(target + rowBytes, seconds(upper, lower));
    }
  }
}

/** The diagonal of K⁻¹, to the first row of `panel`. */
export function inverseDiagonal(count: i32): void {
  const matrix = inverseTransposed();
  for (let i: usize = 0; i < <usize>count; i++) {
    const row = matrix + i * (rowBytes + 8);
    store<f64>(panel + (i << 3), dot(row, row, count - <i32>i));
  }
}

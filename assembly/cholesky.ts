/**
 * K = LLᵀ in place, in tiles of 4 × 4: a tile of L is the tile of K, less the products of the rows left of it, then solved
 * with the tile on the diagonal (Golub and Van Loan 2013, section 4.2). A panel of rows takes a chunk of columns at a time: its
 * tiles are made within the chunk, then the chunk's products are subtracted from all columns after it, so that the part of the
 * panel that is at work stays in the second cache and a tile of the rows above in the first.
 */
import { alpha, CHUNK, factorMatrix, paddedTo4, PANEL, reciprocals, rowBytes } from "./layout";
import { dot, dots, firsts, seconds } from "./tile";

const sums: usize = memory.data(64, 16);

/** Factors the leading `count` rows of `factorMatrix`. Returns −1, or the row whose pivot was not positive. */
export function cholesky(count: i32): i32 {
  const padded = paddedTo4(count);
  for (let start = 0; start < padded; start += PANEL) {
    const stop = min(start + PANEL, padded);
    for (let from = 0; from < stop; from += CHUNK) {
      const to = min(from + CHUNK, stop);
      for (let j = from; j < to; j += 4) {
        const tileRow = factorMatrix + <usize>j * rowBytes;
        let i = start;
        if (j >= start) {
          const failed = factorTile(tileRow, from, j);
          if (failed >= 0) return failed;
          i = j + 4;
        }
        for (; i < stop; i += 2) solveTile(tileRow, factorMatrix + <usize>i * rowBytes, from, j);
      }
      for (let j = to; j < stop; j += 4) {
        const tileRow = factorMatrix + <usize>j * rowBytes;
        for (let i = max(start, j); i < stop; i += 2) {
          subtractProducts(tileRow, factorMatrix + <usize>i * rowBytes, from, to, j);
        }
      }
    }
  }
  return -1;
}

/**
 * Two rows × 4 columns: X ← X − Σₖ xₖ lₖ, over the columns `from` … `to`−1 of the two rows and of the 4 rows of L.
 *
 * @param tileRow the start of row j of L
 * @param rows the start of the two rows
 */
export function subtractProducts(tileRow: usize, rows: usize, from: i32, to: i32, j: i32): void {
  const first = (<usize>from) << 3;
  dots(tileRow + first, rows + first, to - from, sums);
  const s0 = v128.load(sums);
  const s1 = v128.load(sums, 16);
  const s2 = v128.load(sums, 32);
  const s3 = v128.load(sums, 48);
  const upper = rows + ((<usize>j) << 3);
  const lower = upper + rowBytes;
  v128.store(upper, f64x2.sub(v128.load(upper), firsts(s0, s1)));
  v128.store(upper, f64x2.sub(v128.load(upper, 16), firsts(s2, s3)), 16);
  v128.store(lower, f64x2.sub(v128.load(lower), seconds(s0, s1)));
  v128.store(lower, f64x2.sub(v128.load(lower, 16), seconds(s2, s3)), 16);
}

/** The tile on the diagonal at row j, less the products of columns `from` … j−1; zeros above its diagonal. */
function factorTile(tileRow: usize, from: i32, j: i32): i32 {
  subtractProducts(tileRow, tileRow, from, j, j);
  subtractProducts(tileRow, tileRow + 2 * rowBytes, from, j, j);
  const tile = tileRow + ((<usize>j) << 3);
  for (let c: usize = 0; c < 4; c++) {
    const top = tile + c * rowBytes;
    const pivot = load<f64>(top + (c << 3)) - dot(top, top, <i32>c);
    if (!(pivot > 0)) return j + <i32>c;
    const root = sqrt(pivot);
    store<f64>(top + (c << 3), root);
    store<f64>(reciprocals + ((<usize>j + c) << 3), 1 / root);
    for (let r = c + 1; r < 4; r++) {
      const row = tile + r * rowBytes;
      store<f64>(row + (c << 3), (load<f64>(row + (c << 3)) - dot(row, top, <i32>c)) / root);
      store<f64>(top + (r << 3), 0);
    }
  }
  return -1;
}

/** As `subtractProducts` up to column j, then solved with the tile on the diagonal: X ← (X − Σₖ xₖ lₖ) · Lⱼⱼ⁻ᵀ. */
export function solveTile(tileRow: usize, rows: usize, from: i32, j: i32): void {
  const first = (<usize>from) << 3;
  const here = (<usize>j) << 3;
  dots(tileRow + first, rows + first, j - from, sums);
  const l1 = tileRow + rowBytes + here;
  const l2 = l1 + rowBytes;
  const l3 = l2 + rowBytes;
  const upper = rows + here;
  const lower = upper + rowBytes;
  const x0 = v128.load(upper);
  const x1 = v128.load(lower);
  const x2 = v128.load(upper, 16);
  const x3 = v128.load(lower, 16);
  const reciprocal = reciprocals + here;

  const y0 = f64x2.mul(f64x2.sub(firsts(x0, x1), v128.load(sums)), v128.load64_splat(reciprocal));
  let y1 = f64x2.sub(seconds(x0, x1), v128.load(sums, 16));
  y1 = f64x2.sub(y1, f64x2.mul(y0, v128.load64_splat(l1)));
  y1 = f64x2.mul(y1, v128.load64_splat(reciprocal, 8));
  let y2 = f64x2.sub(firsts(x2, x3), v128.load(sums, 32));
  y2 = f64x2.sub(y2, f64x2.mul(y0, v128.load64_splat(l2)));
  y2 = f64x2.sub(y2, f64x2.mul(y1, v128.load64_splat(l2, 8)));
  y2 = f64x2.mul(y2, v128.load64_splat(reciprocal, 16));
  let y3 = f64x2.sub(seconds(x2, x3), v128.load(sums, 48));
  y3 = f64x2.sub(y3, f64x2.mul(y0, v128.load64_splat(l3)));
  y3 = f64x2.sub(y3, f64x2.mul(y1, v128.load64_splat(l3, 8)));
  y3 = f64x2.sub(y3, f64x2.mul(y2, v128.load64_splat(l3, 16)));
  y3 = f64x2.mul(y3, v128.load64_splat(reciprocal, 24));

  v128.store(upper, firsts(y0, y1));
  v128.store(upper, firsts(y2, y3), 16);
  v128.store(lower, seconds(y0, y1));
  v128.store(lower, seconds(y2, y3), 16);
}

/** log det K = 2 Σ log Lᵢᵢ. */
export function logDeterminant(count: i32): f64 {
  let sum: f64 = 0;
  for (let i: usize = 0; i < <usize>count; i++) sum += Math.log(load<f64>(factorMatrix + i * (rowBytes + 8)));
  return 2 * sum;
}

/** Solves the leading block in place: `alpha` holds y on entry, K⁻¹y on return. Returns yᵀK⁻¹y. */
export function solve(count: i32): f64 {
  for (let i: usize = 0; i < <usize>count; i++) {
    const at = alpha + (i << 3);
    const rest = load<f64>(at) - dot(factorMatrix + i * rowBytes, alpha, <i32>i);
    store<f64>(at, rest * load<f64>(reciprocals + (i << 3)));
  }
  const quadratic = dot(alpha, alpha, count);
  for (let i = <isize>count - 1; i >= 0; i--) {
    const at = alpha + ((<usize>i) << 3);
    const x = load<f64>(at) * load<f64>(reciprocals + ((<usize>i) << 3));
    store<f64>(at, x);
    subtractMultiple(alpha, factorMatrix + <usize>i * rowBytes, x, <i32>i);
  }
  return quadratic;
}

/** to ← to − x · row, over `count` numbers. */
function subtractMultiple(to: usize, row: usize, x: f64, count: i32): void {
  const factor = f64x2.splat(x);
  let i: usize = 0;
  for (; i + 16 <= (<usize>count) << 3; i += 16) {
    v128.store(to + i, f64x2.sub(v128.load(to + i), f64x2.mul(factor, v128.load(row + i))));
  }
  if (i < (<usize>count) << 3) store<f64>(to + i, load<f64>(to + i) - x * load<f64>(row + i));
}

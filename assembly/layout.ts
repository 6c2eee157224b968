/**
 * Where everything lies in memory. Addresses are in bytes. All rows that run over the points have one length, `rowBytes`:
 * a matrix row, a feature of all points, a vector. It is a multiple of 8 numbers, so that loops take 4 or 8 numbers and
 * need no remainder; what the padding must hold is said where it matters.
 *
 * The small regions are placed by `reserve`, each n × n matrix when it is first asked for.
 */

/**
 * Matrices are worked on in tiles of 4 rows, and for the sake of the caches in panels of `PANEL` rows, whose inner products
 * are summed over `CHUNK` columns before the next ones are looked at; `PANEL` divides `CHUNK`.
 */
export const PANEL: i32 = 64;
export const CHUNK: i32 = 128;

/** How many candidates are looked at together, at most `PANEL`. */
export const CANDIDATES: i32 = 16;

export let rowBytes: usize = 0;
export let numeric: i32 = 0;
export let mismatch: i32 = 0;

/** Features × points: all points as they came, feature by feature. */
export let points: usize = 0;
/** The same, each numeric feature multiplied by the root of its weight. */
export let scaled: usize = 0;
export let weights: usize = 0;
/** One over the diagonal of the factor. */
export let reciprocals: usize = 0;
export let alpha: usize = 0;
/** Scratch: √5 r of one kernel row. */
export let distances: usize = 0;
/** Scratch: `PANEL` rows. */
export let panel: usize = 0;
/** `CANDIDATES` × features. */
export let candidates: usize = 0;
/** The numbers that a computation gives: 2 × `CANDIDATES` or 2 × features and 2, whichever is more. */
export let results: usize = 0;

/** K and then L, row-major, lower triangle. */
export let factorMatrix: usize = 0;
let slopeMatrix: usize = 0;
let inverseTransposedMatrix: usize = 0;
let inverseMatrix: usize = 0;

let end: usize = 0;

/** Throws in the host. */
declare function refuseMemory(bytes: f64): void;

function place(bytes: usize): usize {
  const start = (end + 15) & ~15;
  // In 64 bits, since the sum can be more than an address holds.
  const missing = <i64>start + <i64>bytes - ((<i64>memory.size()) << 16);
  if (missing > 0 && memory.grow(<i32>((missing + 0xffff) >> 16)) < 0) refuseMemory(<f64>bytes);
  end = start + bytes;
  return start;
}

const matrix = (): usize => place((rowBytes >> 3) * rowBytes);

/** Makes room for `count` points; whatever was there is gone. */
export function reserve(count: i32, numericFeatures: i32, mismatchFeatures: i32): void {
  let row = (count + 7) & ~7;
  // Rows at multiples of 256 bytes would compete for the same few sets of the cache.
  if ((row & 31) == 0) row += 8;
  rowBytes = (<usize>row) << 3;
  numeric = numericFeatures;
  mismatch = mismatchFeatures;
  const features = <usize>(numeric + mismatch);

  end = __heap_base;
  points = place(features * rowBytes);
  scaled = place(features * rowBytes);
  weights = place(features << 3);
  reciprocals = place(rowBytes);
  alpha = place(rowBytes);
  distances = place(rowBytes);
  panel = place(<usize>PANEL * rowBytes);
  candidates = place((<usize>CANDIDATES * features) << 3);
  results = place((2 * <usize>CANDIDATES + 2 * features + 2) << 3);
  slopeMatrix = 0;
  inverseTransposedMatrix = 0;
  inverseMatrix = 0;
  factorMatrix = matrix();
}

/** dk/d(r²) below the diagonal, zero on it. */
export function slopes(): usize {
  if (slopeMatrix == 0) slopeMatrix = matrix();
  return slopeMatrix;
}

/** L⁻ᵀ, row-major, upper triangle. */
export function inverseTransposed(): usize {
  if (inverseTransposedMatrix == 0) inverseTransposedMatrix = matrix();
  return inverseTransposedMatrix;
}

/** L⁻¹, row-major, lower triangle. */
export function inverse(): usize {
  if (inverseMatrix == 0) inverseMatrix = matrix();
  return inverseMatrix;
}

/** A last tile of 4 rows is filled up with rows of the identity. */
export function paddedTo4(count: i32): i32 {
  return (count + 3) & ~3;
}

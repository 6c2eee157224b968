import { normalCdf } from "../numerics/normal.ts";

/** Two functions of which a mixture of a thousand kernels needs tens of thousands of values, from tables. */

/** Steps of the table from one deviation to the next, and where it ends: what is beyond is below 1e-15. */
const STEPS = 512;
const END = 8;
let tails: Float64Array | undefined;

/** 1 − Φ(z) for z ≥ 0 within 2e-7: linear between the entries of a table. */
export function upperTail(z: number): number {
  if (!(z < END)) return 0;
  tails ??= Float64Array.from({ length: END * STEPS + 1 }, (_, index) => normalCdf(-index / STEPS));
  const index = Math.floor(z * STEPS);
  const below = tails[index] as number;
  return below + (z * STEPS - index) * ((tails[index + 1] as number) - below);
}

/** What is e^−30 of the largest term of a sum is left out. */
export const MOST_DECAY = 30;
/** Steps of the table of powers from one to the next. */
const FRACTIONS = 64;
const powers = Float64Array.from({ length: MOST_DECAY * FRACTIONS + 1 }, (_, index) => Math.exp(-index / FRACTIONS));

/** e^−x for 0 ≤ x ≤ 30 with a relative error below 3e-9: an entry of a table, and Taylor's series for the rest. */
export function decay(x: number): number {
  const index = Math.floor(x * FRACTIONS);
  const rest = x - index / FRACTIONS;
  return (powers[index] as number) * (1 - rest * (1 - rest * (1 / 2 - rest / 6)));
}

import { createGrid, type Grid } from "./grid.ts";
import type { IntParameter } from "./parameter.ts";

/** From here on, sums of logarithms differ by whole integers from those of their exponentials. */
const COARSE = 2 ** 40;

/** The values `low + k·step` of an int, exactly, also where its width is no safe integer. */
export function intValues({ low, high, step = 1 }: IntParameter): Pick<Grid, "last" | "value"> {
  const width = high - low;
  if (Number.isSafeInteger(width)) return { last: Math.floor(width / step), value: (k) => low + k * step };
  const { last, value } = createGrid(low, high, step);
  // With step 1, neither need `last` be a safe integer.
  return { last, value: (k) => Math.min(value(k), high) };
}

/**
 * The value of an int with `log` at `u`: each owns a share of [0, 1) as wide as the logarithm of [value − ½, value + ½].
 *
 * @param u in [0, 1]
 */
export function logIntAt({ low, high }: IntParameter, u: number): number {
  const value =
    high < COARSE
      ? Math.round(Math.exp(Math.log(low - 0.5) + u * (Math.log(high + 0.5) - Math.log(low - 0.5))))
      : low + Math.floor((low - 0.5) * Math.expm1(u * logWidth(low, high)));
  return Math.min(Math.max(value, low), high);
}

/** Where the logarithm of a value of such an int stands, 0 … 1. */
export function logIntPosition({ low, high }: IntParameter, value: number): number {
  if (high >= COARSE) return Math.log1p((value - low + 0.5) / (low - 0.5)) / logWidth(low, high);
  const start = Math.log(low - 0.5);
  return (Math.log(value) - start) / (Math.log(high + 0.5) - start);
}

/** Where the share of value `low + index` of such an int begins, 0 … 1; where all of them together end at index `count`. */
export function logIntEdge({ low, high }: IntParameter, index: number, count: number): number {
  return index === count ? 1 : Math.log1p(index / (low - 0.5)) / logWidth(low, high);
}

/**
 * A coordinate that `decode` gives `value` for, near `start`.
 *
 * @param decode never falls from 0 to 1
 * @returns in [0, 1]; where floats leave a gap over `value`, one that decodes to a neighbour of it
 */
export function coordinateOf(value: number, start: number, decode: (u: number) => number): number {
  let u = start;
  let [low, high] = [0, 1];
  for (let found = decode(u); found !== value; found = decode(u)) {
    if (found < value) low = u;
    else high = u;
    u = (low + high) / 2;
    if (!(low < u && u < high)) break;
  }
  return u;
}

function logWidth(low: number, high: number): number {
  return Math.log1p((high - low + 1) / (low - 0.5));
}

/** The normal law's 97.5 % point. */
const Z = 1.959963984540054;

/** A share with its bounds, each 0 … 1. */
export interface Share {
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * A share of a population, by a sample, with its 95 % interval: Wilson, "Probable inference, the law of succession, and
 * statistical inference", JASA 22, 1927.
 *
 * @param hits 0 … of
 * @param of at least 1
 */
export function wilson(hits: number, of: number): Share {
  const rate = hits / of;
  const weight = 1 + Z ** 2 / of;
  const middle = (rate + Z ** 2 / (2 * of)) / weight;
  const half = (Z * Math.sqrt((rate * (1 - rate)) / of + (Z / (2 * of)) ** 2)) / weight;
  // Without rounding errors, where the bound is exact.
  return { rate, low: hits === 0 ? 0 : middle - half, high: hits === of ? 1 : middle + half };
}

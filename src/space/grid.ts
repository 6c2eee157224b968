/** The values `low + k·step` of a stepped float, in exact decimal arithmetic: 0.1 + 2·0.1 is 0.3. */

/** A number as it is written: `digits · 10^exponent`. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

export interface Grid {
  /** The index of the last value, at least 0; may exceed the safe integers when `step` is tiny. */
  readonly last: number;
  /** The value of index `k`, 0 ≤ k ≤ last: the float nearest to the exact decimal. */
  readonly value: (k: number) => number;
  /** Whether a number between `low` and `high` is on the grid. */
  readonly has: (value: number) => boolean;
}

/** @param low,high,step finite, low ≤ high, step > 0; the last value is the largest that is not above `high`. */
export function createGrid(low: number, high: number, step: number): Grid {
  const start = toDecimal(low);
  const stride = toDecimal(step);
  const exponent = Math.min(start.exponent, stride.exponent);
  const startUnits = scale(start, exponent);
  const strideUnits = scale(stride, exponent);

  const last = Number(floorDivide(difference(high, low), stride));
  return {
    last,
    value: (k) => Number(`${startUnits + BigInt(k) * strideUnits}e${exponent}`),
    has: (value) => {
      const distance = difference(value, low);
      const units = Math.min(distance.exponent, stride.exponent);
      return scale(distance, units) % scale(stride, units) === 0n;
    },
  };
}

function toDecimal(value: number): Decimal {
  const [mantissa = "0", power = "0"] = value.toExponential().split("e");
  const fraction = mantissa.split(".")[1] ?? "";
  return { digits: BigInt(mantissa.replace(".", "")), exponent: Number(power) - fraction.length };
}

function scale(decimal: Decimal, exponent: number): bigint {
  return decimal.digits * 10n ** BigInt(decimal.exponent - exponent);
}

function difference(minuend: number, subtrahend: number): Decimal {
  const a = toDecimal(minuend);
  const b = toDecimal(subtrahend);
  const exponent = Math.min(a.exponent, b.exponent);
  return { digits: scale(a, exponent) - scale(b, exponent), exponent };
}

function floorDivide(dividend: Decimal, divisor: Decimal): bigint {
  const exponent = Math.min(dividend.exponent, divisor.exponent);
  return scale(dividend, exponent) / scale(divisor, exponent);
}

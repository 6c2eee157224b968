import { describe, expect, it } from "vitest";
import { instantiateKernels } from "../../src/numerics/gp-kernels.ts";

describe("exp of the kernels", () => {
  const LENGTH = 4096;
  const kernels = instantiateKernels();
  kernels.reserve(LENGTH, 1, 0);
  const from = kernels.panel.value;
  const to = from + 8 * LENGTH;

  const expOf = (exponents: Float64Array): Float64Array => {
    const padded = new Float64Array(kernels.memory.buffer, from, LENGTH).fill(0);
    padded.set(exponents.map((exponent) => -exponent));
    kernels.expOfNegative(from, to, LENGTH);
    return new Float64Array(kernels.memory.buffer, to, exponents.length).slice();
  };

  // The platform's own exp may be one unit in the last place off.
  it.each([0.001, 0.7, 40, 708])("is within 2 units in the last place on a dense grid from −%d to 0", (lowest) => {
    for (let block = 0; block < 100; block++) {
      const grid = Float64Array.from({ length: LENGTH }, (_, i) => (-lowest * (block + i / LENGTH)) / 100);
      const values = expOf(grid);
      const errors = values.map((value, i) => Math.abs(value / Math.exp(grid[i] as number) - 1));
      expect(Math.max(...errors)).toBeLessThanOrEqual(2 * Number.EPSILON);
    }
  });

  it("is exact at 0, and 0 from where the smallest normal numbers end", () => {
    expect([...expOf(Float64Array.of(0, -0, -708.0001, -746, -1e9, -Infinity))]).toEqual([1, 1, 0, 0, 0, 0]);
    expect((expOf(Float64Array.of(-708))[0] as number) / Math.exp(-708)).toBeCloseTo(1, 14);
  });

  it("keeps what is not a number", () => {
    expect(expOf(Float64Array.of(NaN, -1))[0]).toBeNaN();
  });
});

describe("the memory of the kernels", () => {
  it("says so when there is no more of it", () => {
    const kernels = instantiateKernels();
    // Three matrices of 2 GB are more than 32 bits can address; no more of them is touched than 4 rows.
    expect(() => {
      kernels.reserve(16_000, 1, 0);
      kernels.factor(1, 1, 4, true);
      kernels.invertTransposed(4);
    }).toThrow("more bytes of memory for a Gaussian process, none came: use fewer points");
  });
});

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boxStep, type Box } from "../../src/numerics/box-step.ts";
import { dot, multiply } from "../../src/numerics/quasi-newton.ts";

const N = 4;
const WIDE: Box = { lower: new Float64Array(N).fill(-Infinity), upper: new Float64Array(N).fill(Infinity) };
const numbers = (count: number, size: number): fc.Arbitrary<Float64Array> =>
  fc
    .array(fc.integer({ min: -1000, max: 1000 }), { minLength: count, maxLength: count })
    .map((all) => Float64Array.from(all, (value) => (value * size) / 1000));
/** C Cᵀ + 0.001 I: some far longer one way than another */
const hessians = numbers(N * N, 1).map((c) =>
  Float64Array.from({ length: N * N }, (_, at) => {
    const [i, j] = [Math.floor(at / N), at % N];
    return dot(c.slice(i * N, i * N + N), c.slice(j * N, j * N + N)) + (i === j ? 1e-3 : 0);
  }),
);
const move = (from: Float64Array, to: Float64Array): Float64Array => to.map((value, i) => value - (from[i] as number));

describe("a step in a box", () => {
  it("is Newton's where no bound is near", () => {
    fc.assert(
      fc.property(hessians, numbers(N, 1), numbers(N, 1), (hessian, x, gradient) => {
        const step = move(x, boxStep(hessian, x, gradient, WIDE) as Float64Array);
        const left = gradient.slice();
        multiply(hessian, step, left);
        for (const [i, slope] of gradient.entries()) expect(Math.abs((left[i] as number) + slope)).toBeLessThan(1e-9);
      }),
    );
  });

  it("ends in the box and goes down, wherever the box lets it", () => {
    const box: Box = { lower: Float64Array.of(-1, -1, -Infinity, 0), upper: Float64Array.of(1, Infinity, 0.5, 0) };
    fc.assert(
      fc.property(hessians, numbers(N, 2), numbers(N, 5), (hessian, anywhere, gradient) => {
        const clamped = (at: Float64Array): Float64Array =>
          at.map((value, i) => Math.min(Math.max(value, box.lower[i] as number), box.upper[i] as number));
        const x = clamped(anywhere);
        const target = boxStep(hessian, x, gradient, box) as Float64Array;
        expect(target).toEqual(clamped(target));
        const open = clamped(x.map((value, i) => value - (gradient[i] as number))).some((value, i) => value !== x[i]);
        if (open) expect(dot(gradient, move(x, target))).toBeLessThan(0);
        else expect(target).toEqual(x);
      }),
      { numRuns: 3000 },
    );
  });

  it("follows the projected path round a corner, then minimises over what is free", () => {
    // From 0 with −g = (40, 1, 1): x₁ stops at 1 when t = 1/40; then x₂ and x₃ are free, and coupled.
    const hessian = Float64Array.of(1, 0, 0, 0, 2, 1, 0, 1, 2);
    const box: Box = { lower: new Float64Array(3).fill(-9), upper: Float64Array.of(1, 9, 9) };
    const target = boxStep(hessian, new Float64Array(3), Float64Array.of(-40, -1, -1), box) as Float64Array;
    for (const [i, value] of [1, 1 / 3, 1 / 3].entries()) expect(target[i]).toBeCloseTo(value, 14);
  });

  it("takes account of what a stopped variable bends", () => {
    // As before, but x₁ at its bound pulls x₂ down: 2 x₂ + x₃ = 1 − ½, x₂ + 2 x₃ = 1.
    const hessian = Float64Array.of(1, 0.5, 0, 0.5, 2, 1, 0, 1, 2);
    const box: Box = { lower: new Float64Array(3).fill(-9), upper: Float64Array.of(1, 9, 9) };
    const target = boxStep(hessian, new Float64Array(3), Float64Array.of(-40, -1, -1), box) as Float64Array;
    for (const [i, value] of [1, 0, 1 / 2].entries()) expect(target[i]).toBeCloseTo(value, 14);
  });

  it("is undefined for a matrix that is not positive definite", () => {
    const saddle = Float64Array.of(1, 2, 2, 1);
    const box: Box = { lower: new Float64Array(2).fill(-9), upper: new Float64Array(2).fill(9) };
    expect(boxStep(saddle, new Float64Array(2), Float64Array.of(1, 1), box)).toBeUndefined();
  });
});

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createQuasiNewton, dot, multiply } from "../../src/numerics/quasi-newton.ts";

const N = 4;
const vector = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: N, maxLength: N });
/** Pairs of a step and of the change of a gradient, which curves up by at least a tenth along it. */
const pair = fc.tuple(vector, vector).map(([a, b]) => {
  const s = Float64Array.from(a, (value, i) => value + (i === 0 ? 1.5 : 0));
  const tilt = Float64Array.from(b);
  const lift = 0.1 - dot(s, tilt) / dot(s, s);
  return { s, y: tilt.map((value, i) => value + Math.max(lift, 0.1) * (s[i] as number)) };
});
const pairs = fc.array(pair, { minLength: 1, maxLength: 6 });

function matrixOf(all: readonly { s: Float64Array; y: Float64Array }[], memory: number): number[] {
  const model = createQuasiNewton(N, memory);
  for (const { s, y } of all) model.add(s, y);
  return [...model.matrix];
}

describe("the limited-memory BFGS matrix", () => {
  it("maps the newest step to the newest change of gradient, is symmetric and positive along the steps", () => {
    fc.assert(
      fc.property(pairs, (all) => {
        const matrix = Float64Array.from(matrixOf(all, 3));
        const { s, y } = all.at(-1) as { s: Float64Array; y: Float64Array };
        const product = new Float64Array(N);
        multiply(matrix, s, product);
        for (const [i, value] of y.entries()) expect(Math.abs((product[i] as number) - value)).toBeLessThan(1e-7);
        for (let i = 0; i < N; i++) {
          for (let j = 0; j < i; j++) {
            expect(Math.abs((matrix[i * N + j] as number) - (matrix[j * N + i] as number))).toBeLessThan(1e-7);
          }
        }
        for (const each of all) {
          multiply(matrix, each.s, product);
          expect(dot(each.s, product)).toBeGreaterThan(0);
        }
      }),
    );
  });

  it("knows the last pairs alone", () => {
    fc.assert(
      fc.property(pairs, (all) => {
        expect(matrixOf(all, 3)).toEqual(matrixOf(all.slice(-3), 9));
      }),
    );
  });

  it("starts from θI, so that what no pair touches has the newest pair's curvature", () => {
    const matrix = matrixOf([{ s: Float64Array.of(1, 0, 0, 0), y: Float64Array.of(2, 0, 0, 0) }], 5);
    expect(matrix).toEqual([2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2]);
  });

  it("is the identity before any pair and after it forgot them", () => {
    const identity = [1, 0, 0, 1];
    const model = createQuasiNewton(2, 5);
    expect([...model.matrix]).toEqual(identity);
    model.add(Float64Array.of(1, 2), Float64Array.of(3, 4));
    expect(model.isEmpty()).toBe(false);
    model.forget();
    expect([...model.matrix]).toEqual(identity);
    expect(model.isEmpty()).toBe(true);
  });
});

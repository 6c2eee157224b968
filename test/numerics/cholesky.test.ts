import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cholesky,
  logDeterminant,
  solveFactored,
  solveLower,
  solveLowerTransposed,
} from "../../src/numerics/cholesky.ts";
import reference from "./reference/cholesky.json" with { type: "json" };

const matrix = (n: number, element: (i: number, j: number) => number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, at) => element(Math.floor(at / n), at % n));

function gram(b: Float64Array, n: number): Float64Array {
  return matrix(n, (i, j) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += (b[i * n + k] as number) * (b[j * n + k] as number);
    return sum;
  });
}

const plusDiagonal = (a: Float64Array, n: number, added: number): Float64Array =>
  a.map((value, at) => (at % (n + 1) === 0 ? value + added : value));
const dyadic = (n: number): Float64Array =>
  plusDiagonal(
    gram(
      matrix(n, (i, j) => (((3 * i + 5 * j + i * j) % 7) - 3) / 4),
      n,
    ),
    n,
    1,
  );
const hilbert = (n: number): Float64Array => matrix(n, (i, j) => 1 / (i + j + 1));

/** Largest difference, relative to the largest expected element. */
function difference(got: Float64Array, expected: readonly number[]): number {
  expect(got.length).toBe(expected.length);
  const size = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs((got[i] as number) - value))) / size;
}

describe("Cholesky, against SciPy", () => {
  it.each(reference)("factors and solves $name", (expected) => {
    const { n, name, condition } = expected;
    const factor = name.startsWith("Hilbert") ? hilbert(n) : dyadic(n);
    expect(cholesky(factor, n)).toBe(true);
    const bound = 4 * condition * Number.EPSILON;
    expect(
      difference(
        factor.filter((_, at) => at % (n + 1) === 0),
        expected.diagonal,
      ),
    ).toBeLessThan(bound);
    expect(difference(factor.slice(n * (n - 1)), expected.lastRow)).toBeLessThan(bound);
    const solved = (solve: (l: Float64Array, n: number, b: Float64Array) => void): Float64Array => {
      const b = Float64Array.from({ length: n }, (_, i) => (i + 1) / 8);
      solve(factor, n, b);
      return b;
    };
    expect(difference(solved(solveLower), expected.lower)).toBeLessThan(bound);
    expect(difference(solved(solveLowerTransposed), expected.transposed)).toBeLessThan(bound);
    expect(difference(solved(solveFactored), expected.solution)).toBeLessThan(bound);
    expect(Math.abs(logDeterminant(factor, n) - expected.logDeterminant)).toBeLessThan(n * bound);
  });
});

describe("Cholesky", () => {
  it("reads and writes nothing above the diagonal", () => {
    const a = Float64Array.of(4, NaN, 2, 5);
    expect(cholesky(a, 2)).toBe(true);
    expect([...a]).toEqual([2, NaN, 1, 2]);
  });

  it.each([
    ["indefinite", [1, 2, 2, 1]],
    ["singular", [1, 1, 1, 1]],
    ["singular but for rounding", [1, 1, 1, 1 + Number.EPSILON]],
    ["negative", [-1, 0, 0, -1]],
    ["zero", [0, 0, 0, 0]],
    ["NaN off the diagonal", [1, NaN, NaN, 1]],
    ["infinite", [Infinity, 0, 0, 1]],
  ])("refuses a matrix that is %s", (_, elements) => {
    expect(cholesky(Float64Array.from(elements), 2)).toBe(false);
  });

  it("factors a matrix of badly scaled variables", () => {
    expect(cholesky(Float64Array.of(1e-200, 0, 0.5, 1e200), 2)).toBe(true);
  });
});

describe("properties of the factor", () => {
  const square = fc
    .integer({ min: 1, max: 12 })
    .chain((n) => fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: n * n, maxLength: n * n }));

  it("reproduces any B Bᵀ + I, and solves with it", () => {
    fc.assert(
      fc.property(square, (elements) => {
        const n = Math.sqrt(elements.length);
        const a = plusDiagonal(gram(Float64Array.from(elements), n), n, 1);
        const factor = a.map((value, index) => (index % n <= Math.floor(index / n) ? value : 0));
        expect(cholesky(factor, n)).toBe(true);
        expect(difference(gram(factor, n), [...a])).toBeLessThan(1e-14);
        const x = Float64Array.from({ length: n }, (_, i) => i - 2.5);
        const b = x.map((_, i) => x.reduce((sum, value, j) => sum + (a[i * n + j] as number) * value, 0));
        solveFactored(factor, n, b);
        expect(difference(b, [...x])).toBeLessThan(1e-12);
      }),
    );
  });
});

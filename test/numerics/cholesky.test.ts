import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cholesky,
  factorWithJitter,
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

describe("the jitter ladder", () => {
  it("adds nothing to a positive definite matrix, and leaves it alone", () => {
    const a = dyadic(5);
    const result = factorWithJitter(a, 5);
    expect(result?.jitter).toBe(0);
    expect(a).toEqual(dyadic(5));
    expect(result?.factor[1]).toBe(0);
  });

  it("adds the least rung that is enough, and says how much in the matrix's unit", () => {
    // Eigenvalues 2·10⁶ and −0.3 around a mean diagonal of 10⁶: −3e-7 of it.
    const a = Float64Array.of(1e6 - 0.15, 1e6 + 0.15, 1e6 + 0.15, 1e6 - 0.15);
    const result = factorWithJitter(a, 2);
    expect(result?.jitter).toBeCloseTo(1, 5);
    const { factor, jitter } = result as NonNullable<typeof result>;
    expect(difference(gram(factor, 2), [...plusDiagonal(a, 2, jitter)])).toBeLessThan(1e-15);
  });

  it("starts with 1e-10 of the mean diagonal where a point stands twice", () => {
    expect(factorWithJitter(Float64Array.of(3, 3, 3, 3), 2)?.jitter).toBeCloseTo(3e-10, 20);
  });

  it("adds enough to a kernel matrix of points that lie close", () => {
    const n = 50;
    const kernel = matrix(n, (i, j) => Math.exp(-0.5 * ((i - j) / 25) ** 2));
    expect(cholesky(kernel.slice(), n)).toBe(false);
    expect(factorWithJitter(kernel, n)?.jitter).toBe(1e-10);
  });

  it.each([
    ["indefinite", [1, 2, 2, 1]],
    ["negative", [-1, 0, 0, -1]],
    ["zero", [0, 0, 0, 0]],
    ["not finite", [1, NaN, NaN, 1]],
  ])("gives up on a matrix that is %s", (_, elements) => {
    expect(factorWithJitter(Float64Array.from(elements), 2)).toBeUndefined();
  });

  it("has an empty factor for the empty matrix", () => {
    expect(factorWithJitter(new Float64Array(0), 0)).toEqual({ factor: new Float64Array(0), jitter: 0 });
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
        const { factor, jitter } = factorWithJitter(a, n) as { factor: Float64Array; jitter: number };
        expect(jitter).toBe(0);
        expect(difference(gram(factor, n), [...a])).toBeLessThan(1e-14);
        const x = Float64Array.from({ length: n }, (_, i) => i - 2.5);
        const b = x.map((_, i) => x.reduce((sum, value, j) => sum + (a[i * n + j] as number) * value, 0));
        solveFactored(factor, n, b);
        expect(difference(b, [...x])).toBeLessThan(1e-12);
      }),
    );
  });
});

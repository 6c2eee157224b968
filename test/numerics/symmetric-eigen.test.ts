import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { symmetricEigen } from "../../src/numerics/symmetric-eigen.ts";

/** VᵀV and V diag(values) Vᵀ, as their largest differences from I and A. */
const errors = (a: Float64Array, n: number): { orthonormal: number; product: number } => {
  const { values, vectors } = symmetricEigen(a, n);
  let [orthonormal, product] = [0, 0];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let [inner, whole] = [i === j ? -1 : 0, -(a[i * n + j] as number)];
      for (let k = 0; k < n; k++) {
        inner += (vectors[k * n + i] as number) * (vectors[k * n + j] as number);
        whole += (values[k] as number) * (vectors[i * n + k] as number) * (vectors[j * n + k] as number);
      }
      orthonormal = Math.max(orthonormal, Math.abs(inner));
      product = Math.max(product, Math.abs(whole));
    }
  return { orthonormal, product };
};

describe("eigenvalues of a symmetric matrix", () => {
  it("give the matrix again, with orthonormal vectors", () => {
    const element = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.infiniteStream(element), fc.boolean(), (n, elements, sparse) => {
        const a = new Float64Array(n * n);
        for (let i = 0; i < n; i++)
          for (let j = 0; j <= i; j++) {
            const value = elements.next().value as number;
            a[i * n + j] = a[j * n + i] = sparse && Math.abs(value) < 0.6 ? 0 : value;
          }
        const { orthonormal, product } = errors(a, n);
        expect(orthonormal).toBeLessThan(1e-14 * n * 4);
        expect(product).toBeLessThan(1e-14 * n * 4);
      }),
    );
  });

  it("are precise relative to themselves where a positive definite matrix is only badly scaled", () => {
    // diag(s) [[2, 1], [1, 2]] diag(s) with s = (1, 1e-8): the product of the eigenvalues is its determinant.
    const { values } = symmetricEigen(Float64Array.of(2, 1e-8, 1e-8, 2e-16), 2);
    const [small, large] = [Math.min(...values), Math.max(...values)];
    expect(Math.abs(large - 2)).toBeLessThan(1e-15);
    expect(Math.abs(small / 1.5e-16 - 1)).toBeLessThan(1e-15);
  });

  it("leave a diagonal matrix as it is", () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(3, 0, 0, 1), 2);
    expect([...values]).toEqual([3, 1]);
    expect([...vectors]).toEqual([1, 0, 0, 1]);
  });
});

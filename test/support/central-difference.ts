const STEP = Math.cbrt(Number.EPSILON);

/**
 * The gradient of f at x by central differences: coordinate i is stepped by ∛eps·max(1, |xᵢ|) to both sides, which balances
 * rounding against truncation. Errors are about 1e-10 where f and its third derivatives are about 1.
 */
export function centralDifference(f: (x: Float64Array) => number, x: Float64Array): Float64Array {
  const moved = x.slice();
  return x.map((centre, i) => {
    const step = STEP * Math.max(1, Math.abs(centre));
    const above = centre + step;
    const below = centre - step;
    moved[i] = above;
    const high = f(moved);
    moved[i] = below;
    const low = f(moved);
    moved[i] = centre;
    return (high - low) / (above - below);
  });
}

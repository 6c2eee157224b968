import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { minimize, type LbfgsbOptions, type LbfgsbResult, type Objective } from "../../src/numerics/lbfgsb.ts";
import { logEi, logEiSlope } from "../../src/numerics/normal.ts";
import { centralDifference } from "../support/central-difference.ts";
import { PROBLEMS } from "./minimization-problems.ts";
import reference from "./reference/lbfgsb.json" with { type: "json" };

const uniform = (n: number, value: number): Float64Array => new Float64Array(n).fill(value);
const unbounded = (f: Objective, start: Float64Array, options?: LbfgsbOptions): LbfgsbResult =>
  minimize(f, start, uniform(start.length, -Infinity), uniform(start.length, Infinity), options);

/**
 * The largest violation of the Karush-Kuhn-Tucker conditions of a box: ∇f is 0 inside and points outward at bounds. What is
 * within the gradient's tolerance of a bound counts as there, as it does in the projected gradient.
 */
function violation({ x, gradient }: LbfgsbResult, lower: Float64Array, upper: Float64Array): number {
  const each = Array.from(x, (value, i) => {
    const slope = gradient[i] as number;
    const down = value > (lower[i] as number) + 1e-5 ? Math.max(slope, 0) : 0;
    const up = value < (upper[i] as number) - 1e-5 ? Math.max(-slope, 0) : 0;
    return Math.max(down, up);
  });
  return Math.max(...each);
}

/** f, which fails the test when it is asked outside the box. */
function guarded(f: Objective, lower: Float64Array, upper: Float64Array): Objective {
  return (x, gradient) => {
    const inside = x.every((value, i) => value >= (lower[i] as number) && value <= (upper[i] as number));
    expect(inside).toBe(true);
    return f(x, gradient);
  };
}

/** A function with many valleys, and NaN where a coordinate is in (hole, hole + 0.1). */
function wavesWithHole(frequency: number, hole: number): Objective {
  return (x, gradient) => {
    let value = 0;
    for (const [i, at] of x.entries()) {
      value += at > hole && at < hole + 0.1 ? NaN : Math.sin(frequency * at + i) + at * at;
      gradient[i] = frequency * Math.cos(frequency * at + i) + 2 * at;
    }
    return value;
  };
}

describe.each(reference)("L-BFGS-B, against SciPy, on $name", ({ name, start, value, evaluations }) => {
  const { f, ...box } = PROBLEMS[name] as (typeof PROBLEMS)[string];
  const x = Float64Array.from(start);
  const lower = x.map((_, i) => box.lower(i));
  const upper = x.map((_, i) => box.upper(i));

  it("has a gradient that is right", () => {
    const gradient = uniform(x.length, NaN);
    f(x, gradient);
    const differences = centralDifference((at) => f(at, uniform(x.length, 0)), x);
    for (const [i, slope] of gradient.entries()) {
      expect(Math.abs(slope - (differences[i] as number))).toBeLessThan(1e-6 * Math.max(1, Math.abs(slope)));
    }
  });

  it("finds the same minimum for about the same work", () => {
    const options = { maxIterations: 2000, valueTolerance: 0 };
    const result = minimize(guarded(f, lower, upper), x, lower, upper, options);
    expect(Math.abs(result.value - value)).toBeLessThan(1e-8 * Math.max(1, Math.abs(value)));
    expect(result.status).toBe("gradient");
    expect(violation(result, lower, upper)).toBeLessThanOrEqual(1e-5);
    // The same counts as SciPy's when this was written, but for 1.2 times as many on "scaled 20" and ±2 on two others.
    expect(result.evaluations).toBeLessThanOrEqual(Math.ceil(1.5 * evaluations));
  });
});

describe("L-BFGS-B outside the domain of f", () => {
  // Σ cᵢ xᵢ − log(1 − xᵢ²), for |xᵢ| < 1 only.
  const slopes = [50, -3, 200, 0.1];
  const barrier =
    (outside: number): Objective =>
    (x, gradient) => {
      let value = 0;
      for (const [i, c] of slopes.entries()) {
        const at = x[i] as number;
        if (Math.abs(at) >= 1) return outside;
        value += c * at - Math.log(1 - at * at);
        gradient[i] = c + (2 * at) / (1 - at * at);
      }
      return value;
    };

  it.each([NaN, Infinity, -Infinity])("steps back from %d", (outside) => {
    const result = unbounded(barrier(outside), uniform(4, 0));
    expect(result.status).toBe("gradient");
    for (const [i, c] of slopes.entries()) expect(result.x[i]).toBeCloseTo((1 - Math.sqrt(1 + c * c)) / c, 6);
  });

  it("steps back from a gradient that is not a number", () => {
    const root: Objective = ([x], gradient) => {
      gradient[0] = (x as number) > 0 ? 1 - 0.5 / Math.sqrt(x as number) : NaN;
      return (x as number) > 0 ? (x as number) - Math.sqrt(x as number) : -1;
    };
    expect(unbounded(root, Float64Array.of(3)).x[0]).toBeCloseTo(0.25, 5);
  });

  it.each([NaN, Infinity, -Infinity])("says that the start is outside, where f is %d", (outside) => {
    const result = unbounded(barrier(outside), Float64Array.of(0, 0, 2, 0));
    expect(result).toMatchObject({ status: "start", iterations: 0, evaluations: 1, value: outside });
  });
});

describe("L-BFGS-B", () => {
  const bowl: Objective = (x, gradient) => {
    gradient.set(x.map((value, i) => 2 * (value - i)));
    return x.reduce((sum, value, i) => sum + (value - i) ** 2, 0);
  };
  const rosenbrock = (PROBLEMS["Rosenbrock 2"] as (typeof PROBLEMS)[string]).f;
  const hill = Float64Array.of(-1.2, 1);

  it("projects a start outside and keeps variables whose bounds are equal", () => {
    const lower = Float64Array.of(1, 0.25, -1);
    const upper = Float64Array.of(2, 0.25, 5);
    const result = minimize(guarded(bowl, lower, upper), Float64Array.of(9, 9, -9), lower, upper);
    expect([...result.x]).toEqual([1, 0.25, 2]);
    expect(result.status).toBe("gradient");
  });

  it("ends exactly on a bound that it reaches", () => {
    // −0.3 + (0.1 − −0.3) is 0.10000000000000003 and not 0.1: a sum does not lead there.
    for (const high of [0.1, 0.7, 1 / 3, 0.9]) {
      for (const from of [-0.3, -0.7, -1 / 3, -5.3]) {
        const fall: Objective = (x, gradient) => {
          gradient[0] = -0.001 + 1e-5 * (x[0] as number);
          return -0.001 * (x[0] as number) + 0.5e-5 * (x[0] as number) ** 2;
        };
        const result = minimize(fall, Float64Array.of(from), uniform(1, -9), uniform(1, high));
        expect(result.x[0]).toBe(high);
      }
    }
  });

  it("has nothing to do without variables or at a minimum", () => {
    expect(unbounded(bowl, uniform(0, 0))).toMatchObject({ status: "gradient", evaluations: 1 });
    expect(unbounded(bowl, Float64Array.of(0, 1))).toMatchObject({ status: "gradient", evaluations: 1, iterations: 0 });
  });

  it("stops after as many evaluations or iterations as it may have, with the best value so far", () => {
    let before = Infinity;
    for (let limit = 1; limit <= 45; limit++) {
      const result = unbounded(rosenbrock, hill, { maxEvaluations: limit });
      expect(result.evaluations).toBeLessThanOrEqual(limit);
      expect(["evaluations", "gradient"]).toContain(result.status);
      expect(result.value).toBeLessThanOrEqual(before);
      expect(rosenbrock(result.x, uniform(2, 0))).toBe(result.value);
      before = result.value;
    }
    expect(before).toBeLessThan(1e-9);
    expect(unbounded(rosenbrock, hill, { maxIterations: 5 })).toMatchObject({ status: "iterations", iterations: 5 });
  });

  it("stops where the value hardly falls", () => {
    const options = { gradientTolerance: 0, valueTolerance: 1e-3 };
    const result = unbounded((x, gradient) => bowl(x, gradient) + 1e6, uniform(9, 100), options);
    expect(result.status).toBe("value");
  });

  it("says that no step lowers f where the gradient is not f's", () => {
    const uphill: Objective = (x, gradient) => {
      const value = bowl(x, gradient);
      for (const i of gradient.keys()) gradient[i] = -(gradient[i] as number);
      return value;
    };
    const result = unbounded(uphill, uniform(3, 7));
    expect(result).toMatchObject({ status: "line-search", iterations: 0 });
    expect([...result.x]).toEqual([7, 7, 7]);
  });

  it("starts its model anew where that leads nowhere", () => {
    // The search meets the hole with pairs from other waves; from there, steepest descent alone finds a way down.
    const result = minimize(wavesWithHole(12, 0.2), Float64Array.of(-0.31, 0.35), uniform(2, -1), uniform(2, 1));
    expect(result.status).toBe("gradient");
    expect(result.value).toBeLessThan(-1.8);
  });

  it("finds the best expected improvement along a line", () => {
    // A mean and a deviation that vary: log EI is steep and far below 0 at the start.
    const z = (x: number): number => (-0.01 - (x - 0.7) ** 2) / (1e-3 + 0.02 * x);
    const negative: Objective = ([at], gradient) => {
      const x = at as number;
      const deviation = 1e-3 + 0.02 * x;
      const slope = (-2 * (x - 0.7) * deviation - (-0.01 - (x - 0.7) ** 2) * 0.02) / deviation ** 2;
      gradient[0] = -(logEiSlope(z(x)) * slope + 0.02 / deviation);
      return -(logEi(z(x)) + Math.log(deviation));
    };
    const f = (x: Float64Array): number => negative(x, uniform(1, 0));
    const gradient = uniform(1, 0);
    const start = Float64Array.of(0.05);
    expect(negative(start, gradient)).toBeGreaterThan(1e4);
    expect((centralDifference(f, start)[0] as number) / (gradient[0] as number)).toBeCloseTo(1, 6);
    const { x, status } = minimize(negative, start, uniform(1, 0), uniform(1, 1));
    const grid = Array.from({ length: 1001 }, (_, i) => f(Float64Array.of(i / 1000)));
    expect(status).toBe("gradient");
    expect(x[0]).toBeCloseTo(grid.indexOf(Math.min(...grid)) / 1000, 3);
  });

  it("refuses a box that is none", () => {
    const one = Float64Array.of(1);
    expect(() => minimize(bowl, one, Float64Array.of(2), one)).toThrow("Bounds 0 cross: lower 2, upper 1.");
    expect(() => minimize(bowl, one, Float64Array.of(NaN), one)).toThrow("Bounds 0 cross");
    expect(() => minimize(bowl, Float64Array.of(NaN), one, one)).toThrow("Coordinate 0 of the start is NaN");
    expect(() => minimize(bowl, one, uniform(2, 0), one)).toThrow("The start has 1 coordinates, the bounds 2 and 1");
  });
});

describe("properties of L-BFGS-B", () => {
  const unit = fc.double({ min: -1, max: 1, noNaN: true });
  const vector = (n: number): fc.Arbitrary<number[]> => fc.array(unit, { minLength: n, maxLength: n });
  const quadratics = fc.integer({ min: 1, max: 10 }).chain((n) => fc.tuple(vector(n * n), vector(n), vector(n)));

  it("reaches the KKT point of any convex quadratic in a box", () => {
    fc.assert(
      fc.property(quadratics, fc.integer({ min: -2, max: 3 }), ([b, c, x], magnitude) => {
        const n = x.length;
        // ½ |Bᵀx|² + 0.005 |x|² + 10^magnitude cᵀx
        const f: Objective = (at, gradient) => {
          const image = c.map((_, k) => at.reduce((sum, value, i) => sum + value * (b[i * n + k] as number), 0));
          let value = 0;
          for (const i of at.keys()) {
            const linear = 10 ** magnitude * (c[i] as number);
            const own = at[i] as number;
            gradient[i] = image.reduce((sum, y, k) => sum + y * (b[i * n + k] as number), 0.01 * own + linear);
            value += 0.5 * (image[i] as number) ** 2 + 0.005 * own * own + linear * own;
          }
          return value;
        };
        const [lower, upper] = [uniform(n, -0.5), uniform(n, 0.75)];
        const result = minimize(guarded(f, lower, upper), Float64Array.from(x), lower, upper, { valueTolerance: 0 });
        expect(violation(result, lower, upper)).toBeLessThanOrEqual(1e-5);
      }),
      { numRuns: 500 },
    );
  });

  it("is never worse than the start, and the same each time, on functions with many valleys and holes", () => {
    const waves = fc.tuple(fc.integer({ min: 1, max: 6 }).chain(vector), fc.integer({ min: 1, max: 40 }), unit);
    fc.assert(
      fc.property(waves, ([start, frequency, hole]) => {
        const f = wavesWithHole(frequency, hole);
        const [lower, upper] = [uniform(start.length, -1), uniform(start.length, 0.9)];
        const run = (): LbfgsbResult => minimize(guarded(f, lower, upper), Float64Array.from(start), lower, upper);
        const result = run();
        const first = f(
          Float64Array.from(start, (value) => Math.min(value, 0.9)),
          uniform(start.length, 0),
        );
        if (Number.isNaN(first)) expect(result.status).toBe("start");
        else expect(result.value).toBeLessThanOrEqual(first);
        expect(run()).toEqual(result);
      }),
      { numRuns: 300 },
    );
  });
});

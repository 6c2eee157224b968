import { describe, expect, it } from "vitest";
import { searchLine, type LinePoint } from "../../src/numerics/line-search.ts";
import { centralDifference } from "../support/central-difference.ts";
import reference from "./reference/line_search.json" with { type: "json" };

type Line = (step: number) => { value: number; slope: number };

function search(line: Line, first: number, longest = 1e10, evaluations = 40): { found?: LinePoint; tried: number[] } {
  const tried: number[] = [];
  const evaluate = (step: number): LinePoint => {
    tried.push(step);
    return { step, ...line(step) };
  };
  const found = searchLine(evaluate, { step: 0, ...line(0) }, first, longest, evaluations);
  return found === undefined ? { tried } : { found, tried };
}

/** Functions 1 to 3 of Moré & Thuente (1994), section 5, and 4 to 6, which are Yanai, Ozawa & Kaneko's. */
const yanai = (b1: number, b2: number): Line => {
  const g = (b: number): number => Math.sqrt(1 + b * b) - b;
  return (a) => {
    const [left, right] = [Math.hypot(1 - a, b2), Math.hypot(a, b1)];
    return { value: g(b1) * left + g(b2) * right, slope: (-g(b1) * (1 - a)) / left + (g(b2) * a) / right };
  };
};
const LINES: Record<string, Line> = {
  "1": (a) => ({ value: -a / (a * a + 2), slope: (a * a - 2) / (a * a + 2) ** 2 }),
  "2": (a) => {
    const t = a + 0.004;
    return { value: t ** 5 - 2 * t ** 4, slope: 5 * t ** 4 - 8 * t ** 3 };
  },
  "3": (a) => {
    const b = 0.01;
    const wave = (78 * Math.PI) / 2;
    const smooth = Math.abs(a - 1) <= b;
    const base = smooth ? ((a - 1) ** 2 / b + b) / 2 : Math.abs(a - 1);
    return {
      value: base + ((2 * (1 - b)) / (2 * wave)) * Math.sin(wave * a),
      slope: (smooth ? (a - 1) / b : Math.sign(a - 1)) + (1 - b) * Math.cos(wave * a),
    };
  },
  "4": yanai(0.001, 0.001),
  "5": yanai(0.01, 0.001),
  "6": yanai(0.001, 0.01),
};

describe.each(Object.entries(LINES))("Moré & Thuente's function %s", (_, line) => {
  it("has slopes that are right", () => {
    for (const at of [0.1, 0.5, 1.3]) {
      const [slope] = centralDifference(([step]) => line(step as number).value, Float64Array.of(at));
      expect(Math.abs((slope as number) - line(at).slope)).toBeLessThan(1e-6);
    }
  });
});

describe.each(reference)(
  "the line search, against SciPy, on function $line from $first",
  ({ line, first, ...scipy }) => {
    const f = LINES[line] as Line;
    const { found, tried } = search(f, first);
    const start = f(0);
    const { step, value, slope } = found as LinePoint;
    const converged = scipy.task === "CONVERGENCE";

    it("tries the same steps", () => {
      // Where its interval gets short, SciPy's measures the best step once more.
      const expected = converged ? scipy.tried : scipy.tried.slice(0, -1);
      expect(tried).toHaveLength(expected.length);
      for (const [i, each] of expected.entries()) expect(Math.abs((tried[i] as number) / each - 1)).toBeLessThan(1e-7);
      expect(Math.abs(step / (scipy.tried.at(-1) as number) - 1)).toBeLessThan(1e-7);
    });

    it("falls enough, and is flat unless the interval got short", () => {
      expect(value).toBeLessThanOrEqual(start.value + 1e-3 * step * start.slope);
      expect(Math.abs(slope) <= 0.9 * Math.abs(start.slope)).toBe(converged);
    });
  },
);

describe("the line search", () => {
  const bowl: Line = (a) => ({ value: (a - 1) ** 2, slope: 2 * (a - 1) });

  it("stays within the longest step, and takes it where f still falls there", () => {
    const { found, tried } = search((a) => ({ value: -a, slope: -1 }), 1, 7);
    expect(found?.step).toBe(7);
    expect(Math.max(...tried)).toBe(7);
    expect(search(bowl, 9, 0.5).tried[0]).toBe(0.5);
  });

  it("finds nothing where the slope at the start is not f's", () => {
    const { found, tried } = search((a) => ({ value: a, slope: a === 0 ? -1 : 1 }), 1, 10, 20);
    expect(found).toBeUndefined();
    expect(Math.min(...tried)).toBeGreaterThan(0);
  });

  it("has as many trials as it may have, and then the best that falls enough", () => {
    const steep: Line = (a) => ({ value: -Math.expm1(a), slope: -Math.exp(a) });
    const { found, tried } = search(steep, 1e-3, 1e10, 3);
    expect(tried).toHaveLength(3);
    expect(found?.step).toBe(tried[2]);
    expect(search(bowl, 1e3, 1e10, 1)).toEqual({ tried: [1e3] });
  });

  it("comes back from where f is not finite, and never goes there again", () => {
    const domain = (limit: number, line: Line): Line => {
      return (a) => (a < limit ? line(a) : { value: NaN, slope: NaN });
    };
    const { found, tried } = search(domain(1.2, bowl), 100);
    expect(Math.abs((found as LinePoint).slope)).toBeLessThanOrEqual(0.9 * 2);
    expect(tried.filter((step) => step >= 1.2)).toHaveLength(7);
    const falling = search(
      domain(3, (a) => ({ value: -a, slope: -1 })),
      1,
      1e10,
      20,
    );
    expect(falling.found?.step).toBeGreaterThan(2.9);
    expect(falling.tried.filter((step) => step >= 3)).toEqual([5, 3]);
  });
});

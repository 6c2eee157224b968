import { describe, expect, it } from "vitest";
import { keepChoices, learnChoices } from "../../src/cmaes/categorical.ts";
import { type Domain, drawCandidate, type MixedCandidate, Search } from "../../src/cmaes/search.ts";
import { createRng } from "../../src/numerics/rng.ts";
import { shareAt } from "../../src/space/shares.ts";
import type { Parameter } from "../../src/space/parameter.ts";

const SEEDS = [1, 2, 3, 4, 5];

const domain = (numeric: number, parameters: readonly Parameter[] = [], choices: readonly number[] = []): Domain => ({
  numeric,
  choices,
  shareAt: (coordinate, u) => {
    const parameter = parameters[coordinate];
    return parameter && shareAt(parameter, u);
  },
  restartAt: (restart) => {
    const rng = createRng("restart", restart, "search");
    return Float64Array.from({ length: numeric }, () => rng.uniform());
  },
});

interface Found {
  readonly evaluations: number;
  readonly best: number;
  readonly search: Search;
}

/** Searches, generation by generation, until `enough` is reached or the evaluations are used up. */
const minimize = (
  where: Domain,
  loss: (candidate: Omit<MixedCandidate, "foreign">) => number,
  { seed, enough, most }: { readonly seed: number; readonly enough: number; readonly most: number },
): Found => {
  const search = new Search(where);
  let [evaluations, best] = [0, Infinity];
  while (evaluations < most && best > enough) {
    const ranked = Array.from({ length: search.population }, (_, index) => {
      const candidate = {
        ...drawCandidate(search.law, createRng(`${seed}`, evaluations + index, "sample")),
        foreign: false,
      };
      return { candidate, value: loss(candidate) };
    }).toSorted((a, b) => a.value - b.value);
    evaluations += ranked.length;
    best = Math.min(best, ranked[0]?.value as number);
    search.learn(
      ranked.map(({ candidate }) => candidate),
      ranked.map(({ value }) => value),
    );
  }
  return { evaluations, best, search };
};

const square = (x: number): number => x * x;
const sum = (x: Float64Array, f: (value: number, index: number) => number): number =>
  x.reduce((total, value, index) => total + f(value, index), 0);

describe("the search on 5 numeric coordinates", () => {
  const problems: Readonly<Record<string, { loss: (x: Float64Array) => number; most: number }>> = {
    "the sphere": { loss: (x) => sum(x, (v) => square(v - 0.3)), most: 800 },
    "an ellipsoid of condition 1e6": { loss: (x) => sum(x, (v, i) => 10 ** (1.5 * i) * square(v - 0.3)), most: 1900 },
    "Rosenbrock's valley": {
      loss: (x) => {
        const z = x.map((v) => 4 * v - 2);
        return sum(z.slice(1), (v, i) => 100 * square(v - square(z[i] as number)) + square((z[i] as number) - 1));
      },
      most: 3500,
    },
  };
  for (const [name, { loss, most }] of Object.entries(problems))
    it(`reaches 1e-9 on ${name} within ${most} evaluations, whatever the seed`, () => {
      for (const seed of SEEDS) {
        const found = minimize(domain(5), ({ point }) => loss(point), { seed, enough: 1e-9, most });
        expect(found.best, `seed ${seed}`).toBeLessThanOrEqual(1e-9);
      }
    });

  it("follows ranks alone: any increasing function of the loss gives the same search", () => {
    const loss = ({ point }: { point: Float64Array }): number => sum(point, (v) => square(v - 0.3));
    const options = { seed: 1, enough: 0, most: 200 };
    const plain = minimize(domain(5), loss, options);
    expect(minimize(domain(5), (each) => 1e300 * loss(each), options).search.law).toEqual(plain.search.law);
  });
});

describe("the search on integers", () => {
  /** Hamano's EllipsoidInt: two continuous coordinates lead, three integers of 21 values matter a million times less. */
  const parameters: readonly Parameter[] = Array.from({ length: 3 }, () => ({ type: "int", low: -10, high: 10 }));
  const integer = (u: number): number => Math.min(Math.max(Math.floor(u * 21), 0), 20) - 10;
  const loss = (point: Float64Array): number =>
    sum(point, (u, i) => (i < 3 ? square(integer(u) - 4) : 1e6 * square(20 * u - 7)));
  const solved = (where: Domain): number =>
    SEEDS.filter((seed) => {
      const search = minimize(where, ({ point }) => loss(point), { seed, enough: 1e-8, most: 3000 });
      return search.best <= 1e-8 && search.search.restarts === 0;
    }).length;

  it("gets stuck without a margin, and does not with it", () => {
    expect(solved(domain(5, parameters))).toBe(SEEDS.length);
    expect(solved(domain(5))).toBeLessThanOrEqual(SEEDS.length / 2);
  });
});

describe("the search on categoricals", () => {
  it("finds the best choices, and the best point for them", () => {
    const where = domain(2, [], [3, 4, 5]);
    for (const seed of SEEDS) {
      const found = minimize(
        where,
        ({ point, choices }) =>
          choices.filter((choice, index) => choice !== index).length + sum(point, (u) => square(u - 0.7)),
        { seed, enough: 1e-6, most: 1500 },
      );
      expect(found.best, `seed ${seed}`).toBeLessThanOrEqual(1e-6);
      for (const [index, q] of found.search.law.probabilities.entries())
        expect(q.indexOf(Math.max(...q)), `seed ${seed}`).toBe(index);
    }
  });

  it("keeps every choice possible, and probabilities that sum to 1", () => {
    let q = Float64Array.of(0.25, 0.25, 0.25, 0.25);
    const least = (1 - 0.73 ** (1 / 2)) / 3;
    for (let generation = 0; generation < 100; generation++)
      q = Float64Array.from(keepChoices(learnChoices(q, [1, 1, -1], Float64Array.of(0.5, 0.3, 0.2), 0.4), 2));
    expect(q.reduce((total, p) => total + p, 0)).toBeCloseTo(1, 14);
    expect(Math.min(...q)).toBeCloseTo(least, 14);
    expect(q[1]).toBeCloseTo(1 - 3 * least, 12);
  });

  it("works where nothing is numeric", () => {
    const found = minimize(
      domain(0, [], [4, 4, 4, 4]),
      ({ choices }) => choices.filter((choice) => choice !== 2).length,
      {
        seed: 1,
        enough: 0,
        most: 400,
      },
    );
    expect(found.best).toBe(0);
  });
});

describe("a run's end", () => {
  it("doubles the population and begins elsewhere", () => {
    const { search } = minimize(domain(3), ({ point }) => sum(point, (v) => square(v - 0.3)), {
      seed: 1,
      enough: -1,
      most: 2000,
    });
    expect(search.restarts).toBeGreaterThanOrEqual(1);
    expect(search.restarted).toBe("it converged");
    expect(search.population).toBe(7 * 2 ** search.restarts);
  });

  it("comes where all losses are equal", () => {
    const { search } = minimize(domain(3), () => 5, { seed: 1, enough: -1, most: 400 });
    expect(search.restarted).toBe("its best losses are equal");
  });

  it("escapes from a valley that is not the best", () => {
    // A wide valley at 0.2 and a deep one at 0.85.
    const loss = ({ point }: { point: Float64Array }): number =>
      Math.min(sum(point, (v) => square(v - 0.2)) + 0.05, 3 * sum(point, (v) => square(v - 0.85)));
    for (const seed of SEEDS)
      expect(minimize(domain(3), loss, { seed, enough: 1e-6, most: 8000 }).best, `seed ${seed}`).toBeLessThan(1e-6);
  });

  it("leaves the law alone while all candidates fail", () => {
    const search = new Search(domain(2));
    const before = search.law;
    const candidates = Array.from({ length: 6 }, (_, index) => ({
      ...drawCandidate(before, createRng("1", index, "sample")),
      foreign: false,
    }));
    search.learn(candidates, []);
    expect(search.law).toEqual(before);
    expect(search.generation).toBe(1);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalCdf } from "../../src/numerics/normal.ts";
import { createRng } from "../../src/numerics/rng.ts";
import { type Axis, cellMasses, cellShares, choiceMasses, massBetween } from "../../src/tpe/axis.ts";
import { Mixture } from "../../src/tpe/mixture.ts";
import { decay, upperTail } from "../../src/tpe/tables.ts";
import reference from "./reference/mixture.json" with { type: "json" };

const LINE: Axis = { kind: "line" };
const CHOICE: Axis = { kind: "choice", count: 3 };
const CELLS: Extract<Axis, { readonly kind: "cells" }> = {
  kind: "cells",
  edges: Float64Array.of(0, 0.5, 0.75, 0.9, 1),
  centres: Float64Array.of(0.3, 0.65, 0.8, 0.95),
};

/** A point drawn evenly, with a chance for each axis. */
const pointOf = (axes: readonly Axis[], chances: readonly number[]): number[] =>
  axes.map((axis, index) => {
    const chance = chances[index] as number;
    return axis.kind === "line"
      ? chance
      : Math.floor(chance * (axis.kind === "choice" ? axis.count : axis.centres.length));
  });

const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** Any mixture of up to three axes and a dozen points. */
const mixtures = fc
  .record({
    axes: fc.array(fc.constantFrom(LINE, CHOICE, CELLS), { minLength: 1, maxLength: 3 }),
    chances: fc.array(fc.tuple(unit, unit, unit), { maxLength: 12 }),
  })
  .map(({ axes, chances }) => ({
    axes,
    mixture: new Mixture(axes, Float64Array.from(chances.flatMap((each) => pointOf(axes, each)))),
  }));

describe("a Parzen estimator", () => {
  it("has the densities that SciPy's laws have", () => {
    for (const { axes, points, places, values } of reference) {
      const mixture = new Mixture(axes.map(toAxis), Float64Array.from(points.flat()));
      for (const [index, place] of places.entries())
        expect(mixture.logDensity(Float64Array.from(place))).toBeCloseTo(values[index] as number, 5);
    }
  });

  it("has a density that sums to 1 over all values and lengths", () => {
    const steps = 40;
    fc.assert(
      fc.property(mixtures, ({ axes, mixture }) => {
        let places: number[][] = [[]];
        for (const axis of axes) {
          const values =
            axis.kind === "line"
              ? Array.from({ length: steps }, (_, index) => (index + 0.5) / steps)
              : [...Array(axis.kind === "choice" ? axis.count : axis.centres.length).keys()];
          places = places.flatMap((place) => values.map((value) => [...place, value]));
        }
        const lines = axes.filter(({ kind }) => kind === "line").length;
        let sum = 0;
        for (const place of places) sum += Math.exp(mixture.logDensity(Float64Array.from(place))) / steps ** lines;
        expect(sum).toBeCloseTo(1, 2);
      }),
      { numRuns: 40 },
    );
  });

  it("draws by its density", () => {
    const mixture = new Mixture([LINE, CELLS, CHOICE], Float64Array.of(0.02, 3, 1, 0.9, 0, 1, 0.7, 1, 2));
    const rng = createRng("1", 0, "sample");
    const count = 20_000;
    const cells = new Float64Array(4);
    const choices = new Float64Array(3);
    const tenths = new Float64Array(10);
    const add = (place: Float64Array, share: number): void => {
      for (const [sums, index] of [
        [tenths, Math.min(Math.floor((place[0] as number) * 10), 9)],
        [cells, place[1] as number],
        [choices, place[2] as number],
      ] as const)
        sums[index] = (sums[index] as number) + share;
    };
    const place = new Float64Array(3);
    for (let index = 0; index < count; index++) {
      mixture.draw(() => rng.uniform(), place);
      add(place, 1 / count);
    }
    for (let x = 0.0025; x < 1; x += 0.005)
      for (let cell = 0; cell < 4; cell++)
        for (let choice = 0; choice < 3; choice++) {
          const each = Float64Array.of(x, cell, choice);
          add(each, -0.005 * Math.exp(mixture.logDensity(each)));
        }
    for (const difference of [...tenths, ...cells, ...choices]) expect(Math.abs(difference)).toBeLessThan(0.012);
  });

  it("draws inside, whatever the chance", () => {
    const axes = [LINE, CELLS, CHOICE];
    const mixture = new Mixture(axes, Float64Array.of(0, 0, 0, 1, 3, 2));
    const place = new Float64Array(3);
    fc.assert(
      fc.property(fc.infiniteStream(fc.constantFrom(0, 2 ** -53, 0.5, 1 - 2 ** -53)), (chances) => {
        mixture.draw(() => chances.next().value as number, place);
        const [x, cell, choice] = place as unknown as [number, number, number];
        expect(x >= 0 && x <= 1 && cell >= 0 && cell < 4 && choice >= 0 && choice < 3).toBe(true);
      }),
    );
  });
});

describe("kernels", () => {
  it("put masses on cells that sum to 1, most on their own", () => {
    const count = CELLS.centres.length;
    for (const bandwidth of [0.02, 0.1, 1]) {
      const masses = cellMasses(CELLS, bandwidth);
      for (let own = 0; own < count; own++) {
        const row = masses.subarray(own * count, (own + 1) * count);
        expect(row.reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(1, 12);
        if (bandwidth < 0.1) expect(Math.max(...row)).toBe(row[own]);
      }
    }
    expect(cellShares(CELLS).reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(1, 12);
  });

  it("put masses on choices that sum to 1, and tell one from the others", () => {
    for (const count of [1, 2, 3, 5040]) {
      const { own, other } = choiceMasses(count, 0.1);
      expect(own + (count - 1) * other).toBeCloseTo(1, 12);
      expect(other / own).toBeCloseTo(0.1, 12);
    }
  });

  it("take no room that grows with the choices", () => {
    // A table of pairs would take 80 GB.
    const many: Axis = { kind: "choice", count: 100_000 };
    const mixture = new Mixture([many, many], Float64Array.of(7, 99_999, 7, 3));
    const place = new Float64Array(2);
    const rng = createRng("1", 0, "sample");
    let own = 0;
    for (let index = 0; index < 3000; index++) {
      mixture.draw(() => rng.uniform(), place);
      expect(place.every((choice) => Number.isInteger(choice) && choice >= 0 && choice < 100_000)).toBe(true);
      if (place[0] === 7) own++;
    }
    // Two of three kernels, with 1 / (1 + 99,999 / 3) of their mass on their own choice.
    expect(own).toBeLessThan(5);
    expect(mixture.logDensity(Float64Array.of(7, 3))).toBeGreaterThan(mixture.logDensity(Float64Array.of(8, 3)));
  });

  it("have tails on both sides, however far", () => {
    for (const low of [0.5, 5, 10, 30]) {
      expect(massBetween(low, low + 1)).toBeGreaterThan(0);
      expect(massBetween(low, low + 1)).toBe(massBetween(-low - 1, -low));
    }
  });

  it("come from tables that keep what is promised of them", () => {
    for (let index = 0; index <= 30_000; index++) {
      const x = index / 1000;
      expect(Math.abs(decay(x) * Math.exp(x) - 1)).toBeLessThan(3e-9);
      expect(Math.abs(upperTail(x) - normalCdf(-x))).toBeLessThan(2e-7);
    }
  });
});

function toAxis(axis: (typeof reference)[number]["axes"][number]): Axis {
  const { kind, count, edges, centres } = axis as {
    kind: string;
    count?: number;
    edges?: number[];
    centres?: number[];
  };
  if (count !== undefined) return { kind: "choice", count };
  if (kind === "line" || edges === undefined || centres === undefined) return LINE;
  return { kind: "cells", edges: Float64Array.from(edges), centres: Float64Array.from(centres) };
}

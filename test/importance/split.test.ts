import fc from "fast-check";
import { expect, test } from "vitest";
import { cutChoice, cutLine, type Cut, type NodeRows } from "../../src/importance/split.ts";

interface Row {
  readonly place: number;
  readonly value: number;
  readonly weight: number;
}

/** Few places, so that many rows share one; some have none. */
const lists = fc.array(
  fc.record({
    place: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(NaN)),
    value: fc.integer({ min: -9, max: 9 }),
    weight: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 2, maxLength: 12 },
);

const meanOf = (rows: readonly Row[]): number =>
  rows.reduce((sum, { value, weight }) => sum + weight * value, 0) / rows.reduce((sum, { weight }) => sum + weight, 0);

const errorOf = (rows: readonly Row[]): number => {
  const mean = meanOf(rows);
  return rows.reduce((sum, { value, weight }) => sum + weight * (value - mean) ** 2, 0);
};

/** By how much the error of the rows that have a place falls, the best of all cuts. */
function bestOf(rows: readonly Row[], goesLeft: (place: number, cut: number) => boolean): number | undefined {
  const placed = rows.filter(({ place }) => !Number.isNaN(place));
  const gains = placed.flatMap(({ place: cut }) => {
    const left = placed.filter(({ place }) => goesLeft(place, cut));
    const right = placed.filter(({ place }) => !goesLeft(place, cut));
    return right.length === 0 ? [] : [errorOf(placed) - errorOf(left) - errorOf(right)];
  });
  return gains.length === 0 ? undefined : Math.max(...gains);
}

test.each<[string, (column: Float64Array, rows: NodeRows) => Cut | undefined, (place: number, cut: number) => boolean]>(
  [
    ["line", cutLine, (place, cut) => place <= cut],
    ["choice", cutChoice, (place, cut) => place === cut],
  ],
)("a cut of a %s is the best of all, among the rows that have a place", (_, cut, goesLeft) => {
  fc.assert(
    fc.property(lists, (rows) => {
      const place = (row: number): number => rows[row]?.place ?? NaN;
      const order = Int32Array.from(rows.keys()).sort((a, b) => (place(a) || 0) - (place(b) || 0));
      const sorted = [...order].toSorted((a, b) => Number(Number.isNaN(place(a))) - Number(Number.isNaN(place(b))));
      const column = Float64Array.from(rows, (row) => row.place);
      const found = cut(column, {
        order: Int32Array.from(sorted),
        start: 0,
        end: rows.length,
        weights: Float64Array.from(rows, ({ weight }) => weight),
        values: Float64Array.from(rows, ({ value }) => value),
        weight: rows.reduce((sum, { weight }) => sum + weight, 0),
        mean: meanOf(rows),
        same: 1e-12,
      });
      const best = bestOf(rows, goesLeft);
      if (best === undefined) {
        expect(found).toBeUndefined();
        return;
      }
      expect(found?.gain).toBeCloseTo(best, 9);
      const { at } = found as Cut;
      const sides = [true, false].map((left) =>
        rows.filter((row) => !Number.isNaN(row.place) && goesLeft(row.place, at) === left),
      );
      const placed = sides.flat();
      const [left = [], right = []] = sides;
      expect(errorOf(placed) - errorOf(left) - errorOf(right)).toBeCloseTo(best, 9);
    }),
    { numRuns: 500 },
  );
});

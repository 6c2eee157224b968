import fc from "fast-check";
import { expect, it } from "vitest";
import { thinCurves } from "../../src/report/thin-curves.ts";
import type { TrialRow } from "../../src/views/payload.ts";

const row = (values: readonly number[], budgets: readonly number[] = []): TrialRow =>
  ({
    curve: values.flatMap((value, index) => [index + 1, value]),
    runs: budgets.map((budget) => ({ state: "completed", budget })),
  }) as unknown as TrialRow;

const pointsOf = ({ curve }: TrialRow): readonly string[] =>
  Array.from({ length: curve.length / 2 }, (_, at) => `${curve[2 * at]} ${curve[2 * at + 1]}`);

it("leaves curves alone while all of them have few points", () => {
  const trials = [row([1, 2, 3]), row([]), row([4])];
  expect(thinCurves(trials, 4)).toEqual({ trials, most: null });
});

it("keeps first, last and completed budgets, invents nothing and stays about within its limit", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.array(fc.nat(9), { maxLength: 60 }), fc.uniqueArray(fc.integer({ min: 1, max: 60 }))), {
        minLength: 1,
        maxLength: 12,
      }),
      fc.integer({ min: 1, max: 100 }),
      (curves, limit) => {
        const trials = curves.map(([values, budgets]) => row(values, budgets.slice(0, 2)));
        const { trials: thinned, most } = thinCurves(trials, limit);
        const points = trials.reduce((sum, { curve }) => sum + curve.length / 2, 0);
        expect(most === null).toBe(points <= limit);
        expect(most ?? 2).toBeGreaterThanOrEqual(2);
        for (const [index, trial] of trials.entries()) {
          const [all, kept] = [pointsOf(trial), pointsOf(thinned[index] as TrialRow)];
          expect(all.filter((point) => kept.includes(point))).toEqual(kept);
          expect(kept[0]).toBe(all[0]);
          expect(kept.at(-1)).toBe(all.at(-1));
          expect(kept.length).toBeLessThanOrEqual((most ?? Infinity) + 2);
          for (const { budget } of trial.runs) if (budget <= all.length) expect(kept).toContain(all[budget - 1]);
        }
      },
    ),
  );
});

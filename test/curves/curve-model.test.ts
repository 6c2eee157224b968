import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CurveModel, type CurveEnd } from "../../src/curves/curve-model.ts";
import { chanceToBeat } from "../../src/curves/student-t.ts";
import { gridCurve, type Curve, type GridCurve } from "../../src/curves/grid-curve.ts";
import { stepGrid } from "../../src/curves/step-grid.ts";
import { createRng } from "../../src/numerics/rng.ts";

const MAX = 27;
const STEPS = stepGrid(1, MAX);

const curveTo = (last: number, loss: (step: number) => number): Curve => {
  const steps = Array.from({ length: last }, (_, index) => index + 1);
  return { steps, losses: steps.map(loss) };
};
const readCurve = (curve: Curve): GridCurve => gridCurve(curve, STEPS);

/** Curves of any shape and length. */
const curves: fc.Arbitrary<readonly Curve[]> = fc.array(
  fc
    .array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: MAX })
    .map((losses) => ({ steps: losses.map((_, index) => index + 1), losses })),
  { minLength: 2, maxLength: 20 },
);

const endsOf = (some: readonly Curve[]): readonly CurveEnd[] => {
  const read = some.map(readCurve);
  const model = new CurveModel(read, STEPS);
  return read.map((each) => model.predict(each));
};

const mapped = (some: readonly Curve[], to: (loss: number) => number): readonly Curve[] =>
  some.map(({ steps, losses }) => ({ steps, losses: losses.map(to) }));

const expectClose = (ends: readonly CurveEnd[], others: readonly CurveEnd[], scale: number): void => {
  for (const [index, { mean, deviation }] of ends.entries()) {
    expect(Math.abs((others[index] as CurveEnd).mean - mean)).toBeLessThan(1e-8 * scale);
    expect(Math.abs((others[index] as CurveEnd).deviation - deviation)).toBeLessThan(1e-8 * scale);
  }
};

describe("where curves end", () => {
  it("is seen, and certain, of one that came to the end", () => {
    fc.assert(
      fc.property(curves, (some) => {
        for (const [index, { mean, deviation }] of endsOf(some).entries()) {
          const { losses } = some[index] as Curve;
          if (losses.length === MAX) expect([mean, deviation]).toEqual([losses.at(-1), 0]);
          else expect(deviation).toBeGreaterThan(0);
        }
      }),
    );
  });

  it("was foretold on the way as it would be of a curve that ends there", () => {
    fc.assert(
      fc.property(curves, (some) => {
        const model = new CurveModel(some.map(readCurve), STEPS);
        for (const { steps, losses } of some) {
          const stages = model.stages(readCurve({ steps, losses }));
          const reached = stages.map(({ progress }) => Math.round(MAX ** progress));
          expect(reached).toEqual([steps.length, ...[3, 1].filter((step) => 2.9 * step <= steps.length)]);
          for (const [index, step] of reached.entries()) {
            const part = readCurve({ steps: steps.slice(0, step), losses: losses.slice(0, step) });
            expect(stages[index]?.end).toEqual(model.predict(part));
          }
        }
      }),
    );
  });

  it("was foretold at the same steps for all, about three times apart", () => {
    const model = new CurveModel([], stepGrid(1, 81));
    const reachedBy = (last: number): readonly number[] =>
      model
        .stages(
          gridCurve(
            curveTo(last, () => 0),
            stepGrid(1, 81),
          ),
        )
        .map(({ progress }) => Math.round(81 ** progress));
    expect(stepGrid(1, 81)).toEqual([1, 2, 3, 5, 8, 12, 18, 27, 41, 62, 81]);
    expect([1, 2, 3, 9, 27, 40, 81].map(reachedBy)).toEqual([
      [1],
      [2],
      [3, 1],
      [9, 3, 1],
      [27, 3, 1],
      [40, 12, 3, 1],
      [81, 12, 3, 1],
    ]);
    // Where the shortest run is the whole training, all that came less far is at the beginning.
    const only = new CurveModel([], stepGrid(9, 9));
    const progressBy = (last: number): readonly number[] =>
      only
        .stages(
          gridCurve(
            curveTo(last, () => 0),
            stepGrid(9, 9),
          ),
        )
        .map(({ progress }) => progress);
    expect([4, 9, 11].map(progressBy)).toEqual([[0], [1], [1]]);
  });

  it("scales and shifts with the losses", () => {
    const near = curves.map((some) => mapped(some, (loss) => Math.round(loss * 1024) / 1024));
    fc.assert(
      fc.property(
        near,
        fc.integer({ min: -300, max: 300 }),
        fc.integer({ min: -64, max: 64 }),
        (some, power, shift) => {
          const ends = endsOf(some);
          // By powers of two nothing is rounded: the same to the last bit.
          const scaled = endsOf(mapped(some, (loss) => loss * 2 ** power));
          const told = some.flatMap((each) => readCurve(each).points.flatMap((point) => point?.loss ?? []));
          const isEqual = told.every((loss) => loss === told[0]);
          if (!isEqual)
            expect(scaled).toEqual(
              ends.map(({ mean, deviation }) => ({ mean: mean * 2 ** power, deviation: deviation * 2 ** power })),
            );
          const shifted = endsOf(mapped(some, (loss) => loss + shift));
          expectClose(
            ends,
            shifted.map(({ mean, deviation }) => ({ mean: mean - shift, deviation })),
            20,
          );
        },
      ),
    );
  });

  it("is as sure of curves like those that went on, and less of others, with a weak prior", () => {
    // Of twelve the better half went on, and stood still.
    const rng = createRng("cautious", 0, "sample");
    const level = Array.from({ length: 12 }, (_, index) => 1 + index / 10 + 0.02 * rng.uniform());
    const read = level.map((each, index) => readCurve(curveTo(index < 6 ? MAX : 1, (step) => each - 0.01 * step)));
    const [informative, weak] = [new CurveModel(read, STEPS), new CurveModel(read, STEPS, "weak")];
    const deviations = (loss: number): readonly [number, number] => {
      const one = readCurve({ steps: [1], losses: [loss] });
      return [informative.predict(one).deviation, weak.predict(one).deviation];
    };
    const [near, far] = [deviations(1.2), deviations(3)];
    expect(near[1] / near[0]).toBeLessThan(1.6);
    expect(far[1] / far[0]).toBeGreaterThan(2);
  });

  it("does not depend on the order of the curves", () => {
    fc.assert(
      fc.property(curves, (some) => {
        const ends = endsOf(some);
        expectClose(ends, endsOf(some.toReversed()).toReversed(), 20);
      }),
    );
  });

  it("is a number for losses of any size", () => {
    const size = fc.constantFrom(1e-300, 1e-160, 1, 1e160, 1e300);
    fc.assert(
      fc.property(curves, size, (some, by) => {
        const scaled = mapped(some, (loss) => (loss / 10) * by);
        for (const { mean, deviation } of endsOf(scaled)) {
          expect(Number.isFinite(mean)).toBe(true);
          expect(Number.isFinite(deviation)).toBe(true);
          expect(chanceToBeat({ mean, deviation }, 0)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
    const law = [1, 2, 4].map((x) => curveTo(x * 6, (step) => x + 1 / step));
    const deviationAt = (by: number): number =>
      (endsOf(mapped(law, (loss) => loss * by)) as [CurveEnd])[0].deviation / by;
    for (const by of [1e-300, 1e-160, 1e160, 1e300]) expect(deviationAt(by) / deviationAt(1)).toBeCloseTo(1, 9);
  });

  it("is where it stands, for one curve, for equal ones and for none beside it", () => {
    for (const loss of [0, -1, 1, 1e300, -1e300, 1e-300]) {
      const one = readCurve({ steps: [1], losses: [loss] });
      expect(new CurveModel([], STEPS).predict(one).mean).toBeCloseTo(loss, 12);
      expect(endsOf([{ steps: [1], losses: [loss] }])[0]?.mean).toBeCloseTo(loss, 12);
      const equal = Array.from({ length: 9 }, (_, index) => curveTo(1 + index, () => loss));
      for (const { mean, deviation } of endsOf(equal)) {
        expect(mean).toBeCloseTo(loss, 12);
        expect(Number.isFinite(deviation)).toBe(true);
      }
    }
  });

  it("does not depend on the sign of the losses while few are known", () => {
    const some = [curveTo(MAX, (step) => 1 + 1 / step), curveTo(2, (step) => 1.5 + 1 / step), curveTo(1, () => 3)];
    const ends = endsOf(some);
    for (const shift of [-1000, -10, 1000])
      expectClose(
        ends,
        endsOf(mapped(some, (loss) => loss + shift)).map((end) => ({ ...end, mean: end.mean - shift })),
        10,
      );
  });

  it("is learned from how far equal curves moved", () => {
    // Two trainings of which nothing told apart, and a better one that has begun.
    const both = curveTo(MAX, (step) => 7 + 2 / step);
    const [, , { mean, deviation }] = endsOf([both, both, curveTo(1, () => 8.5)]) as [CurveEnd, CurveEnd, CurveEnd];
    expect(mean).toBeLessThan(8.3);
    expect(deviation).toBeGreaterThan(0.1);
    expect(chanceToBeat({ mean, deviation }, 7 + 2 / MAX)).toBeGreaterThan(0.05);
  });

  it("is known the better, the more curves of the same law went before", () => {
    const rng = createRng("1", 0, "sample");
    const law = (): Curve => {
      const [a, b] = [rng.uniform(), rng.uniform()];
      return curveTo(MAX, (step) => a + b * step ** -0.7);
    };
    const others = Array.from({ length: 200 }, law);
    const asked = readCurve(curveTo(3, (step) => 0.3 + 0.4 * step ** -0.7));
    const deviations = [8, 30, 200].map(
      (count) => new CurveModel(others.slice(0, count).map(readCurve), STEPS).predict(asked).deviation,
    );
    for (const [index, deviation] of deviations.slice(1).entries())
      expect(deviation).toBeLessThan(deviations[index] as number);
    const { mean } = new CurveModel(others.map(readCurve), STEPS).predict(asked);
    expect(Math.abs(mean - (0.3 + 0.4 * MAX ** -0.7))).toBeLessThan(0.03);
  });
});

describe("the 90 % intervals of where curves end", () => {
  const families: Readonly<Record<string, (rng: ReturnType<typeof createRng>) => (step: number) => number>> = {
    "fall by a power law with noise": (rng) => {
      const [a, b, c] = [rng.uniform(), 0.5 + rng.uniform(), 0.3 + rng.uniform()];
      return (step) => a + b * step ** -c + 0.02 * (rng.uniform() - 0.5);
    },
    cross: (rng) => {
      const x = rng.uniform();
      return (step) => 1 + x / step - 0.5 * x * (step / MAX) ** 0.5 + 0.02 * rng.uniform();
    },
    "drop late": (rng) => {
      const [at, low, x] = [2 + Math.floor(20 * rng.uniform()), rng.uniform(), rng.uniform()];
      const drops = rng.uniform() < 0.5;
      return (step) => 2 + 0.1 * x + 0.02 * rng.uniform() - (drops && step >= at ? 1 + low : 0);
    },
    "are noise": (rng) => () => rng.uniform(),
  };
  /** Of 95 % and 5 % of Student's t with three degrees of freedom. */
  const QUANTILE = 2.3533634348;

  it.each([
    ["fall by a power law with noise", 0.95, 1],
    ["cross", 0.8, 0.97],
    ["drop late", 0.9, 1],
    ["are noise", 0.9, 1],
  ] as const)("hold those of curves that %s", (family, least, most) => {
    const rng = createRng("7", 0, "sample");
    let [inside, count] = [0, 0];
    for (let study = 0; study < 40; study++) {
      const whole = Array.from({ length: 40 }, () => {
        const loss = (families[family] as (typeof families)[string])(rng);
        return curveTo(MAX, loss);
      });
      // Most were stopped somewhere; what is asked of is not among them.
      const seen = whole.slice(0, 30).map(({ steps, losses }) => {
        const end = rng.uniform() < 0.25 ? MAX : 1 + Math.floor((MAX - 1) * rng.uniform());
        return readCurve({ steps: steps.slice(0, end), losses: losses.slice(0, end) });
      });
      const model = new CurveModel(seen, STEPS);
      for (const { steps, losses } of whole.slice(30)) {
        const length = [1, 3, 8, 12][count % 4] as number;
        const { mean, deviation } = model.predict(
          readCurve({ steps: steps.slice(0, length), losses: losses.slice(0, length) }),
        );
        if (Math.abs((losses.at(-1) as number) - mean) < QUANTILE * deviation) inside++;
        count++;
      }
    }
    expect(inside / count).toBeGreaterThan(least);
    expect(inside / count).toBeLessThanOrEqual(most);
  });
});

import { describe, expect, it } from "vitest";
import { CalibratedModel } from "../../src/curves/calibrated-model.ts";
import { CurveModel } from "../../src/curves/curve-model.ts";
import { gridCurve, type GridCurve } from "../../src/curves/grid-curve.ts";
import { stepGrid } from "../../src/curves/step-grid.ts";
import { createRng } from "../../src/numerics/rng.ts";

const MAX = 27;
const GRID = stepGrid(1, MAX);

const read = (last: number, loss: (step: number) => number): GridCurve => {
  const steps = Array.from({ length: last }, (_, index) => index + 1);
  return gridCurve({ steps, losses: steps.map(loss) }, GRID);
};

/** Curves whose last stretch does as no step before it says: half of them fall far. */
const surprising = (count: number, seed: string): readonly GridCurve[] => {
  const rng = createRng(seed, 0, "sample");
  return Array.from({ length: count }, () => {
    const [level, drop] = [0.1 * rng.uniform(), rng.uniform() < 0.5 ? 3 : 0];
    return read(MAX, (step) => level - (step > 20 ? drop : 0));
  });
};

describe("a model that is calibrated by the study's own whole curves", () => {
  it("leaves deviations as they are while too few curves are whole", () => {
    const few = [...surprising(4, "few"), read(9, () => 0.2)];
    expect(new CalibratedModel(few, GRID).widening).toBe(1);
    const one = read(3, () => 0.1);
    expect(new CalibratedModel(few, GRID).predict(one)).toEqual(new CurveModel(few, GRID).predict(one));
  });

  it("multiplies deviations, and moves no mean", () => {
    const some = [...surprising(12, "some"), read(9, () => 0.05)];
    const calibrated = new CalibratedModel(some, GRID);
    const plain = new CurveModel(some, GRID);
    const one = read(9, () => 0.02);
    expect(calibrated.predict(one).mean).toBe(plain.predict(one).mean);
    expect(calibrated.predict(one).deviation).toBe(plain.predict(one).deviation * calibrated.widening);
    expect(calibrated.stages(one)[0]?.end).toEqual(calibrated.predict(one));
  });

  it.each(["informative", "weak"] as const)(
    "holds about 80 %% of whole curves that it did not see, where the plain model is too sure: prior %s",
    (prior) => {
      // A few curves of another kind make the plain model sure; the whole ones do otherwise.
      const rng = createRng("coverage", 0, "sample");
      const jump = (): GridCurve => {
        const [level, to] = [rng.uniform(), 8 * rng.uniform()];
        return read(MAX, (step) => level + (step >= 27 ? to : 0));
      };
      const still = Array.from({ length: 200 }, () => {
        const level = rng.uniform();
        return read(20, () => level);
      });
      const model = new CalibratedModel([...still, ...Array.from({ length: 20 }, jump)], GRID, prior);
      let inside = 0;
      for (let index = 0; index < 500; index++) {
        const whole = jump();
        const { mean, deviation } = model.predict({
          ...whole,
          points: whole.points.slice(0, 4),
          last: whole.points[3] as never,
        });
        if (Math.abs(whole.last.loss - mean) <= 1.6377444 * deviation) inside++;
      }
      expect(inside / 500).toBeGreaterThan(0.7);
    },
  );

  it("is the wider, the worse whole curves were predicted", () => {
    const rng = createRng("law", 0, "sample");
    const law = Array.from({ length: 20 }, () => {
      const [level, slope] = [rng.uniform(), rng.uniform()];
      return read(MAX, (step) => level + slope / step);
    });
    // The same beginnings, whose ends are exchanged for those of others.
    const exchanged = law.map(({ points, reached }, index) => {
      const last = (law[(index + 7) % law.length] as GridCurve).last;
      return { points: [...points.slice(0, -1), last], last, reached };
    });
    expect(new CalibratedModel(exchanged, GRID).widening).toBeGreaterThan(new CalibratedModel(law, GRID).widening);
  });
});

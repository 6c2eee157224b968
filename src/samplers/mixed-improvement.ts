import type { LogExpectedImprovement } from "../gp/acquisition.ts";
import type { ModelShares } from "../history/events.ts";
import { logEi } from "../numerics/normal.ts";
import type { CalibratedForest } from "./calibrated-forest.ts";
import type { Acquisition } from "./search-acquisition.ts";

/**
 * The logarithm of the improvement that is expected when one of the models is right, each with its share: the expectation of a
 * mixture is the mean of the expectations. The forest is flat almost everywhere, and has no slope.
 *
 * @param threshold the target to improve on
 */
export function mixImprovements(
  byProcess: LogExpectedImprovement,
  forest: CalibratedForest,
  threshold: number,
  shares: ModelShares,
): Acquisition {
  const ofProcess = Math.log(shares.process);
  const ofForest = Math.log(shares.forest);
  const byForest = (points: Float64Array, count: number): Float64Array => {
    const mean = new Float64Array(count);
    const variance = new Float64Array(count);
    forest.predict(points, count, mean, variance);
    return mean.map((each, index) => {
      const deviation = Math.sqrt(variance[index] as number);
      return logEi((threshold - each) / deviation) + Math.log(deviation);
    });
  };
  return {
    at: (points, count) => {
      const other = byForest(points, count);
      return byProcess
        .at(points, count)
        .map((own, index) => logSum(ofProcess + own, ofForest + (other[index] as number)));
    },
    withGradient: (point, gradient) => {
      const own = ofProcess + byProcess.withGradient(point, gradient);
      const value = logSum(own, ofForest + (byForest(point, 1)[0] as number));
      const part = Math.exp(own - value);
      for (let index = 0; index < gradient.length; index++) gradient[index] = part * (gradient[index] as number);
      return value;
    },
  };
}

/** ln(eᵃ + eᵇ), of which one is finite. */
function logSum(a: number, b: number): number {
  const top = Math.max(a, b);
  return top + Math.log(Math.exp(a - top) + Math.exp(b - top));
}

/** The losses of one training: smaller is better. */
export interface Curve {
  /** Ascending, above 0; at least one. */
  readonly steps: readonly number[];
  /** Finite, one for each step. */
  readonly losses: readonly number[];
}

/** What is known of a curve at a step. */
export interface CurvePoint {
  readonly loss: number;
  /** By how much the loss changed for each e-fold of steps, since about half as many; 0 where nothing is known of it. */
  readonly slope: number;
}

/** A curve, read at the steps of a grid. */
export interface GridCurve {
  /** One for each step of the grid that it reached; undefined where it had reported nothing by then. */
  readonly points: readonly (CurvePoint | undefined)[];
  /** At its last step. */
  readonly last: CurvePoint;
  /** That step. */
  readonly reached: number;
}

/** @param grid ascending */
export function gridCurve(curve: Curve, grid: readonly number[]): GridCurve {
  const { steps } = curve;
  const reached = steps.at(-1) as number;
  const points = grid
    .filter((step) => step <= reached)
    .map((step) => {
      const index = lastUpTo(steps, step);
      return index === -1 ? undefined : pointAt(curve, index);
    });
  return { points, last: pointAt(curve, steps.length - 1), reached };
}

function pointAt({ steps, losses }: Curve, index: number): CurvePoint {
  const [step, loss] = [steps[index] as number, losses[index] as number];
  const before = lastUpTo(steps, step / 2);
  if (before === -1) return { loss, slope: 0 };
  return { loss, slope: (loss - (losses[before] as number)) / Math.log(step / (steps[before] as number)) };
}

/** The index of the last step that is not above `limit`; −1 where all are. */
function lastUpTo(steps: readonly number[], limit: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((steps[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

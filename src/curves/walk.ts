/** The losses of one training: smaller is better. */
export interface Curve {
  /** Ascending, above 0; at least one. */
  readonly steps: readonly number[];
  /** Finite, one for each step. */
  readonly losses: readonly number[];
}

/** What is known of a curve at a step. */
export interface Standing {
  readonly loss: number;
  /** By how much the loss changed for each e-fold of steps, since about half as many; 0 where nothing is known of it. */
  readonly slope: number;
}

/** A curve as a walk up a ladder of steps. */
export interface Walk {
  /** How it stood at each step of the ladder that it came to; undefined where it had told nothing by then. */
  readonly standings: readonly (Standing | undefined)[];
  /** How it stands at its last step. */
  readonly last: Standing;
  /** That step. */
  readonly reached: number;
}

/** @param ladder ascending */
export function walk(curve: Curve, ladder: readonly number[]): Walk {
  const { steps } = curve;
  const reached = steps.at(-1) as number;
  const standings = ladder
    .filter((step) => step <= reached)
    .map((step) => {
      const index = lastUpTo(steps, step);
      return index === -1 ? undefined : standing(curve, index);
    });
  return { standings, last: standing(curve, steps.length - 1), reached };
}

function standing({ steps, losses }: Curve, index: number): Standing {
  const [step, loss] = [steps[index] as number, losses[index] as number];
  const before = lastUpTo(steps, step / 2);
  if (before === -1) return { loss, slope: 0 };
  return { loss, slope: (loss - (losses[before] as number)) / Math.log(step / (steps[before] as number)) };
}

/** Where the last step stands that is not above `limit`; −1 where all are. */
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

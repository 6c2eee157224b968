/** A point on a line: f and its derivative along the line, `step` away from where the line starts. */
export interface LinePoint {
  readonly step: number;
  readonly value: number;
  readonly slope: number;
}

/** The fall that a step must bring, as a share of what the first slope promises. */
const DECREASE = 1e-3;
/** How flat the line must have become, as a share of the first slope. */
const FLATNESS = 0.9;
/** An interval shorter than this share of its far end is not searched further. */
const SHORTEST = 0.1;
/** An interval that did not shrink by this in two trials is halved. */
const SHRINKAGE = 0.66;

/**
 * A step with sufficient decrease and, unless the search ends early, a flat slope: the strong Wolfe conditions with 1e-3 and
 * 0.9. Moré & Thuente, "Line search algorithms with guaranteed sufficient decrease", ACM TOMS 20 (1994); `best` and `other`
 * are the ends of their interval. A trial that is not finite is a wall: the search goes back half-way to the best.
 *
 * @param evaluate measures a step in (0, longest]
 * @param start the point of step 0, with a negative slope
 * @param first the first step to try
 * @param evaluations how many trials there may be
 * @returns the last trial, or the best one with sufficient decrease where trials or the interval ran out; undefined if none has it
 */
export function searchLine<Point extends LinePoint>(
  evaluate: (step: number) => Point,
  start: Point,
  first: number,
  longest: number,
  evaluations: number,
): Point | undefined {
  const promised = DECREASE * start.slope;
  const falls = (point: LinePoint): boolean => point.value <= start.value + point.step * promised;
  let best = start;
  let other = start;
  let bracketed = false;
  let tilted = true;
  let width = longest;
  let widthBefore = 2 * longest;
  let least = 0;
  let most = Math.min(5 * first, longest);
  let wall = Infinity;
  let step = Math.min(first, longest);

  for (let count = 0; count < evaluations; count++) {
    const trial = evaluate(step);
    if (!Number.isFinite(trial.value) || !Number.isFinite(trial.slope)) {
      wall = step;
      step = (best.step + wall) / 2;
      continue;
    }
    if (falls(trial) && Math.abs(trial.slope) <= -FLATNESS * start.slope) return trial;
    if (step === longest && falls(trial) && trial.slope <= promised) return trial;

    // Until a step falls enough and slopes up, f is judged less the promised fall, which leads to such a step.
    if (falls(trial) && trial.slope >= 0) tilted = false;
    const level = (point: LinePoint): LinePoint => ({
      step: point.step,
      value: point.value - point.step * promised,
      slope: point.slope - promised,
    });
    const seen =
      tilted && trial.value <= best.value && !falls(trial)
        ? { best: level(best), other: level(other), trial: level(trial) }
        : { best, other, trial };
    const rises = seen.trial.value > seen.best.value;
    const turns = seen.trial.slope * Math.sign(seen.best.slope) < 0;
    step = nextStep(seen.best, seen.other, seen.trial, bracketed, least, most);
    bracketed ||= rises || turns;
    if (rises) {
      other = trial;
    } else {
      if (turns) other = best;
      best = trial;
    }

    if (bracketed) {
      const length = Math.abs(other.step - best.step);
      if (length >= SHRINKAGE * widthBefore) step = (best.step + other.step) / 2;
      widthBefore = width;
      width = length;
      least = Math.min(best.step, other.step);
      most = Math.max(best.step, other.step);
      if (most - least <= SHORTEST * most || step <= least || step >= most) break;
    } else {
      least = step + 1.1 * (step - best.step);
      most = step + 4 * (step - best.step);
      step = Math.min(Math.max(step, 0), longest);
      if (step >= wall) step = (best.step + wall) / 2;
    }
  }
  return best.step > 0 && falls(best) ? best : undefined;
}

/** Section 4 of Moré & Thuente: the next trial, from the interval's ends and the trial before it moves them. */
function nextStep(
  best: LinePoint,
  other: LinePoint,
  trial: LinePoint,
  bracketed: boolean,
  least: number,
  most: number,
): number {
  const nearer = (a: number, b: number, to: number): number => (Math.abs(a - to) < Math.abs(b - to) ? a : b);
  const limit = trial.step > best.step ? most : least;

  if (trial.value > best.value) {
    const cubic = cubicMinimum(best, trial);
    const quadratic = quadraticMinimum(best, trial);
    return nearer(cubic, quadratic, best.step) === cubic ? cubic : (cubic + quadratic) / 2;
  }
  if (trial.slope * Math.sign(best.slope) < 0) {
    const cubic = cubicMinimum(best, trial);
    const secant = slopeZero(best, trial);
    return nearer(cubic, secant, trial.step) === cubic ? secant : cubic;
  }
  if (Math.abs(trial.slope) < Math.abs(best.slope)) {
    const minimum = cubicMinimum(best, trial);
    const cubic = (minimum - trial.step) * (trial.step - best.step) > 0 ? minimum : limit;
    const secant = slopeZero(best, trial);
    const near = nearer(cubic, secant, trial.step);
    if (!bracketed) return Math.min(Math.max(near === cubic ? secant : cubic, least), most);
    const farthest = trial.step + SHRINKAGE * (other.step - trial.step);
    return trial.step > best.step ? Math.min(farthest, near) : Math.max(farthest, near);
  }
  return bracketed ? cubicMinimum(other, trial) : limit;
}

/** Where the cubic through both values and slopes has its minimum. Nocedal & Wright, "Numerical Optimization", 2006, equation 3.59. */
function cubicMinimum(a: LinePoint, b: LinePoint): number {
  const d1 = a.slope + b.slope - (3 * (a.value - b.value)) / (a.step - b.step);
  const d2 = Math.sign(b.step - a.step) * Math.sqrt(Math.max(0, d1 * d1 - a.slope * b.slope));
  return b.step - ((b.step - a.step) * (b.slope + d2 - d1)) / (b.slope - a.slope + 2 * d2);
}

/** Where the parabola through both values and the slope at a has its minimum. */
function quadraticMinimum(a: LinePoint, b: LinePoint): number {
  const length = b.step - a.step;
  return a.step - (a.slope * length * length) / (2 * (b.value - a.value - a.slope * length));
}

/** Where the line through both slopes is zero. */
function slopeZero(a: LinePoint, b: LinePoint): number {
  return b.step - (b.slope * (b.step - a.step)) / (b.slope - a.slope);
}

import { bound, boxStep, clamp, room, type Box } from "./box-step.ts";
import { searchLine, type LinePoint } from "./line-search.ts";
import { createQuasiNewton, dot } from "./quasi-newton.ts";

/** f(x); fills `gradient`. May give NaN or an infinity outside its domain: the search steps back from there. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface LbfgsbOptions {
  /** How many past steps shape the model of f. @default 10 */
  readonly memory?: number;
  /** @default 200 */
  readonly maxIterations?: number;
  /** Calls of f, the first one included. @default Infinity, which leaves at most 20 per iteration */
  readonly maxEvaluations?: number;
  /** Ends when no |clamp(xᵢ − gᵢ) − xᵢ| is larger. In the unit of the gradient. @default 1e-5 */
  readonly gradientTolerance?: number;
  /** Ends when an iteration lowers f by no more than this share of max(|f| before, |f| after, 1). @default 1e-12 */
  readonly valueTolerance?: number;
}

export interface LbfgsbResult {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly iterations: number;
  readonly evaluations: number;
  /**
   * Why it ended: a tolerance was met (`gradient`, `value`), a limit was reached (`iterations`, `evaluations`), no step
   * lowers f any more (`line-search`: near a minimum, rounding; elsewhere, a gradient that is not f's), or f is not finite
   * at the start (`start`).
   */
  readonly status: "gradient" | "value" | "iterations" | "evaluations" | "line-search" | "start";
}

/** Trials per line search. */
const LINE_EVALUATIONS = 20;

interface Point extends LinePoint {
  readonly x: Float64Array;
  readonly gradient: Float64Array;
}

/**
 * A local minimum of f in a box, by L-BFGS-B: Byrd, Lu, Nocedal & Zhu, SIAM J. Sci. Comput. 16 (1995), with the correction of
 * Morales & Nocedal, ACM TOMS 38 (2011), and the line search of Moré & Thuente, ACM TOMS 20 (1994). For up to about 100
 * variables: the model's matrix is dense.
 *
 * Deterministic. f is never asked outside the box, and the value is never above that of the start.
 *
 * @param start projected into the box if outside
 * @param lower lower bounds, −Infinity for none; may equal the upper ones
 * @param upper upper bounds, Infinity for none
 * @throws RangeError for bounds that cross, lengths that differ, or a start that is not a number
 */
export function minimize(
  f: Objective,
  start: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  options: LbfgsbOptions = {},
): LbfgsbResult {
  const { memory = 10, maxIterations = 200, maxEvaluations = Infinity } = options;
  const { gradientTolerance = 1e-5, valueTolerance = 1e-12 } = options;
  checkBox(start, lower, upper);
  const n = start.length;
  const box: Box = { lower, upper };
  const bounded = lower.every((low, i) => low > -Infinity && (upper[i] as number) < Infinity);
  const model = createQuasiNewton(n, memory);
  let evaluations = 0;
  let iterations = 0;

  const evaluate = (x: Float64Array, step: number, direction: Float64Array): Point => {
    const gradient = new Float64Array(n);
    evaluations++;
    const value = f(x, gradient);
    return { x, gradient, step, value, slope: dot(gradient, direction) };
  };
  let at = evaluate(
    start.map((value, i) => clamp(box, i, value)),
    0,
    new Float64Array(n),
  );
  const end = (status: LbfgsbResult["status"]): LbfgsbResult => {
    return { x: at.x, value: at.value, gradient: at.gradient, iterations, evaluations, status };
  };
  if (!Number.isFinite(at.value) || !at.gradient.every(Number.isFinite)) return end("start");

  let fall = Infinity;
  for (;;) {
    if (projectedGradient(at, box) <= gradientTolerance) return end("gradient");
    if (fall <= valueTolerance) return end("value");
    if (iterations >= maxIterations) return end("iterations");
    if (evaluations >= maxEvaluations) return end("evaluations");

    const next = descend();
    if (next !== undefined) {
      fall = (at.value - next.value) / Math.max(Math.abs(at.value), Math.abs(next.value), 1);
      learn(at, next);
      at = next;
      iterations++;
    } else if (evaluations < maxEvaluations) {
      if (model.isEmpty()) return end("line-search");
      model.forget();
    }
  }

  /** A point with sufficient decrease, or undefined if the model leads to none. */
  function descend(): Point | undefined {
    const target = boxStep(model.matrix, at.x, at.gradient, box);
    if (target === undefined) return undefined;
    const direction = target.map((value, i) => value - (at.x[i] as number));
    const slope = dot(at.gradient, direction);
    if (!(slope < 0)) return undefined;
    const longest = longestStep(at.x, direction, box);
    // Without pairs the model does not know the scale of f.
    const first = model.isEmpty() && !bounded ? Math.min(1, 1 / Math.sqrt(dot(direction, direction))) : 1;
    const trial = (length: number): Point => evaluate(along(at.x, direction, length, box), length, direction);
    const trials = Math.min(LINE_EVALUATIONS, maxEvaluations - evaluations);
    const found = searchLine(trial, { ...at, step: 0, slope }, first, longest, trials);
    // A step that is lost in the rounding of x goes nowhere.
    return found?.x.some((value, i) => value !== at.x[i]) ? found : undefined;
  }

  /** Takes a step into the model, unless f is not convex along it to working precision. */
  function learn(from: Point, to: Point): void {
    const s = to.x.map((value, i) => value - (from.x[i] as number));
    const y = to.gradient.map((value, i) => value - (from.gradient[i] as number));
    if (dot(s, y) > -Number.EPSILON * dot(from.gradient, s)) model.add(s, y);
  }
}

/** The largest coordinate of the gradient, as far as the box lets a step follow it. */
function projectedGradient({ x, gradient }: Point, box: Box): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) {
    const value = x[i] as number;
    largest = Math.max(largest, Math.abs(clamp(box, i, value - (gradient[i] as number)) - value));
  }
  return largest;
}

/** x + length·direction, exactly on the bounds that it reaches. */
function along(x: Float64Array, direction: Float64Array, length: number, box: Box): Float64Array {
  return x.map((value, i) => {
    const move = direction[i] as number;
    return length >= room(box, i, value, move) ? bound(box, i, move) : clamp(box, i, value + length * move);
  });
}

/** How many times the direction fits into the box from x; at least 1, since it leads to a point of the box. */
function longestStep(x: Float64Array, direction: Float64Array, box: Box): number {
  const rooms = x.map((value, i) => room(box, i, value, direction[i] as number));
  return Math.max(1, Math.min(1e10, ...rooms));
}

function checkBox(start: Float64Array, lower: Float64Array, upper: Float64Array): void {
  if (lower.length !== start.length || upper.length !== start.length) {
    throw new RangeError(
      `The start has ${start.length} coordinates, the bounds ${lower.length} and ${upper.length}: they must be as many.`,
    );
  }
  for (const [i, value] of start.entries()) {
    const [low, high] = [lower[i] as number, upper[i] as number];
    if (!(low <= high)) throw new RangeError(`Bounds ${i} cross: lower ${low}, upper ${high}.`);
    if (Number.isNaN(value)) throw new RangeError(`Coordinate ${i} of the start is NaN: give a number.`);
  }
}

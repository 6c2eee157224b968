import { normalCdf, normalQuantile } from "../numerics/normal.ts";
import { type Axis, cellMasses, cellShares, choiceMasses, massBetween } from "./axis.ts";
import { decay, MOST_DECAY, upperTail } from "./tables.ts";

const LOG_SQRT_TWO_PI = 0.5 * Math.log(2 * Math.PI);
/** Standard deviation of the kernels around a single point, of the whole range. */
const WIDTH = 0.2;
const LEAST_WIDTH = 0.02;
/** With fewer axes than this, points stand closer, and kernels are narrower. */
const FULL_WIDTH = 6;

/**
 * A Parzen estimator of several coordinates at once: the mean of one kernel around each point and of the uniform law, which
 * counts as one point more. A kernel is the product of one law for each axis: a normal one cut off at 0 and 1, its masses on
 * cells, or a choice that is likelier than the others. All kernels have the same width: 0.2 √min(1, d/6) n^(−1/(d+4)) of the
 * range for n points of d axes, at least 0.02 (the exponent is Scott's, the factors are measured). Another choice has 1/(n+1)
 * of the own one's mass.
 *
 * Bergstra et al., "Algorithms for hyper-parameter optimization", NeurIPS 2011, section 4; Falkner et al., "BOHB", ICML 2018,
 * section 3.2, for kernels of all coordinates at once.
 */
export class Mixture {
  /** Points in it, the uniform law left out. */
  readonly count: number;
  readonly #axes: readonly Axis[];
  readonly #points: Float64Array;
  readonly #bandwidth: number;
  /** Axes by their kind. */
  readonly #lines: readonly number[];
  readonly #cells: readonly CellAxis[];
  readonly #choices: readonly ChoiceAxis[];
  /** Row-major, one row of lines for each point, in multiples of √2 bandwidths. */
  readonly #scaled: Float64Array;
  /** Row-major, one row of cell axes for each point: where the row of its cell begins in the axis's masses. */
  readonly #rows: Int32Array;
  /** Row-major, one row of choice axes for each point: its choice. */
  readonly #chosen: Int32Array;
  /** Logarithm of what a kernel's density is made of beside the squared distances. */
  readonly #offsets: Float64Array;

  /** @param points row-major, one row of `axes.length` coordinates for each point: positions and indices of values */
  constructor(axes: readonly Axis[], points: Float64Array) {
    const size = axes.length;
    const count = size === 0 ? 0 : points.length / size;
    const bandwidth = bandwidthOf(count, size);
    const indices = [...axes.keys()];
    this.count = count;
    this.#axes = axes;
    this.#points = points;
    this.#bandwidth = bandwidth;
    this.#lines = indices.filter((index) => axes[index]?.kind === "line");
    this.#cells = indices.flatMap((index) => cellAxis(axes[index] as Axis, index, bandwidth));
    this.#choices = indices.flatMap((index) => choiceAxis(axes[index] as Axis, index, 1 / (count + 1)));

    const scale = 1 / (Math.SQRT2 * bandwidth);
    const peak = -this.#lines.length * (Math.log(bandwidth) + LOG_SQRT_TWO_PI);
    this.#scaled = new Float64Array(count * this.#lines.length);
    this.#rows = new Int32Array(count * this.#cells.length);
    this.#chosen = new Int32Array(count * this.#choices.length);
    this.#offsets = new Float64Array(count);
    for (let i = 0, line = 0, row = 0, choice = 0; i < count; i++) {
      let mass = 1;
      for (let j = 0; j < this.#lines.length; j++, line++) {
        const position = points[i * size + (this.#lines[j] as number)] as number;
        this.#scaled[line] = position * scale;
        mass *= lineMass(position, bandwidth);
      }
      this.#offsets[i] = peak - Math.log(mass);
      for (const { index, count: values } of this.#cells)
        this.#rows[row++] = (points[i * size + index] as number) * values;
      for (const { index } of this.#choices) this.#chosen[choice++] = points[i * size + index] as number;
    }
  }

  /** The logarithm of the density at a point: on lines against length, elsewhere as mass. */
  logDensity(point: Float64Array): number {
    const scaled = this.#scaled;
    const rows = this.#rows;
    const offsets = this.#offsets;
    const lines = this.#lines.length;
    const cells = this.#cells.length;
    const choices = this.#choices.length;
    const chosen = this.#chosen;
    const scale = 1 / (Math.SQRT2 * this.#bandwidth);
    const at = Float64Array.from(this.#lines, (index) => (point[index] as number) * scale);
    const tables = this.#cells.map(({ logMasses }) => logMasses);
    const values = Int32Array.from(this.#cells, ({ index }) => point[index] as number);
    const wanted = Int32Array.from(this.#choices, ({ index }) => point[index] as number);
    const own = Float64Array.from(this.#choices, (axis) => Math.log(axis.own));
    const other = Float64Array.from(this.#choices, (axis) => Math.log(axis.other));

    let top = 0;
    for (const [j, { logShares }] of this.#cells.entries()) top += logShares[values[j] as number] as number;
    for (const { count } of this.#choices) top -= Math.log(count);
    let sum = 1;
    for (let i = 0; i < this.count; i++) {
      let term = offsets[i] as number;
      for (let j = 0, row = i * cells; j < cells; j++, row++)
        term += (tables[j] as Float64Array)[(rows[row] as number) + (values[j] as number)] as number;
      for (let j = 0, choice = i * choices; j < choices; j++, choice++)
        term += (chosen[choice] === wanted[j] ? own[j] : other[j]) as number;
      // Two sums at once: each addition waits for the one before it.
      let rest = 0;
      let j = 0;
      for (let line = i * lines; j < lines - 1; j += 2, line += 2) {
        const first = (scaled[line] as number) - (at[j] as number);
        const second = (scaled[line + 1] as number) - (at[j + 1] as number);
        term -= first * first;
        rest += second * second;
      }
      if (j < lines) rest += ((scaled[i * lines + j] as number) - (at[j] as number)) ** 2;
      term -= rest;
      if (!(term > top - MOST_DECAY)) continue;
      if (term <= top) sum += decay(top - term);
      else {
        sum = sum * Math.exp(top - term) + 1;
        top = term;
      }
    }
    return top + Math.log(sum / (this.count + 1));
  }

  /**
   * Draws a point: all its coordinates come from the same kernel.
   *
   * @param uniform gives numbers in [0, 1); asked once for the kernel and once for each axis: lines, cells, choices
   * @param out is filled
   */
  draw(uniform: () => number, out: Float64Array): void {
    const i = Math.floor(uniform() * (this.count + 1));
    const start = i * this.#axes.length;
    for (const index of this.#lines) {
      const chance = uniform();
      out[index] = i === this.count ? chance : lineAt(this.#points[start + index] as number, this.#bandwidth, chance);
    }
    for (const { index, count, masses, shares } of this.#cells) {
      const own = i === this.count ? 0 : (this.#points[start + index] as number);
      out[index] = cellAt(i === this.count ? shares : masses, own * count, count, uniform());
    }
    for (const axis of this.#choices) {
      const chance = uniform();
      out[axis.index] =
        i === this.count
          ? Math.floor(chance * axis.count)
          : choiceAt(axis, this.#points[start + axis.index] as number, chance);
    }
  }
}

/** An axis of cells, with what its kernels and the uniform law put on each. */
interface CellAxis {
  readonly index: number;
  readonly count: number;
  readonly masses: Float64Array;
  readonly logMasses: Float64Array;
  readonly shares: Float64Array;
  readonly logShares: Float64Array;
}

/** An axis of choices: a kernel has two masses, however many choices there are. */
interface ChoiceAxis {
  readonly index: number;
  readonly count: number;
  readonly own: number;
  readonly other: number;
}

function cellAxis(axis: Axis, index: number, bandwidth: number): readonly CellAxis[] {
  if (axis.kind !== "cells") return [];
  const masses = cellMasses(axis, bandwidth);
  const shares = cellShares(axis);
  const count = axis.centres.length;
  return [{ index, count, masses, logMasses: masses.map(Math.log), shares, logShares: shares.map(Math.log) }];
}

function choiceAxis(axis: Axis, index: number, others: number): readonly ChoiceAxis[] {
  return axis.kind === "choice" ? [{ index, count: axis.count, ...choiceMasses(axis.count, others) }] : [];
}

/** The standard deviation of kernels, of the whole range. */
function bandwidthOf(count: number, axes: number): number {
  const width = WIDTH * Math.sqrt(Math.min(axes / FULL_WIDTH, 1)) * Math.max(count, 1) ** (-1 / (axes + 4));
  return Math.max(width, LEAST_WIDTH);
}

/** What a normal law around a position has between 0 and 1; within 2e-7. */
function lineMass(position: number, bandwidth: number): number {
  return 1 - upperTail(position / bandwidth) - upperTail((1 - position) / bandwidth);
}

/** The position below which a normal law, cut off at 0 and 1, has the share `chance`. */
function lineAt(position: number, bandwidth: number, chance: number): number {
  const below = normalCdf(-position / bandwidth);
  const mass = massBetween(-position / bandwidth, (1 - position) / bandwidth);
  const quantile = normalQuantile(Math.min(below + chance * mass, 1));
  return Math.min(Math.max(position + bandwidth * quantile, 0), 1);
}

/** The cell below which `masses` from `start` on have the share `chance`. */
function cellAt(masses: Float64Array, start: number, count: number, chance: number): number {
  let left = chance;
  for (let k = 0; k < count - 1; k++) {
    left -= masses[start + k] as number;
    if (left < 0) return k;
  }
  return count - 1;
}

/** The choice below which the kernel around the choice `at` has the share `chance`. */
function choiceAt({ count, own, other }: ChoiceAxis, at: number, chance: number): number {
  const below = at * other;
  if (chance < below) return Math.min(Math.floor(chance / other), at - 1);
  if (chance < below + own) return at;
  return Math.min(at + 1 + Math.floor((chance - below - own) / other), count - 1);
}

import { MAXIMUM_FEATURES, MAXIMUM_POINTS } from "./gp-core.ts";

/** How far a core has come. Each step needs the one before it. */
const STEPS = ["nothing", "setPoints", "factor", "solve"] as const;
type Step = (typeof STEPS)[number];

/**
 * Refuses what a core's interface does not allow. The methods that are named as its own check a call before anything is done;
 * the others note what has been done, which is what later calls are judged by.
 */
export class GpCoreChecks {
  points = 0;
  features = 0;
  numeric = 0;
  /** Of the factor. */
  count = 0;
  /** How much there is of L⁻¹: the diagonal of K⁻¹ needs less of it than the posterior. */
  inverse: "none" | "part" | "all" = "none";
  #step: Step = "nothing";
  #gradient = false;
  #solved = 0;

  setPoints(points: Float64Array, count: number, numeric: number, mismatch: number): void {
    whole("count", count, 1, MAXIMUM_POINTS);
    whole("numeric", numeric, 0, MAXIMUM_FEATURES);
    whole("mismatch", mismatch, 0, MAXIMUM_FEATURES - numeric);
    exactly("points", points, count * (numeric + mismatch));
    allFinite("points", points);
    this.#step = "nothing";
  }

  pointsSet(count: number, numeric: number, mismatch: number): void {
    this.points = count;
    this.numeric = numeric;
    this.features = numeric + mismatch;
    this.#step = "setPoints";
  }

  factor(weights: Float64Array, amplitude: number, diagonal: number, count: number): void {
    this.#need("factor", "setPoints");
    exactly("weights", weights, this.features);
    allFinite("weights", weights);
    const negative = weights.findIndex((weight) => weight < 0);
    if (negative >= 0) throw new RangeError(`weights[${negative}] must be 0 or more, is ${weights[negative]}`);
    if (!(amplitude > 0 && amplitude < Infinity)) {
      throw new RangeError(`amplitude must be finite and more than 0, is ${amplitude}`);
    }
    if (!(diagonal >= 0 && diagonal < Infinity)) {
      throw new RangeError(`diagonal must be finite and 0 or more, is ${diagonal}`);
    }
    whole("count", count, 1, this.points);
    // A factor that fails leaves nothing to go on with.
    this.#step = "setPoints";
  }

  factored(count: number, gradient: boolean): void {
    this.count = count;
    this.#gradient = gradient;
    this.inverse = "none";
    this.#step = "factor";
  }

  logDeterminant(): void {
    this.#need("logDeterminant", "factor");
  }

  solve(y: Float64Array, alpha: Float64Array | undefined): void {
    this.#need("solve", "factor");
    whole("y.length", y.length, 1, this.count);
    if (alpha !== undefined) exactly("alpha", alpha, this.count);
  }

  solved(m: number): void {
    this.#solved = m;
    this.#step = "solve";
  }

  likelihoodGradient(out: Float64Array): void {
    this.#need("likelihoodGradient", "solve");
    if (!this.#gradient) throw new Error("likelihoodGradient needs a factor that was asked to keep the gradient");
    if (this.#solved !== this.count) {
      throw new Error(`likelihoodGradient needs solve with all ${this.count} points, it had ${this.#solved}`);
    }
    exactly("out", out, this.features + 2);
  }

  invertFactor(): void {
    this.#need("invertFactor", "factor");
  }

  posterior(candidates: Float64Array, m: number, mean: Float64Array, variance: Float64Array): void {
    this.#needPosterior("posterior");
    whole("m", m, 0, Infinity);
    exactly("candidates", candidates, m * this.features);
    exactly("mean", mean, m);
    exactly("variance", variance, m);
  }

  posteriorGradient(
    point: Float64Array,
    out: Float64Array,
    meanGradient: Float64Array,
    varianceGradient: Float64Array,
  ): void {
    this.#needPosterior("posteriorGradient");
    exactly("point", point, this.features);
    exactly("out", out, 2);
    exactly("meanGradient", meanGradient, this.numeric);
    exactly("varianceGradient", varianceGradient, this.numeric);
  }

  inverseDiagonal(out: Float64Array): void {
    this.#need("inverseDiagonal", "factor");
    if (this.inverse === "none") throw new Error("inverseDiagonal needs invertFactor or likelihoodGradient first");
    exactly("out", out, this.count);
  }

  #needPosterior(method: string): void {
    this.#need(method, "solve");
    if (this.inverse !== "all") throw new Error(`${method} needs invertFactor first`);
  }

  #need(method: string, step: Step): void {
    if (STEPS.indexOf(this.#step) < STEPS.indexOf(step)) {
      throw new Error(`${method} needs ${step} first; the last step that succeeded is ${this.#step}`);
    }
  }
}

function whole(name: string, value: number, low: number, high: number): void {
  if (Number.isSafeInteger(value) && value >= low && value <= high) return;
  throw new RangeError(`${name} must be a whole number from ${low} to ${high}, is ${value}`);
}

function exactly(name: string, array: Float64Array, length: number): void {
  if (array.length !== length) throw new RangeError(`${name} must hold ${length} numbers, holds ${array.length}`);
}

function allFinite(name: string, array: Float64Array): void {
  const at = array.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw new RangeError(`${name}[${at}] must be finite, is ${array[at]}`);
}

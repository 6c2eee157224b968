import { GpCoreChecks } from "./gp-core-checks.ts";
import type { GpCore } from "./gp-core.ts";
import { instantiateKernels } from "./gp-kernels.ts";

/**
 * A core in WebAssembly. Its bits are the same on every machine: no operation that it uses is left to the platform.
 *
 * Memory: up to 4 matrices of count × count numbers, each when it is first needed; it grows and does not shrink.
 */
export function createWasmGpCore(): GpCore {
  return new WasmGpCore();
}

class WasmGpCore implements GpCore {
  readonly #checks = new GpCoreChecks();
  readonly #kernels = instantiateKernels();
  #amplitude = 0;
  #diagonal = 0;
  #quadratic = 0;

  setPoints(points: Float64Array, count: number, numeric: number, mismatch: number): void {
    this.#checks.setPoints(points, count, numeric, mismatch);
    const { reserve, points: place, rowBytes } = this.#kernels;
    reserve(count, numeric, mismatch);
    const features = numeric + mismatch;
    const row = rowBytes.value / 8;
    const byFeature = this.#view(place.value, features * row);
    byFeature.fill(0);
    for (let f = 0; f < features; f++) {
      for (let i = 0; i < count; i++) byFeature[f * row + i] = points[i * features + f] as number;
    }
    this.#checks.pointsSet(count, numeric, mismatch);
  }

  factor(weights: Float64Array, amplitude: number, diagonal: number, count: number, gradient: boolean): number {
    this.#checks.factor(weights, amplitude, diagonal, count);
    this.#amplitude = amplitude;
    this.#diagonal = diagonal;
    this.#view(this.#kernels.weights.value, weights.length).set(weights);
    const failed = this.#kernels.factor(amplitude, diagonal, count, gradient);
    if (failed < 0) this.#checks.factored(count, gradient);
    return failed;
  }

  logDeterminant(): number {
    this.#checks.logDeterminant();
    return this.#kernels.logDeterminant(this.#checks.count);
  }

  solve(y: Float64Array, alpha?: Float64Array): number {
    this.#checks.solve(y, alpha);
    const { alpha: place, rowBytes, solve } = this.#kernels;
    const row = this.#view(place.value, rowBytes.value / 8);
    row.fill(0);
    row.set(y);
    this.#quadratic = solve(y.length);
    this.#checks.solved(y.length);
    alpha?.set(row.subarray(0, alpha.length));
    return this.#quadratic;
  }

  likelihoodGradient(out: Float64Array): void {
    this.#checks.likelihoodGradient(out);
    this.#invertTransposed();
    this.#kernels.likelihoodGradient(this.#checks.count, this.#diagonal, this.#quadratic);
    out.set(this.#view(this.#kernels.results.value, out.length));
  }

  invertFactor(): void {
    this.#checks.invertFactor();
    if (this.#checks.inverse === "all") return;
    this.#invertTransposed();
    this.#kernels.transposeInverse(this.#checks.count);
    this.#checks.inverse = "all";
  }

  posterior(candidates: Float64Array, m: number, mean: Float64Array, variance: Float64Array): void {
    this.#checks.posterior(candidates, m, mean, variance);
    const { count, features } = this.#checks;
    const { CANDIDATES, candidates: place, results, posterior } = this.#kernels;
    const atOnce = CANDIDATES.value;
    const block = this.#view(place.value, atOnce * features);
    const answers = this.#view(results.value, 2 * atOnce);
    for (let start = 0; start < m; start += atOnce) {
      const size = Math.min(atOnce, m - start);
      block.set(candidates.subarray(start * features, (start + size) * features));
      posterior(size, this.#amplitude, count);
      mean.set(answers.subarray(0, size), start);
      variance.set(answers.subarray(atOnce, atOnce + size), start);
    }
  }

  posteriorGradient(
    point: Float64Array,
    out: Float64Array,
    meanGradient: Float64Array,
    varianceGradient: Float64Array,
  ): void {
    this.#checks.posteriorGradient(point, out, meanGradient, varianceGradient);
    const { count, features, numeric } = this.#checks;
    const { candidates, results, posteriorGradient } = this.#kernels;
    this.#view(candidates.value, features).set(point);
    posteriorGradient(this.#amplitude, count);
    const answers = this.#view(results.value, 2 + 2 * numeric);
    out.set(answers.subarray(0, 2));
    meanGradient.set(answers.subarray(2, 2 + numeric));
    varianceGradient.set(answers.subarray(2 + numeric));
  }

  inverseDiagonal(out: Float64Array): void {
    this.#checks.inverseDiagonal(out);
    this.#kernels.inverseDiagonal(out.length);
    out.set(this.#view(this.#kernels.panel.value, out.length));
  }

  /** L⁻ᵀ, which is enough for K⁻¹. */
  #invertTransposed(): void {
    if (this.#checks.inverse !== "none") return;
    this.#kernels.invertTransposed(this.#checks.count);
    this.#checks.inverse = "part";
  }

  /** Made anew each time: a memory that grows leaves its old views empty. */
  #view(address: number, length: number): Float64Array {
    return new Float64Array(this.#kernels.memory.buffer, address, length);
  }
}

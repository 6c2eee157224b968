import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createPlainGpCore } from "../../src/numerics/gp-core-plain.ts";
import { createWasmGpCore } from "../../src/numerics/gp-core-wasm.ts";
import { answer, difference } from "./gp-problem.ts";

/** What `reference/gp_core.py` writes. */
interface ReferenceCase {
  readonly count: number;
  readonly numeric: number;
  readonly mismatch: number;
  readonly amplitude: number;
  readonly diagonal: number;
  readonly weights: readonly number[];
  readonly points: readonly number[];
  readonly y: readonly number[];
  readonly candidates: readonly number[];
  readonly logLikelihood: number;
  readonly byLogWeights: readonly number[];
  readonly byLogAmplitude: number;
  readonly mean: readonly number[];
  readonly variance: readonly number[];
  readonly inverseDiagonal: readonly number[];
}

const cases = JSON.parse(
  readFileSync(new URL("reference/gp-core.json", import.meta.url), "utf8"),
) as readonly ReferenceCase[];

describe.each([
  ["plain", createPlainGpCore],
  ["WebAssembly", createWasmGpCore],
])("the %s core gives what scikit-learn gives", (_, create) => {
  it.each(cases)("with $numeric numeric and $mismatch mismatch features", (reference) => {
    const answers = answer(create(), {
      ...reference,
      points: reference.count,
      candidates: reference.mean.length,
      rows: Float64Array.from(reference.points),
      candidateRows: Float64Array.from(reference.candidates),
      weights: Float64Array.from(reference.weights),
      y: Float64Array.from(reference.y),
    });
    const [logDeterminant] = answers.logDeterminant;
    const [quadratic] = answers.quadratic;
    const likelihood =
      -0.5 * (quadratic as number) - 0.5 * (logDeterminant as number) - 0.5 * reference.count * Math.log(2 * Math.PI);
    const gradient = [...reference.byLogWeights, reference.byLogAmplitude];
    expect(difference([likelihood], [reference.logLikelihood])).toBeLessThan(1e-12);
    expect(difference(answers.likelihoodGradient.subarray(0, -1), gradient)).toBeLessThan(1e-11);
    expect(difference(answers.mean, reference.mean)).toBeLessThan(1e-11);
    expect(difference(answers.variance, reference.variance)).toBeLessThan(1e-11);
    expect(difference(answers.inverseDiagonal, reference.inverseDiagonal)).toBeLessThan(1e-11);
  });
});

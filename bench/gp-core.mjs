// How long the steps of a Gaussian process take: medians in milliseconds, with 10 features (8 numeric), by number of points.
//   npm run build && node bench/gp-core.mjs [points ...]
import { createRng } from "../dist/numerics/rng.js";
import { createWasmGpCore } from "../dist/numerics/gp-core-wasm.js";

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [100, 200, 500, 1000, 2000];
const NUMERIC = 8;
const MISMATCH = 2;
const FEATURES = NUMERIC + MISMATCH;
const CANDIDATES = 512;

const rng = createRng("bench", 0, "sample");
const random = (count) => Float64Array.from({ length: count }, () => rng.uniform());
const rows = (count) =>
  random(count * FEATURES).map((value, at) => (at % FEATURES < NUMERIC ? value : Math.floor(3 * value)));

/** The median of the runs, after some that let the compiler finish. */
function median(runs, step) {
  const times = [];
  for (let run = -runs / 4; run < runs; run++) {
    const start = performance.now();
    step();
    if (run >= 0) times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)];
}

const table = {};
for (const n of sizes) {
  const time = (step) => median(Math.ceil(20_000 / n), step);
  const core = createWasmGpCore();
  core.setPoints(rows(n), n, NUMERIC, MISMATCH);
  const weights = new Float64Array(FEATURES).fill(1);
  const y = random(n).map((value) => value - 0.5);
  const gradient = new Float64Array(FEATURES + 2);
  const factor = (withGradient) => core.factor(weights, 1, 0.01, n, withGradient);
  const candidates = rows(CANDIDATES);
  const mean = new Float64Array(CANDIDATES);
  const variance = new Float64Array(CANDIDATES);
  const out = new Float64Array(2);
  const slopes = [new Float64Array(NUMERIC), new Float64Array(NUMERIC)];

  table[n] = {
    factor: time(() => factor(false)),
    "factor, solve, gradient": time(() => {
      factor(true);
      core.solve(y);
      core.likelihoodGradient(gradient);
    }),
    solve: time(() => core.solve(y)),
    "factor, invertFactor": time(() => {
      factor(false);
      core.invertFactor();
    }),
  };
  core.solve(y);
  Object.assign(table[n], {
    [`posterior of ${CANDIDATES}`]: time(() => core.posterior(candidates, CANDIDATES, mean, variance)),
    posteriorGradient:
      time(() => {
        for (let c = 0; c < 10; c++) {
          core.posteriorGradient(candidates.subarray(c * FEATURES, (c + 1) * FEATURES), out, ...slopes);
        }
      }) / 10,
  });
}
for (const row of Object.values(table)) {
  for (const step of Object.keys(row)) row[step] = Number(row[step].toPrecision(3));
}
console.table(table);

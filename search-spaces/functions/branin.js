// Minimises Branin's function in this process and writes nothing to disk:
//   node search-spaces/functions/branin.js
import { createStudy } from "hpo";
import { branin } from "./test-functions.js";

const OPTIMUM = 0.397887;

const study = await createStudy({
  name: "branin",
  directory: null,
  parameters: {
    x1: { type: "float", low: -5, high: 10 },
    x2: { type: "float", low: 0, high: 15 },
  },
  metric: { name: "value", goal: "minimize" },
  objective: ({ x1, x2 }) => ({ value: branin(x1, x2) }),
  strategy: "bayesian",
  stop: { trials: 50 },
  seed: 42,
});

const { best } = await study.run();
await study.close();
console.log(
  `best of 50 trials: ${best.value.toFixed(6)} at x1 = ${best.params.x1.toFixed(4)}, x2 = ${best.params.x2.toFixed(4)}`,
);
console.log(`the optimum is ${OPTIMUM}: ${(best.value - OPTIMUM).toExponential(1)} above it`);

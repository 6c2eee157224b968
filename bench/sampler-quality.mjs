// What samplers reach on test functions: `node bench/sampler-quality.mjs [trials=50] [seeds=20] [strategies=random,bayesian]`.
// Prints a JSON line for each study: { function, sampler, seed, best, seconds }. bench/optuna-quality.py gives the same of Optuna.
import { createStudy } from "hpo";
import { FUNCTIONS } from "./functions.mjs";

const [trials = "50", seeds = "20", strategies = "random,bayesian"] = process.argv.slice(2);

for (const [name, { parameters, evaluate }] of Object.entries(FUNCTIONS))
  for (const strategy of strategies.split(","))
    for (let seed = 0; seed < Number(seeds); seed++) {
      const before = process.cpuUsage();
      const study = await createStudy({
        name: "quality",
        directory: null,
        parameters,
        metric: { name: "loss", goal: "minimize" },
        objective: (params) => evaluate(params),
        strategy,
        stop: { trials: Number(trials) },
        seed,
      });
      const { best } = await study.run();
      await study.close();
      const { user, system } = process.cpuUsage(before);
      console.log(
        JSON.stringify({ function: name, sampler: strategy, seed, best: best.value, seconds: (user + system) / 1e6 }),
      );
    }

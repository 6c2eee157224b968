// CPU time of a suggestion by the Gaussian process: `node bench/ask.mjs [asks=21]`. For each space and number n of completed
// random trials, `asks` more trials are asked for and told; the line gives the median, quartiles and mean over them of the
// whole process's CPU time of an ask, in milliseconds. bench/optuna_ask.py measures Optuna's GPSampler in the same way.
import { createStudy } from "hpo";
import { ASK_SPACES, loss } from "./ask-spaces.mjs";

const asks = Number(process.argv[2] ?? 21);

for (const [space, parameters] of Object.entries(ASK_SPACES))
  for (const count of [100, 200, 500]) {
    const study = await createStudy({
      name: "ask",
      directory: null,
      parameters,
      metric: { name: "loss", goal: "minimize" },
      strategy: "bayesian",
      stop: { trials: count + asks + 2 },
      seed: 1,
    });
    const random = await createStudy({
      name: "random",
      directory: null,
      parameters,
      metric: { name: "loss", goal: "minimize" },
      strategy: "random",
      stop: { trials: count },
      seed: 2,
    });
    for (let trial = await random.ask(); trial !== undefined; trial = await random.ask()) {
      await study.enqueue(trial.params);
      const given = await study.ask();
      await study.tell(given, loss(parameters, given.params));
      await random.tell(trial, 0);
    }
    await random.close();
    const times = [];
    // The first ask starts the thread.
    for (let index = 0; index <= asks; index++) {
      const before = process.cpuUsage();
      const trial = await study.ask();
      const { user, system } = process.cpuUsage(before);
      if (index > 0) times.push((user + system) / 1000);
      await study.tell(trial, loss(parameters, trial.params));
    }
    await study.close();
    times.sort((a, b) => a - b);
    const at = (share) => times[Math.floor(share * (times.length - 1))].toFixed(1);
    const mean = (times.reduce((a, b) => a + b, 0) / times.length).toFixed(1);
    console.log(
      JSON.stringify({ space, n: count, median: at(0.5), quartiles: [at(0.25), at(0.75)], mean, worst: at(1) }),
    );
  }

// CPU of a trial in the course of a whole study, in memory: suggestion, start, reports, decisions and end together.
//   npm run build && node bench/whole-study.mjs [--pairs random+asha,random+median,tpe+full] [--n 1000,10000,50000] [--reports 5]
// At each n the mean of the trials since nine tenths of it, in milliseconds of CPU of the whole process, threads included.
// Prints one line of JSON for each pair. Trials save no checkpoints.
import { parseArgs } from "node:util";
import { createStudy } from "hpo";

const { values } = parseArgs({
  options: {
    pairs: {
      type: "string",
      default: "random+full,random+asha,random+median,random+hyperband,random+patient,random+threshold",
    },
    n: { type: "string", default: "1000,10000,50000" },
    reports: { type: "string", default: "5" },
  },
});
const marks = values.n.split(",").map(Number);
const reports = Number(values.reports);
const OPTIONS = { threshold: { upper: 1e6 } };

for (const pair of values.pairs.split(",")) {
  const [sampler, scheduler] = pair.split("+");
  console.log(JSON.stringify({ sampler, scheduler, reports, ...(await measure(sampler, scheduler)) }));
}

async function measure(sampler, name) {
  const study = await createStudy({
    name: "whole",
    directory: null,
    metric: { name: "loss", goal: "minimize" },
    parameters: Object.fromEntries(
      Array.from({ length: 5 }, (_, index) => [`x${index}`, { type: "float", low: 0, high: 1 }]),
    ),
    budget: { min: 1, max: 3 ** (reports - 1) },
    strategy: { sampler, scheduler: { name, ...OPTIONS[name] } },
    stop: { trials: marks.at(-1) + 1 },
    seed: 1,
  });
  const milliseconds = {};
  let begun;
  for (let count = 0, next = 0; next < marks.length;) {
    const mark = marks[next];
    if (count === Math.floor(mark * 0.9)) begun ??= process.cpuUsage();
    const trial = await study.ask();
    if (trial === undefined) break;
    await train(study, trial);
    count = study.history.trials.length;
    if (count < mark || begun === undefined) continue;
    const { user, system } = process.cpuUsage(begun);
    milliseconds[mark] = Number(((user + system) / 1000 / (mark - Math.floor(mark * 0.9))).toPrecision(3));
    begun = undefined;
    next++;
  }
  await study.close();
  return { milliseconds };
}

/** Reports at 1, 3, 9, … steps, as far as it is let. */
async function train(study, trial) {
  const floor = trial.params.x0 + trial.params.x1 ** 2;
  for (let step = 1; step <= trial.budget; step *= 3) {
    const { action } = await study.report(trial, { step, loss: floor + 1 / step });
    if (action === "stop") return study.tell(trial, { state: "pruned" });
  }
  return study.tell(trial, { loss: floor + 1 / trial.budget });
}

// What the engine itself costs: 1,000 trials of a function that computes next to nothing, each with 20 improving reports,
// with the journal on disk. Prints CPU seconds of the whole process, durable commits and the journal's size.
//   npm run build && node bench/overhead.mjs
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createStudy } from "hpo";

const directory = mkdtempSync(join(tmpdir(), "hpo-overhead-"));
const study = await createStudy({
  name: "overhead",
  directory,
  metric: { name: "loss", goal: "minimize" },
  parameters: Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [`x${index}`, { type: "float", low: 0, high: 1 }]),
  ),
  objective: async (params, trial) => {
    let loss = 0;
    for (let step = 1; step <= 20; step++) {
      loss = params.x0 + 1 / step - trial.number * 1e-4;
      await trial.report({ step, loss });
    }
    return { loss };
  },
  strategy: "random",
  stop: { trials: 1000 },
  seed: 1,
});
const start = performance.now();
await study.run();
await study.close();
const { user, system } = process.cpuUsage();
console.log(
  JSON.stringify({
    trials: study.history.trials.length,
    cpuSeconds: (user + system) / 1e6,
    wallSeconds: (performance.now() - start) / 1000,
    commits: study.commits,
    journalBytes: statSync(join(directory, "overhead", "journal.jsonl")).size,
  }),
);
rmSync(directory, { recursive: true });

// `npm run bench` says what there is; `npm run bench -- FOLDER` measures suggestions and samplers with a folder of problems.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SAMPLERS } from "../dist/samplers/registry.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const results = join(here, "results");
const [folder] = process.argv.slice(2);

if (folder === undefined) {
  console.log(`npm run bench -- FOLDER    CPU and memory of a suggestion, and what samplers reach on FOLDER's problems: half an
                           hour. FOLDER has reader.mjs, dev/problems.json and bbob/bbob.mjs; the lines go to
                           bench/results/, and studies that are there are not run again

One at a time, each with --help or its options in its first lines:
  bench/suggest-latency.mjs    CPU and memory of one suggestion after n trials       optuna_latency.py: the same of Optuna
  bench/compare-latency.mjs    the ratios of both
  bench/sample-efficiency.mjs  the best of n trials on problems and test functions   optuna_functions.py: the same of Optuna
  bench/summarize.mjs          ranks, wins and confidence intervals of those
  bench/multi-fidelity.mjs     the same of strategies, by training steps, and what their stops miss
  bench/summarize-mf.mjs       means, first times of a level, pairs and stops of those
  bench/overhead.mjs           what the engine adds to a trial
  bench/large-study.mjs        a journal of 100,000 trials, to read it with any command
  bench/whole-study.mjs        CPU of a trial after n trials of a whole study, by sampler and scheduler
  bench/soak.mjs               memory and descriptors of all processes over a long study (npm run soak)
  bench/start-up.mjs           from the command to the first call of the objective
  bench/gp-core.mjs            the algebra of a Gaussian process`);
  process.exit();
}

function run(program, args, stdout = "inherit") {
  const { status, signal } = spawnSync(process.execPath, [join(here, program), ...args], {
    stdio: ["ignore", stdout, "inherit"],
  });
  if (signal !== null) process.exit(1);
  if (status !== 0) process.exitCode = 1;
}

mkdirSync(results, { recursive: true });
const latency = join(results, "latency.jsonl");
run("suggest-latency.mjs", ["--n", "100,1000", "--asks", "11"], openSync(latency, "w"));
run("compare-latency.mjs", [latency]);

const extent = ["--samplers", Object.keys(SAMPLERS).join(","), "--seeds", "0-2", "--jobs", "2"];
const peers = ["optuna-sf", "optuna-gp"].map((name) => join(folder, "peers", `${name}.jsonl.gz`)).filter(existsSync);
// Apart, since the peers' files have no functions.
const measured = {
  functions: { words: ["--functions", "branin,hartmann6,ackley-10,rosenbrock-5"], beside: [] },
  problems: { words: ["--problems", "all"], beside: peers.map((file) => `optuna=${file}`) },
};
for (const [name, { words, beside }] of Object.entries(measured)) {
  const runs = join(results, `${name}.jsonl`);
  run("sample-efficiency.mjs", [folder, ...words, ...extent, "--out", runs]);
  run("summarize.mjs", [runs, ...beside, "--method", "auto", "--brief"]);
}

// A process of study-pool.mjs: it is sent one study after the other, and answers with its rows, or with what went wrong.
import { findProblems } from "./problem-folder.mjs";
import { runSampler } from "./run-sampler.mjs";
import { runStrategy } from "./run-strategy.mjs";

const RUNNERS = { sampler: runSampler, strategy: runStrategy };

const [, , sources, runner] = process.argv;
const problems = await findProblems(JSON.parse(sources));
const made = new Map();

async function answer(run) {
  try {
    if (!made.has(run.problem)) made.set(run.problem, problems.get(run.problem)());
    return { rows: await RUNNERS[runner](made.get(run.problem), run) };
  } catch (error) {
    return { error: error.message };
  }
}

process.on("message", (run) => void answer(run).then((result) => process.send(result)));
process.send("ready");

// A process of sample-efficiency.mjs: it is sent one study after the other, and answers with its rows, or with
// what went wrong.
import { findProblems } from "./problem-folder.mjs";
import { runSampler } from "./run-sampler.mjs";

const problems = await findProblems(JSON.parse(process.argv[2]));
const made = new Map();

async function answer(run) {
  try {
    if (!made.has(run.problem)) made.set(run.problem, problems.get(run.problem)());
    return { rows: await runSampler(made.get(run.problem), run) };
  } catch (error) {
    return { error: error.message };
  }
}

process.on("message", (run) => void answer(run).then((result) => process.send(result)));
process.send("ready");

// How good a configuration samplers find in how many trials, at full fidelity: a JSON line for each trial.
//   npm run build && node bench/sample-efficiency.mjs [FOLDER] --problems all --samplers random,gp --out runs.jsonl
import { parseArgs } from "node:util";
import { FUNCTION_WORDS } from "./functions.mjs";
import { findProblems } from "./problem-folder.mjs";
import { countOf, runStudies } from "./study-pool.mjs";

const USAGE = `node bench/sample-efficiency.mjs [FOLDER] …
  FOLDER               of problems, with reader.mjs; not needed for --functions without BBOB
  --problems IDS       all, or ids with commas between; lcbench* stands for all that begin so
  --set dev            the subfolder that they are in
  --functions WORDS    ${FUNCTION_WORDS}
  --samplers random,gp words of the registry of samplers; the scheduler is "full"
  --trials 100
  --seeds 0-9          a range, or numbers with commas between
  --out FILE           appends; what is in it already is not run again. Without it the lines go to stdout
  --jobs 1             processes
  --slots 1            trials open at once, on a virtual clock (--virtual says so, and there is no other)
  --duration uniform   of a trial on that clock: uniform (0.5 to 1.5), or the problem's cost`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    problems: { type: "string" },
    set: { type: "string", default: "dev" },
    functions: { type: "string" },
    samplers: { type: "string", default: "random,gp" },
    trials: { type: "string", default: "100" },
    seeds: { type: "string", default: "0-9" },
    out: { type: "string" },
    jobs: { type: "string", default: "1" },
    slots: { type: "string", default: "1" },
    virtual: { type: "boolean" },
    duration: { type: "string", default: "uniform" },
    help: { type: "boolean" },
  },
});
if (options.help === true || (options.problems === undefined && options.functions === undefined)) {
  console.log(USAGE);
  process.exit(options.help === true ? 0 : 2);
}
if (!["uniform", "cost"].includes(options.duration))
  throw new Error(`--duration: expected uniform or cost, received "${options.duration}"`);

const sources = { folder: positionals[0], set: options.set, problems: options.problems, functions: options.functions };
const trials = countOf(options, "trials");
const slots = countOf(options, "slots");
const problems = [...(await findProblems(sources)).keys()];
const wanted = seedsOf(options.seeds).flatMap((seed) =>
  problems.flatMap((problem) =>
    options.samplers.split(",").map((sampler) => ({
      problem,
      method: slots === 1 ? sampler : `${sampler}@${slots}${options.duration === "cost" ? "-cost" : ""}`,
      sampler,
      seed,
      trials,
      slots,
      duration: options.duration,
    })),
  ),
);
await runStudies(wanted, {
  sources,
  runner: "sampler",
  out: options.out,
  jobs: countOf(options, "jobs"),
  isLast: ({ trial }) => trial + 1 >= trials,
});

function seedsOf(text) {
  return text.split(",").flatMap((part) => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    if (first === undefined) throw new Error(`--seeds: expected such as 0-9 or 1,2,5, received "${text}"`);
    return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index);
  });
}

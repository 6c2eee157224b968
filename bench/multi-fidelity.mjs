// How good a configuration strategies find with how many training steps, on problems with learning curves, and what they
// miss by their stops: a JSON line for each run's end and one for each study.
//   npm run build && node bench/multi-fidelity.mjs FOLDER --problems all --strategies default,random --out mf.jsonl
import { parseArgs } from "node:util";
import { findProblems } from "./problem-folder.mjs";
import { countOf, runStudies } from "./study-pool.mjs";

const USAGE = `node bench/multi-fidelity.mjs FOLDER …
  FOLDER               of problems, with reader.mjs
  --problems IDS       all that train in steps, or ids with commas between; lcbench* stands for all that begin so
  --set dev            the subfolder that they are in
  --strategies default words of the spec, or sampler+scheduler; default is a spec without a strategy
  --units 30           the budget of a study, in full trainings
  --trials N           in place of --units: a study ends by its own rule, when so many trials have been tried and judged
  --seeds 10           how many, from --first-seed
  --first-seed 0
  --slots 1            runs at once, on a virtual clock
  --duration uniform   of a step on that clock: uniform (0.5 to 1.5 for each trial), or the problem's cost
  --no-resume          nothing is saved: a promoted trial starts again, and pays again
  --out FILE           appends; what is in it already is not run again. Without it the lines go to stdout
  --jobs 1             processes`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    problems: { type: "string" },
    set: { type: "string", default: "dev" },
    strategies: { type: "string", default: "default" },
    units: { type: "string", default: "30" },
    trials: { type: "string" },
    seeds: { type: "string", default: "10" },
    "first-seed": { type: "string", default: "0" },
    slots: { type: "string", default: "1" },
    duration: { type: "string", default: "uniform" },
    "no-resume": { type: "boolean", default: false },
    out: { type: "string" },
    jobs: { type: "string", default: "1" },
    help: { type: "boolean" },
  },
});
if (options.help === true || options.problems === undefined) {
  console.log(USAGE);
  process.exit(options.help === true ? 0 : 2);
}
if (!["uniform", "cost"].includes(options.duration))
  throw new Error(`--duration: expected uniform or cost, received "${options.duration}"`);

const sources = { folder: positionals[0], set: options.set, problems: options.problems };
const slots = countOf(options, "slots");
const trials = options.trials === undefined ? undefined : countOf(options, "trials");
const units = trials === undefined ? countOf(options, "units") : null;
const resume = !options["no-resume"];
const firstSeed = countOf(options, "first-seed", 0);
const seeds = Array.from({ length: countOf(options, "seeds") }, (_, index) => firstSeed + index);
const found = [...(await findProblems(sources))].map(([id, make]) => ({ id, steps: make().steps }));
const problems = found.filter(({ steps }) => steps !== undefined).map(({ id }) => id);
if (problems.length === 0)
  throw new Error(`--problems: none of ${found.map(({ id }) => id).join(", ")} has learning curves`);
console.error(`${problems.length} of ${found.length} problems train in steps`);

const how = [
  slots === 1 ? "" : `@${slots}`,
  options.duration === "cost" ? "-cost" : "",
  resume ? "" : "-no-resume",
  trials === undefined ? "" : `-${trials}-trials`,
];
const wanted = seeds.flatMap((seed) =>
  problems.flatMap((problem) =>
    options.strategies.split(",").map((strategy) => ({
      problem,
      method: `${strategy}${how.join("")}`,
      strategy,
      seed,
      units,
      trials,
      slots,
      duration: options.duration,
      resume,
    })),
  ),
);
await runStudies(wanted, {
  sources,
  runner: "strategy",
  out: options.out,
  jobs: countOf(options, "jobs"),
  isLast: (row) => row.kind === "stops" && row.units === units,
});

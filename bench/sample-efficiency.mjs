// How good a configuration samplers find in how many trials, at full fidelity: a JSON line for each trial.
//   npm run build && node bench/sample-efficiency.mjs [FOLDER] --problems all --samplers random,gp --out runs.jsonl
import { fork } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { FUNCTION_WORDS } from "./functions.mjs";
import { findProblems } from "./problem-folder.mjs";

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
const trials = countOf("trials");
const slots = countOf("slots");
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
const keyOf = ({ problem, method, seed }) => `${problem} ${method} ${seed}`;
const finished = options.out === undefined ? new Set() : keepFinished(options.out, new Set(wanted.map(keyOf)));
const runs = wanted.filter((run) => !finished.has(keyOf(run)));
console.error(`${wanted.length} studies, ${finished.size} of them finished before`);
const total = runs.length;
let ended = 0;
await Promise.all(Array.from({ length: Math.min(countOf("jobs"), total) }, work));

/** Takes runs from the list until it is empty, in a process of its own. */
async function work() {
  const child = fork(fileURLToPath(new URL("./sample-efficiency-worker.mjs", import.meta.url)), [
    JSON.stringify(sources),
  ]);
  const died = once(child, "exit").then(([code, signal]) => {
    throw new Error(`a process of the benchmark ended with ${code ?? signal}; what is finished stays in the file`);
  });
  died.catch(() => undefined);
  await Promise.race([once(child, "message"), died]);
  for (let run = runs.shift(); run !== undefined; run = runs.shift()) {
    child.send(run);
    const [{ rows, error }] = await Promise.race([once(child, "message"), died]);
    const place = `${++ended}/${total} ${run.problem} ${run.method} seed ${run.seed}`;
    if (error !== undefined) {
      console.error(`${place}: ${error}`);
      process.exitCode = 1;
      continue;
    }
    write(rows);
    const { nregret, best, wall_s: seconds } = rows.at(-1);
    console.error(`${place}: best ${best?.toPrecision(6)}, nregret ${nregret?.toFixed(4)}, ${seconds.toFixed(1)} s`);
  }
  child.disconnect();
}

function write(rows) {
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  if (options.out === undefined) process.stdout.write(lines);
  else appendFileSync(options.out, lines);
}

/**
 * The keys of the runs that the file holds whole. Of those that are wanted, the others' rows are taken out: a killed process
 * wrote them in part, or they have fewer trials.
 */
function keepFinished(file, asked) {
  if (!existsSync(file)) return new Set();
  const lines = readFileSync(file, "utf8").split("\n");
  const torn = lines.pop() !== "";
  const rows = lines.map((line) => JSON.parse(line));
  const whole = new Set(rows.filter(({ trial }) => trial + 1 >= trials).map(keyOf));
  const kept = lines.filter((_, index) => !asked.has(keyOf(rows[index])) || whole.has(keyOf(rows[index])));
  if (torn || kept.length < lines.length) {
    writeFileSync(`${file}.new`, kept.map((line) => `${line}\n`).join(""));
    renameSync(`${file}.new`, file);
  }
  return new Set([...whole].filter((key) => asked.has(key)));
}

function countOf(name) {
  const number = Number(options[name]);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`--${name}: expected a whole number of at least 1, received "${options[name]}"`);
  return number;
}

function seedsOf(text) {
  return text.split(",").flatMap((part) => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    if (first === undefined) throw new Error(`--seeds: expected such as 0-9 or 1,2,5, received "${text}"`);
    return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index);
  });
}

// What one suggestion costs after n trials: CPU of the whole process, its threads included, and memory. A JSON line for each
// case, each in a process of its own. optuna_latency.py measures Optuna in the same way, compare-latency.mjs compares.
//   npm run build && node bench/suggest-latency.mjs --samplers gp,random --n 100,500 > hpo.jsonl
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { SAMPLERS } from "../dist/samplers/registry.js";
import { SPACES } from "./latency-spaces.mjs";

/** A Gaussian process is cubic in n. */
const MOST = { gp: 2000 };

const { values: options } = parseArgs({
  options: {
    samplers: { type: "string", default: Object.keys(SAMPLERS).join(",") },
    spaces: { type: "string", default: Object.keys(SPACES).join(",") },
    n: { type: "string", default: "50,100,200,500,1000,2000,5000,10000" },
    // Asks that are timed; at least five, then no more than come within the seconds.
    asks: { type: "string", default: "21" },
    seconds: { type: "string", default: "60" },
  },
});

const run = promisify(execFile);
const program = fileURLToPath(new URL("latency-case.mjs", import.meta.url));
for (const sampler of options.samplers.split(","))
  for (const space of options.spaces.split(","))
    for (const n of options.n.split(",").filter((count) => Number(count) <= (MOST[sampler] ?? Infinity)))
      try {
        const { stdout } = await run(process.execPath, [program, space, sampler, n, options.asks, options.seconds]);
        process.stdout.write(stdout);
      } catch (error) {
        console.error(`${sampler} on ${space}, n = ${n}: ${error.stderr || error.message}`);
        process.exitCode = 1;
      }

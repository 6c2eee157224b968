// Studies in processes of their own, their rows appended to a file; what the file holds already is not run again.
import { fork } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const keyOf = ({ problem, method, seed }) => `${problem} ${method} ${seed}`;

/**
 * Runs the studies that the file does not hold whole; one that fails is said on stderr, and sets the exit code.
 *
 * @param wanted studies, each { problem, method, seed, … }, which study-worker.mjs hands to a runner of its table
 * @param options.sources where problems are, for findProblems
 * @param options.runner a word of that table
 * @param options.out the file of JSON lines, or undefined for stdout
 * @param options.isLast whether a row is the last one of its study
 */
export async function runStudies(wanted, { sources, runner, out, jobs, isLast }) {
  const finished = out === undefined ? new Set() : keepFinished(out, new Set(wanted.map(keyOf)), isLast);
  const runs = wanted.filter((run) => !finished.has(keyOf(run)));
  console.error(`${wanted.length} studies, ${finished.size} of them finished before`);
  const total = runs.length;
  let ended = 0;
  await Promise.all(Array.from({ length: Math.min(jobs, total) }, work));

  /** Takes runs from the list until it is empty, in a process of its own. */
  async function work() {
    const child = fork(fileURLToPath(new URL("./study-worker.mjs", import.meta.url)), [
      JSON.stringify(sources),
      runner,
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
      write(rows, out);
      const { nregret, best, wall_s: seconds } = rows.at(-1);
      console.error(`${place}: best ${best?.toPrecision(6)}, nregret ${nregret?.toFixed(4)}, ${seconds.toFixed(1)} s`);
    }
    child.disconnect();
  }
}

function write(rows, out) {
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  if (out === undefined) process.stdout.write(lines);
  else appendFileSync(out, lines);
}

/**
 * The keys of the runs that the file holds whole. Of those that are wanted, the others' rows are taken out: a killed process
 * wrote them in part, or they are shorter.
 */
function keepFinished(file, asked, isLast) {
  if (!existsSync(file)) return new Set();
  const lines = readFileSync(file, "utf8").split("\n");
  const torn = lines.pop() !== "";
  const rows = lines.map((line) => JSON.parse(line));
  const whole = new Set(rows.filter(isLast).map(keyOf));
  const kept = lines.filter((_, index) => !asked.has(keyOf(rows[index])) || whole.has(keyOf(rows[index])));
  if (torn || kept.length < lines.length) {
    writeFileSync(`${file}.new`, kept.map((line) => `${line}\n`).join(""));
    renameSync(`${file}.new`, file);
  }
  return new Set([...whole].filter((key) => asked.has(key)));
}

/** @param options texts by name, as parseArgs gives them */
export function countOf(options, name, low = 1) {
  const number = Number(options[name]);
  if (!Number.isInteger(number) || number < low)
    throw new Error(`--${name}: expected a whole number of at least ${low}, received "${options[name]}"`);
  return number;
}

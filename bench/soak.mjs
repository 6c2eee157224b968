// Whether anything grows with the trials that were run: memory and descriptors of every process at the end of a long study
// beside those after a tenth of it.
//   npm run soak -- [--functions 100000] [--processes 10000] [--slots 2]
// Function trials run in this process, and what its history must hold of them is told apart: heap after a collection, per trial.
// Exit code 1 where a process of the slots has grown by more than a tenth, or has more descriptors.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { createStudy } from "hpo";

const MOST_GROWTH = 1.1;
/** A heap that is small grows by what was not collected yet: so much is no leak. */
const SLACK_KB = 8_192;

const { values } = parseArgs({
  options: {
    functions: { type: "string", default: "100000" },
    processes: { type: "string", default: "10000" },
    slots: { type: "string", default: "2" },
  },
});
const folder = mkdtempSync(join(tmpdir(), "hpo-soak-"));
try {
  const results = [];
  if (Number(values.functions) > 0) results.push(...(await soak("functions", Number(values.functions))));
  if (Number(values.processes) > 0) results.push(...(await soak("processes", Number(values.processes))));
  for (const each of results) console.log(JSON.stringify(each));
  if (results.some(({ grows }) => grows)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}

async function soak(kind, trials) {
  const file = join(folder, "objective.mjs");
  writeFileSync(file, "export default ({ x }) => ({ loss: x });\n");
  const study = await createStudy({
    name: kind,
    directory: folder,
    metric: { name: "loss", goal: "minimize" },
    parameters: { x: { type: "float", low: 0, high: 1 } },
    objective: kind === "functions" ? ({ x }) => ({ loss: x }) : pathToFileURL(file),
    strategy: "random",
    workers: { gpus: "none", cpus: kind === "functions" ? 1 : Number(values.slots) },
    stop: { trials },
    seed: 1,
  });
  const run = study.run();
  let first;
  let last;
  let ended = 0;
  for await (const event of run) {
    if (event.type !== "run-ended") continue;
    ended++;
    if (ended === Math.ceil(trials / 10)) first = snapshot();
    // While its processes live.
    if (ended === trials - Number(values.slots)) last = snapshot();
  }
  await run;
  await study.close();
  return compare(kind, trials, first, last);
}

/** By process: what it is, its memory in KB and its descriptors. This one's memory is its heap after a collection. */
function snapshot() {
  globalThis.gc?.();
  const found = new Map();
  for (const pid of family(process.pid)) {
    try {
      const own = pid === process.pid;
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(1, 2).join(" ").split("/").at(-1);
      const memory = own ? Math.round(process.memoryUsage().heapUsed / 1024) : proportional(pid);
      found.set(pid, { command, memory, descriptors: readdirSync(`/proc/${pid}/fd`).length });
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

function proportional(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1]);
}

function family(root) {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" }).trim().split("\n");
  const pairs = lines.map((line) => line.trim().split(/\s+/)).filter(([, , name]) => name !== "ps");
  const found = [root];
  for (const pid of found) for (const [child, parent] of pairs) if (Number(parent) === pid) found.push(Number(child));
  return found;
}

function compare(kind, trials, first, last) {
  return [...last].flatMap(([pid, now]) => {
    const before = first.get(pid);
    if (before === undefined) return [];
    const perTrial = Math.round((1024 * (now.memory - before.memory)) / (0.9 * trials));
    const coordinator = pid === process.pid;
    // The history of a study grows with its trials; nothing else may.
    const grows =
      now.descriptors > before.descriptors * MOST_GROWTH + 1 ||
      (!coordinator && now.memory > before.memory * MOST_GROWTH + SLACK_KB);
    return [
      { kind, trials, process: coordinator ? "coordinator" : now.command, before, now, bytesPerTrial: perTrial, grows },
    ];
  });
}

// Reads the JSON lines of sample-efficiency.mjs, or of others with its columns, as runs.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/**
 * @param sources files, "-" for stdin; `label=FILE` puts "label-" before its methods; a name in .gz is unpacked
 * @returns a Map from method to problem to seed to run: { regrets, best, seconds, nearest }, of which `regrets` are the
 *   normalised ones after each trial; null, where nothing has succeeded yet, counts as 1
 */
export function readRuns(sources) {
  const methods = new Map();
  for (const source of sources) {
    const [, label, file] = /^(?:([\w.]+)=)?(.*)$/.exec(source);
    const bytes = readFileSync(file === "-" ? 0 : file);
    const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
    for (const line of text.split("\n"))
      if (line.startsWith("{")) addRow(methods, JSON.parse(line), label === undefined ? "" : `${label}-`);
  }
  return methods;
}

function addRow(methods, row, prefix) {
  const problems = getOrMake(methods, prefix + row.method, () => new Map());
  const seeds = getOrMake(problems, row.problem, () => new Map());
  const run = getOrMake(seeds, row.seed, () => ({ regrets: [], nearest: [] }));
  run.regrets[row.trial] = row.nregret ?? 1;
  run.best = row.best;
  run.seconds = row.cpu_s ?? row.wall_s;
  if (row.nearest_pending !== undefined && row.nearest_pending !== null) run.nearest.push(row.nearest_pending);
}

function getOrMake(map, key, make) {
  if (!map.has(key)) map.set(key, make());
  return map.get(key);
}

/** The regret after n trials; one that ended earlier keeps what it had reached. */
export function regretAt({ regrets }, n) {
  return regrets[Math.min(n, regrets.length) - 1];
}

/** What a problem's id says that it belongs to: what stands before its first dash, and of BBOB the dimension too. */
export function groupOf(problem) {
  const [, dimension] = /^bbob-.*-(d\d+)$/.exec(problem) ?? [];
  return dimension === undefined ? problem.split("-")[0] : `bbob-${dimension}`;
}

// Reads the JSON lines of sample-efficiency.mjs and multi-fidelity.mjs, or of others with their columns, as runs.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/**
 * @param sources files, "-" for stdin; `label=FILE` puts "label-" before its methods; a name in .gz is unpacked
 * @returns a Map from method to problem to seed to run: { regrets, best, seconds, nearest }, of which `regrets` are the
 *   normalised ones after each trial; null, where nothing has succeeded yet, counts as 1
 */
export function readRuns(sources) {
  const make = () => ({ regrets: [], nearest: [] });
  return collect(sources, make, (run, row) => {
    run.regrets[row.trial] = row.nregret ?? 1;
    run.best = row.best;
    run.seconds = row.cpu_s ?? row.wall_s;
    if (row.nearest_pending !== undefined && row.nearest_pending !== null) run.nearest.push(row.nearest_pending);
  });
}

/**
 * The same of multi-fidelity.mjs.
 *
 * @returns a Map from method to problem to seed to course: { used, regrets, last, stops, seconds }, of which `regrets` are
 *   the incumbent's after as many training steps as `used` says, null before the first; `last` is the last step of any run,
 *   and `stops` the judgement of them, undefined where the file has none
 */
export function readCourses(sources) {
  const make = () => ({ used: [], regrets: [], last: 0, stops: undefined, seconds: 0 });
  return collect(sources, make, (course, row) => {
    if (row.kind === "stops") {
      course.stops = row;
      course.last = row.steps;
      return;
    }
    course.used.push(row.resource_used);
    // An incumbent that diverges later has no regret; the one before it stands for it.
    course.regrets.push(row.nregret ?? course.regrets.at(-1) ?? null);
    course.last = Math.max(course.last, row.step);
    course.seconds = row.cpu_s ?? row.wall_s;
  });
}

/** The normalised regret after as many steps; undefined where no run has ended well by then. */
export function regretAfter({ used, regrets }, steps) {
  // Rows of runs that were cut when the budget was used up have the same `used`.
  const row = used.findLastIndex((each) => each <= steps);
  return regrets[row] ?? undefined;
}

function collect(sources, make, add) {
  const methods = new Map();
  for (const source of sources) {
    const [, label, file] = /^(?:([\w.]+)=)?(.*)$/.exec(source);
    const bytes = readFileSync(file === "-" ? 0 : file);
    const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
    for (const line of text.split("\n")) {
      if (!line.startsWith("{")) continue;
      const row = JSON.parse(line);
      const problems = getOrMake(methods, `${label === undefined ? "" : `${label}-`}${row.method}`, () => new Map());
      const seeds = getOrMake(problems, row.problem, () => new Map());
      add(getOrMake(seeds, row.seed, make), row);
    }
  }
  return methods;
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

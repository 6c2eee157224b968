// Compares strategies by the JSON lines of multi-fidelity.mjs or of others with its columns, and says what their stops missed.
//   node bench/summarize-mf.mjs mf.jsonl --peers optuna=peers.jsonl.gz
import { mean } from "simple-statistics";
import { parseArgs } from "node:util";
import { groupOf, readCourses, regretAfter } from "./runs.mjs";
import { bootstrap, pair, wilson } from "./statistics.mjs";
import { printTable } from "./table.mjs";

const USAGE = `node bench/summarize-mf.mjs FILE… …
  FILE               JSON lines, also .gz; - is stdin; label=FILE puts "label-" before its methods
  --peers FILE       those of others, more than once if need be; without a label, "peer-" is put before their methods
  --method A,B       those that are compared with others; left out: all of FILE…
  --against A,B      what they are compared with; left out: the best peer
  --at 3,5,10,20,30  after how many full trainings
  --level X          the regret whose first time is told; left out: the best peer's at the end
  --brief            without the table of every problem`;

/** Worse than another on a problem is who has more regret than its own by this share and by this much. */
const WORSE = { share: 0.05, plus: 0.01 };
/** How many times a full training the level is looked for. */
const PER_UNIT = 4;

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    peers: { type: "string", multiple: true, default: [] },
    method: { type: "string" },
    against: { type: "string" },
    at: { type: "string", default: "3,5,10,20,30" },
    level: { type: "string" },
    brief: { type: "boolean", default: false },
    help: { type: "boolean" },
  },
});
const sources = options.peers.map((file) => (file.includes("=") ? file : `peer=${file}`));
if (options.help === true || files.length + sources.length === 0) {
  console.log(USAGE);
  process.exit(options.help === true ? 0 : 2);
}

const ours = readCourses(files);
const peers = readCourses(sources);
const all = new Map([...ours, ...peers]);
const names = [...all.keys()];
const points = options.at.split(",").map(Number);
const end = points.at(-1);
const problems = [...new Set([...all.values()].flatMap((each) => [...each.keys()]))].sort((a, b) => a.localeCompare(b));
const groups = ["all", ...new Set(problems.map(groupOf))];
/** Of each problem: how many steps a full training has. */
const steps = new Map(problems.map((problem) => [problem, Math.max(...coursesOn(problem).map(({ last }) => last))]));
const best = bestOf([...peers.keys()]);

printMeans();
if (!options.brief) printProblems();
printLevel();
printPairs();
printStops();
printSlots();

function coursesOn(problem) {
  return names.flatMap((name) => [...(all.get(name).get(problem)?.values() ?? [])]);
}

function idsOf(group) {
  return group === "all" ? problems : problems.filter((problem) => groupOf(problem) === group);
}

/** The regret of a run after n full trainings; without a value yet it is 1. */
function regretAt(course, problem, n) {
  return regretAfter(course, n * steps.get(problem)) ?? 1;
}

/** The mean over problems that the method has of the mean over its seeds; undefined where it has none. */
function meanAt(name, ids, n) {
  const own = ids.filter((problem) => all.get(name).has(problem));
  if (own.length === 0) return undefined;
  return mean(own.map((problem) => mean([...all.get(name).get(problem).values()].map((c) => regretAt(c, problem, n)))));
}

/** Who of those that have every problem is best at the end. */
function bestOf(some) {
  const complete = some.filter((name) => problems.every((problem) => all.get(name).has(problem)));
  const at = (name) => meanAt(name, problems, end);
  return complete.sort((a, b) => at(a) - at(b))[0];
}

function printMeans() {
  const rows = groups.flatMap((group) => {
    const ids = idsOf(group);
    return names
      .filter((name) => ids.some((problem) => all.get(name).has(problem)))
      .map((name) => {
        const own = ids.filter((problem) => all.get(name).has(problem));
        const seeds = own.map((problem) => all.get(name).get(problem).size);
        const range = [...new Set([Math.min(...seeds), Math.max(...seeds)])].join("-");
        return [group, name, own.length, range, ...points.map((n) => digits(meanAt(name, ids, n)))];
      });
  });
  printTable(
    "Normalised regret of the incumbent at full fidelity after n full trainings: mean over problems of the mean over seeds",
    ["group", "method", "problems", "seeds", ...points.map(String)],
    rows,
  );
  const without = names.flatMap((name) =>
    points.flatMap((n) => {
      const missing = [...all.get(name)].flatMap(([problem, seeds]) =>
        [...seeds.values()].filter((course) => regretAfter(course, n * steps.get(problem)) === undefined),
      ).length;
      return missing === 0 ? [] : [`${name} at ${n}: ${missing}`];
    }),
  );
  console.log(`A run without a value yet counts as 1.0: ${without.length === 0 ? "none does" : without.join("; ")}`);
}

function printProblems() {
  const rows = problems.flatMap((problem) =>
    names
      .filter((name) => all.get(name).has(problem))
      .map((name) => [problem, name, ...points.map((n) => digits(meanAt(name, [problem], n)))]),
  );
  printTable("The same of each problem", ["problem", "method", ...points.map(String)], rows);
}

function printLevel() {
  const judge = best ?? bestOf(names);
  if (options.level === undefined && judge === undefined) return;
  const rows = groups.map((group) => {
    const ids = idsOf(group);
    const level = options.level === undefined ? meanAt(judge, ids, end) : Number(options.level);
    return [group, digits(level), ...names.map((name) => firstAt(name, ids, level))];
  });
  const whose = options.level === undefined ? `what ${judge} has after ${end}` : "the level";
  printTable(`Full trainings until the mean regret is at most ${whose}`, ["group", "level", ...names], rows);
}

function firstAt(name, ids, level) {
  if (!ids.every((problem) => all.get(name).has(problem))) return "-";
  for (let tick = 1; tick <= end * PER_UNIT; tick++)
    if (meanAt(name, ids, tick / PER_UNIT) <= level + 1e-12) return (tick / PER_UNIT).toFixed(2);
  return `> ${end}`;
}

function printPairs() {
  const compared = options.method?.split(",").map(known) ?? [...ours.keys()];
  const others = options.against?.split(",").map(known) ?? (best === undefined ? [] : [best]);
  for (const other of others)
    for (const name of compared.filter((each) => each !== other)) {
      const pairs = new Map(problems.map((problem) => [problem, pairsOn(name, other, problem)]));
      const paired = problems.filter((problem) => pairs.get(problem).length > 0);
      if (paired.length === 0) continue;
      const rows = paired.map((problem) => rowOfPairs(problem, [pairs.get(problem)]));
      const together = rowOfPairs(
        "all",
        paired.map((problem) => pairs.get(problem)),
      );
      const share = `${100 * WORSE.share} % + ${WORSE.plus}`;
      printTable(
        `Regret after ${end} of ${name} − ${other}, paired by seed, with its 95 % interval; "worse": by more than ${share}`,
        ["problem", "pairs", name, other, "difference", "interval", ""],
        [...rows, together],
      );
    }
}

function pairsOn(name, other, problem) {
  const at = (each) =>
    new Map([...(all.get(each).get(problem) ?? [])].map(([seed, course]) => [seed, regretAt(course, problem, end)]));
  return pair(at(name), at(other));
}

function rowOfPairs(label, pairs) {
  const { mean: difference, low, high } = bootstrap(pairs.map((runs) => runs.map(([a, b]) => a - b)));
  const [own, theirs] = [0, 1].map((side) => mean(pairs.map((runs) => mean(runs.map((run) => run[side])))));
  const worse = own > theirs * (1 + WORSE.share) + WORSE.plus;
  const interval = `${digits(low)} … ${digits(high)}`;
  return [label, pairs.flat().length, digits(own), digits(theirs), digits(difference), interval, worse ? "worse" : ""];
}

function printStops() {
  const rows = groups.flatMap((group) =>
    names.flatMap((name) => {
      const judged = idsOf(group).flatMap((problem) =>
        [...(all.get(name).get(problem)?.values() ?? [])].flatMap(({ stops }) => stops ?? []),
      );
      if (judged.length === 0) return [];
      const sum = (column) => judged.reduce((total, stops) => total + stops[column], 0);
      const lost = (column) => inWords(sum(`${column}_stopped`), sum(column));
      return [
        [
          group,
          name,
          judged.length,
          sum("trials"),
          percent(sum("full"), sum("trials")),
          percent(sum("stopped"), sum("trials")),
          percent(sum("paused"), sum("trials")),
          lost("would_be_opposed"),
          lost("would_be"),
          lost("records"),
          inWords(judged.filter((stops) => stops.would_be_final_stopped > 0).length, judged.length),
          inWords(judged.filter((stops) => stops.best_lost === "stopped").length, judged.length),
          judged.filter((stops) => stops.best_lost === "paused").length,
        ],
      ];
    }),
  );
  if (rows.length === 0) return;
  printTable(
    `Stops. Lost: stopped by the scheduler although better at the full budget, of all that were better, with Wilson's 95 %
interval: than every trial complete by then (of which there is one; "or none": also before that), or than every trial
started before. Then the studies that stopped one better than their final incumbent, or the best of all that they started;
and those in which that one was only paused when the budget ran out`,
    // prettier-ignore
    ["group", "method", "studies", "trials", "full", "stopped", "paused", "lost", "lost, or none", "lost records", "lost final", "lost best", "paused best"],
    rows,
  );
}

function printSlots() {
  const rows = names.flatMap((name) => {
    const judged = [...all.get(name).values()].flatMap((seeds) =>
      [...seeds.values()].flatMap(({ stops }) => stops ?? []),
    );
    const inSlots = judged.filter(({ slots }) => slots > 1);
    if (inSlots.length === 0) return [];
    const busy = inSlots.map((stops) => stops.busy);
    const clock = mean(inSlots.map((stops) => stops.clock));
    return [[name, inSlots[0].slots, inSlots.length, digits(mean(busy)), digits(Math.min(...busy)), clock.toFixed(1)]];
  });
  if (rows.length === 0) return;
  const head = ["method", "slots", "studies", "mean", "least", "clock at the end"];
  printTable("Share of the slots' time that was busy", head, rows);
}

function inWords(successes, trials) {
  const { low, high } = wilson(successes, trials);
  return trials === 0
    ? "0/0"
    : `${successes}/${trials} ${percent(successes, trials)} (${percent(low, 1)}…${percent(high, 1)})`;
}

function percent(part, whole) {
  return `${((100 * part) / whole).toFixed(1)}%`;
}

function digits(value) {
  return value === undefined ? "-" : value.toFixed(4);
}

function known(name) {
  if (!all.has(name)) throw new Error(`there is no run of "${name}"; the files have ${names.join(", ")}`);
  return name;
}

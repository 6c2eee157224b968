// Compares methods by the JSON lines of sample-efficiency.mjs or of others with its columns.
//   node bench/summarize.mjs runs.jsonl optuna=peers.jsonl.gz --method gp
import { mean, median, quantile } from "simple-statistics";
import { parseArgs } from "node:util";
import { groupOf, readRuns, regretAt } from "./runs.mjs";
import { bootstrap, pair, ranks, winRate } from "./statistics.mjs";
import { printTable } from "./table.mjs";

const USAGE = `node bench/summarize.mjs FILE… …
  FILE               JSON lines, also .gz; - is stdin; optuna=FILE puts "optuna-" before its methods
  --method NAME      the one that is compared with the others; left out: the first of the first file
  --methods A,B      only these, and --method
  --against A,B      peers of the bootstrap; left out: those of the files with a label, or else all others
  --at 20,50,100     after how many trials
  --ranks-only IDS   problems that count in ranks and win rates, but not in means of regret
  --brief            without the table of every problem`;

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    method: { type: "string" },
    methods: { type: "string" },
    against: { type: "string" },
    at: { type: "string", default: "20,50,100" },
    "ranks-only": { type: "string", default: "" },
    brief: { type: "boolean", default: false },
    help: { type: "boolean" },
  },
});
if (options.help === true || files.length === 0) {
  console.log(USAGE);
  process.exit(options.help === true ? 0 : 2);
}

const all = readRuns(files);
const method = known(options.method ?? all.keys().next().value);
const chosen = options.methods?.split(",").map(known) ?? [...all.keys()];
const others = chosen.filter((name) => name !== method);
const labels = files.flatMap((file) => /^([\w.]+)=/.exec(file)?.[1] ?? []);
const labelled = others.filter((name) => labels.some((label) => name.startsWith(`${label}-`)));
const peers = options.against?.split(",").map(known) ?? (labelled.length > 0 ? labelled : others);
const points = options.at.split(",").map(Number);
const ranksOnly = new Set(options["ranks-only"].split(","));

const problems = [...all.get(method).keys()].sort((a, b) => a.localeCompare(b));
const measured = problems.filter((problem) => !ranksOnly.has(problem));
const groups = [...new Set(problems.map(groupOf))];
// Means and ranks need the same problems of everybody; who lacks some is compared in pairs alone.
const complete = [method, ...others].filter((name) => problems.every((problem) => all.get(name).has(problem)));
const partial = others.filter((name) => !complete.includes(name));

if (!options.brief) printProblems();
printMeans();
printRanks();
if (others.length > 0) printWins();
if (peers.length > 0) printBootstrap();
printBatches();

function printProblems() {
  const rows = problems.flatMap((problem) =>
    [method, ...others]
      .filter((name) => all.get(name).has(problem))
      .map((name) => {
        const runs = [...all.get(name).get(problem).values()];
        const best = runs.map((run) => run.best ?? Infinity);
        const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(best, share).toPrecision(5));
        const regrets = points.map((n) => mean(runs.map((run) => regretAt(run, n))).toFixed(4));
        const seconds = median(runs.map((run) => run.seconds)).toFixed(1);
        return [problem, name, runs.length, ...regrets, `${middle} (${low} … ${high})`, seconds];
      }),
  );
  const head = ["problem", "method", "seeds", ...points.map(String), "best: median (quartiles)", "s/run"];
  printTable(
    "Normalised regret (0 best known, 1 median random configuration) after n trials, mean over seeds",
    head,
    rows,
  );
}

/** The mean regret on a problem over the seeds that all complete methods have. */
function regretOn(name, problem, n) {
  return mean(commonSeeds(problem).map((seed) => regretAt(all.get(name).get(problem).get(seed), n)));
}

function commonSeeds(problem) {
  const seeds = [...all.get(method).get(problem).keys()].filter((seed) =>
    complete.every((name) => all.get(name).get(problem).has(seed)),
  );
  if (seeds.length === 0)
    throw new Error(`no seed of ${problem} is common to ${complete.join(", ")}: choose --methods`);
  return seeds;
}

function printMeans() {
  const meanOf = (name, ids, n) =>
    ids.length === 0 ? "-" : mean(ids.map((problem) => regretOn(name, problem, n))).toFixed(4);
  const rows = [...groups, "all"].flatMap((group) => {
    const ids = measured.filter((problem) => group === "all" || groupOf(problem) === group);
    return complete.map((name) => [group, ids.length, name, ...points.map((n) => meanOf(name, ids, n))]);
  });
  const seeds = problems.map((problem) => commonSeeds(problem).length);
  printTable(
    `Mean normalised regret by group, over common seeds (${Math.min(...seeds)} to ${Math.max(...seeds)} a problem)`,
    ["group", "problems", "method", ...points.map(String)],
    rows,
  );
  const left = problems.length - measured.length;
  if (left > 0) console.log(`without ${left} problems on which only ranks count`);
  for (const name of partial)
    console.log(`${name} lacks problems of ${method}, and is compared in pairs alone, where both have runs`);
}

function printRanks() {
  if (complete.length < 2) return;
  const places = points.map((n) =>
    problems.map((problem) => ranks(complete.map((name) => regretOn(name, problem, n)))),
  );
  const rows = complete.map((name, index) => [
    name,
    ...places.map((at) => mean(at.map((place) => place[index])).toFixed(2)),
  ]);
  printTable(
    `Mean rank of ${complete.length} methods over ${problems.length} problems`,
    ["method", ...points.map(String)],
    rows,
  );
}

/** For each of the problems that both have: the paired regrets of common seeds. */
function pairsWith(other, ids, n) {
  const at = (name, problem) => new Map([...all.get(name).get(problem)].map(([seed, run]) => [seed, regretAt(run, n)]));
  return ids
    .filter((problem) => all.get(other).has(problem))
    .map((problem) => pair(at(method, problem), at(other, problem)))
    .filter((pairs) => pairs.length > 0);
}

function printWins() {
  const cell = (other, ids, n) => {
    const pairs = pairsWith(other, ids, n).flat();
    return pairs.length === 0 ? "-" : `${(100 * winRate(pairs)).toFixed(0)} % of ${pairs.length}`;
  };
  const last = points.at(-1);
  const rows = [
    ...groups.map((group) => {
      const ids = problems.filter((problem) => groupOf(problem) === group);
      return [`${group}, ${last}`, ...others.map((other) => cell(other, ids, last))];
    }),
    ...points.map((n) => [`all, ${n}`, ...others.map((other) => cell(other, problems, n))]),
  ];
  printTable(`Wins of ${method}, paired by problem and seed, ties as half`, ["group, trials", ...others], rows);
}

function printBootstrap() {
  const rows = points.flatMap((n) => {
    const compared = peers
      .map((peer) => ({ peer, pairs: pairsWith(peer, measured, n) }))
      .filter(({ pairs }) => pairs.length > 0)
      .map(({ peer, pairs }) => ({
        peer,
        problems: pairs.length,
        runs: pairs.flat().length,
        level: mean(pairs.map((runs) => mean(runs.map(([, b]) => b)))),
        ...bootstrap(pairs.map((runs) => runs.map(([a, b]) => a - b))),
      }));
    // Means over different problems do not compare: the best is one of those with the most.
    const most = Math.max(...compared.map((each) => each.problems));
    const best = Math.min(...compared.filter((each) => each.problems === most).map((each) => each.level));
    return compared.map((each) => [
      n,
      each.problems === most && each.level === best ? `* ${each.peer}` : `  ${each.peer}`,
      each.mean.toFixed(4),
      `${each.low.toFixed(4)} … ${each.high.toFixed(4)}`,
      each.problems,
      each.runs,
    ]);
  });
  printTable(
    `Regret of ${method} − peer (below 0: ${method} is better) with its 95 % interval; * the best single peer`,
    ["trials", "peer", "mean", "interval", "problems", "pairs"],
    rows,
  );
}

function printBatches() {
  const rows = [method, ...others].flatMap((name) => {
    const nearest = [...all.get(name).values()].flatMap((seeds) => [...seeds.values()].flatMap((run) => run.nearest));
    if (nearest.length === 0) return [];
    const near = nearest.filter((value) => value < 0.01).length / nearest.length;
    const quantiles = [0.01, 0.1, 0.5].map((share) => quantile(nearest, share).toFixed(4));
    return [[name, nearest.length, ...quantiles, `${(100 * near).toFixed(1)} %`]];
  });
  if (rows.length === 0) return;
  printTable(
    "Distance of a suggestion to the nearest pending trial: quantiles, and how many are below 0.01",
    ["method", "suggestions", "1 %", "10 %", "50 %", "< 0.01"],
    rows,
  );
}

function known(name) {
  if (!all.has(name)) throw new Error(`there is no run of "${name}"; the files have ${[...all.keys()].join(", ")}`);
  return name;
}

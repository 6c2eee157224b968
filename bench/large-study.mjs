// Writes a large study through the journal's own encoder: random trials of which each reports a falling loss at each step.
//   npm run build && node bench/large-study.mjs DIRECTORY [TRIALS] [REPORTS]      default: 100000 20
// `hpo study best large --directory DIRECTORY` and the other commands then read DIRECTORY/large.
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createStudy } from "hpo";
import { createRng } from "../dist/numerics/rng.js";
import { encodeLine } from "../dist/journal/line.js";

const NAME = "large";
const SLOTS = 4;
const STEP = 1_000;

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [directory, trials = "100000", reports = "20"] = process.argv.slice(2);
  if (directory === undefined) throw new Error("expected: node bench/large-study.mjs DIRECTORY [TRIALS] [REPORTS]");
  await writeLargeStudy(directory, Number(trials), Number(reports));
}

/** A finished study named "large" in `directory`. */
export async function writeLargeStudy(directory, trials, reports) {
  mkdirSync(directory, { recursive: true });
  const objective = join(directory, "objective.mjs");
  writeFileSync(objective, "export default ({ dropout }) => ({ loss: dropout });\n");
  const study = await createStudy({
    name: NAME,
    directory,
    parameters: {
      learningRate: { type: "float", low: 1e-4, high: 0.3, log: true },
      layers: { type: "int", low: 1, high: 8 },
      dropout: { type: "float", low: 0, high: 0.6 },
      optimizer: { type: "categorical", choices: ["sgd", "momentum", "adam"] },
      momentum: { type: "float", low: 0.5, high: 0.99, when: { optimizer: ["momentum"] } },
    },
    metric: { name: "loss", goal: "minimize" },
    objective: pathToFileURL(objective),
    strategy: { sampler: "random", scheduler: "full" },
    budget: { min: reports, max: reports, unit: "epochs" },
    stop: { trials },
    workers: { gpus: "none", cpus: 1 },
    seed: 1,
  });
  await study.close();
  const file = join(directory, NAME, "journal.jsonl");
  const head = readFileSync(file, "utf8").split("\n").slice(0, 2);
  write(file, head, trials, reports);
}

function write(file, head, trials, reports) {
  const descriptor = openSync(file, "w");
  let { seq, at } = JSON.parse(head[1]);
  let lines = [...head];
  const add = (event) => {
    lines.push(encodeLine({ seq: ++seq, at: (at += 3), ...event }));
    if (lines.length === 10_000) flush();
  };
  const flush = () => {
    writeSync(descriptor, lines.map((line) => `${line}\n`).join(""));
    lines = [];
  };
  const random = createRng("large", 0, "sample");
  const rng = () => random.uniform();
  for (let trial = 0; trial < trials; trial++) {
    const params = draw(rng);
    const why = "drawn at random";
    add({ type: "trial-created", trial, params, source: "random", reason: why, seen: seq });
    const place = { attempt: 1, budget: reports, startStep: 1, slot: `cpu${trial % SLOTS}`, objective: null };
    const start = `runs to its full budget of ${reports} epochs`;
    add({ type: "run-started", run: trial, trial, ...place, reason: start, seen: seq });
    at += STEP;
    const loss = curve(params, rng);
    for (let step = 1; step <= reports; step++)
      add({ type: "reported", run: trial, step, metrics: { loss: loss(step) } });
    add({ type: "run-ended", run: trial, outcome: { kind: "completed", metrics: { loss: loss(reports) } } });
  }
  add({ type: "study-finished", reason: `all ${trials} trials asked for are done`, failed: false, seen: seq });
  add({ type: "session-ended", reason: "the study is finished" });
  flush();
  closeSync(descriptor);
}

function draw(rng) {
  const learningRate = 1e-4 * 3000 ** rng();
  const layers = 1 + Math.floor(8 * rng());
  const dropout = 0.6 * rng();
  const optimizer = ["sgd", "momentum", "adam"][Math.floor(3 * rng())];
  const momentum = optimizer === "momentum" ? { momentum: 0.5 + 0.49 * rng() } : {};
  return { learningRate, layers, dropout, optimizer, ...momentum };
}

function curve({ learningRate, dropout, layers }, rng) {
  const floor = (Math.log10(learningRate) + 2) ** 2 / 4 + (dropout - 0.2) ** 2 + layers / 50;
  const height = 0.5 + rng();
  return (step) => floor + height / step + 0.01 * Math.sin(step * height * 7);
}

// One case of suggest-latency.mjs in a process of its own: node bench/latency-case.mjs SPACE SAMPLER N ASKS SECONDS
import { createStudy } from "hpo";
import { quantile } from "simple-statistics";
import { loss, SPACES } from "./latency-spaces.mjs";

const MIN_ASKS = 5;

const [space, sampler, ...numbers] = process.argv.slice(2);
const [n, asks, seconds] = numbers.map(Number);
const parameters = SPACES[space];
const metric = { name: "loss", goal: "minimize" };
const common = { name: "latency", directory: null, parameters, metric };
const study = await createStudy({
  ...common,
  strategy: { sampler, scheduler: "full" },
  stop: { trials: n + asks + 1 },
  seed: 1,
});

// The n trials are random, whatever the sampler, so that all see the same.
const random = await createStudy({ ...common, strategy: "random", stop: { trials: n }, seed: 2 });
for (let drawn = await random.ask(); drawn !== undefined; drawn = await random.ask()) {
  await random.tell(drawn, 0);
  await study.enqueue(drawn.params);
  const trial = await study.ask();
  await study.tell(trial, loss(parameters, trial.params));
}
await random.close();

const toldMegabytes = process.resourceUsage().maxRSS / 1024;
const cpu = [];
const wall = [];
let spent = 0;
while (cpu.length <= asks && (cpu.length <= MIN_ASKS || spent < 1000 * seconds)) {
  const before = { cpu: process.cpuUsage(), wall: performance.now() };
  const trial = await study.ask();
  const { user, system } = process.cpuUsage(before.cpu);
  cpu.push((user + system) / 1000);
  wall.push(performance.now() - before.wall);
  spent += wall.at(-1);
  await study.tell(trial, loss(parameters, trial.params));
}
await study.close();
const peakMegabytes = process.resourceUsage().maxRSS / 1024;

// The first ask starts the thread.
const [first, ...later] = cpu;
const round = (value) => Number(value.toPrecision(4));
console.log(
  JSON.stringify({
    engine: "hpo",
    space,
    sampler,
    n,
    asks: later.length,
    cpu_ms: round(quantile(later, 0.5)),
    cpu_p90_ms: round(quantile(later, 0.9)),
    cpu_worst_ms: round(Math.max(...later)),
    cpu_first_ms: round(first),
    wall_ms: round(quantile(wall.slice(1), 0.5)),
    rss_told_mb: round(toldMegabytes),
    rss_peak_mb: round(peakMegabytes),
  }),
);

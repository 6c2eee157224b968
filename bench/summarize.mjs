// Reads the JSON lines of sampler-quality.mjs and optuna_quality.py on stdin; prints for each function and sampler the median
// and quartiles of the best value, and on how many seeds it is below that of "random" with the same seed.
import { createInterface } from "node:readline";

const rows = [];
for await (const line of createInterface({ input: process.stdin }))
  if (line.startsWith("{")) rows.push(JSON.parse(line));

const quantile = (sorted, share) => {
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  return sorted[low] + (place - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
};
for (const name of new Set(rows.map((row) => row.function)))
  for (const sampler of new Set(rows.map((row) => row.sampler))) {
    const of = (wanted) => rows.filter((row) => row.function === name && row.sampler === wanted);
    const values = of(sampler)
      .map(({ best }) => best)
      .sort((a, b) => a - b);
    if (values.length === 0) continue;
    const random = new Map(of("random").map(({ seed, best }) => [seed, best]));
    const wins = of(sampler).filter(({ seed, best }) => best < random.get(seed)).length;
    const [low, median, high] = [0.25, 0.5, 0.75].map((share) => quantile(values, share).toFixed(5));
    const seconds = quantile(
      of(sampler)
        .map((row) => row.seconds)
        .sort((a, b) => a - b),
      0.5,
    ).toFixed(1);
    console.log(
      `${name.padEnd(10)} ${sampler.padEnd(14)} median ${median}  quartiles ${low} ${high}  worst ${values.at(-1).toFixed(4)}  better than random on ${wins}/${values.length}  ${seconds} s CPU a study`,
    );
  }

// The lines of suggest-latency.mjs and optuna_latency.py as tables, and their ratios for the cases in both.
//   node bench/compare-latency.mjs hpo.jsonl optuna.jsonl
import { readFileSync } from "node:fs";

const rows = process.argv
  .slice(2)
  .flatMap((file) => readFileSync(file, "utf8").split("\n"))
  .filter((line) => line.startsWith("{"))
  .map((line) => JSON.parse(line));
console.table(rows.map(({ engine, ...row }) => ({ engine, ...row })));

const keyOf = ({ space, sampler, n }) => `${sampler} ${space} ${n}`;
const peers = new Map(rows.filter(({ engine }) => engine !== "hpo").map((row) => [keyOf(row), row]));
const ratios = rows
  .filter((row) => row.engine === "hpo" && peers.has(keyOf(row)))
  .map((row) => {
    const peer = peers.get(keyOf(row));
    const ratio = (column) => Number((peer[column] / row[column]).toPrecision(3));
    return {
      sampler: row.sampler,
      space: row.space,
      n: row.n,
      "cpu median": ratio("cpu_ms"),
      "cpu p90": ratio("cpu_p90_ms"),
      "cpu worst": ratio("cpu_worst_ms"),
      "peak memory": ratio("rss_peak_mb"),
    };
  });
if (ratios.length > 0) {
  console.log(`\n${[...peers.values()][0].engine} / hpo: above 1, hpo needs less`);
  console.table(ratios);
}

// Runs an objective module once in this process and prints what it reported. The argument is JSON:
// { module, params, budget, startStep, seed, checkpoints }: `checkpoints` is the folder to save into, one folder per step.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { tf } from "hpo/tfjs";

const order = JSON.parse(process.argv[2]);
const { default: objective } = await import(pathToFileURL(order.module).href);
const folderOf = (step) => join(order.checkpoints, String(step));
const reports = [];
const saved = [];
const tensors = [];

const result = await objective(order.params, {
  number: 0,
  attempt: 1,
  seed: order.seed,
  budget: order.budget,
  startStep: order.startStep,
  signal: new AbortController().signal,
  device: { kind: "cpu", slot: "cpu-0" },
  log: () => {},
  checkpoint: {
    directory: order.startStep > 1 ? folderOf(order.startStep - 1) : undefined,
    async save(step, write) {
      mkdirSync(folderOf(step), { recursive: true });
      await write(folderOf(step));
      saved.push(step);
    },
  },
  async report(report) {
    reports.push(report);
    tensors.push(tf.memory().numTensors);
    return { action: "continue" };
  },
});

process.stdout.write(JSON.stringify({ reports, saved, tensors, tensorsAfter: tf.memory().numTensors, result }));

import { formatIssue } from "../../src/errors.ts";
import { checkSpec } from "../../src/space/check-spec.ts";
import type { StudySpec } from "../../src/space/spec.ts";

/** The spec that the documentation shows. */
export const EXAMPLE: StudySpec = {
  $schema: "../../space.schema.json",
  name: "digits",
  objective: { module: "./train.js" },
  metric: { name: "loss", goal: "minimize" },
  parameters: {
    learningRate: { type: "float", low: 1e-4, high: 0.3, log: true },
    layers: { type: "int", low: 1, high: 3 },
    dropout: { type: "float", low: 0, high: 0.6, step: 0.05 },
    batchSize: { type: "ordinal", values: [16, 32, 64, 128] },
    optimizer: { type: "categorical", choices: ["sgd", "momentum", "adam"] },
    momentum: { type: "float", low: 0.5, high: 0.99, when: { optimizer: ["momentum"] } },
  },
  strategy: "hyperband",
  budget: { min: 1, max: 27, eta: 3, unit: "epochs" },
  stop: { trials: 60, time: "30m", value: 0.02, patience: 40 },
  workers: { gpus: "auto", trialsPerGpu: 1, cpus: 2 },
  trial: { timeout: "10m", idle: "2m", memory: "4GB", retries: 1, grace: "5s" },
  enqueue: [{ learningRate: 0.01, layers: 2, dropout: 0.2, batchSize: 32, optimizer: "adam" }],
  seed: 42,
  reproducible: false,
};

/** The command objective that the documentation shows. */
export const COMMAND: NonNullable<StudySpec["objective"]> = {
  command: ["python3", "train.py", "--lr", "{learningRate}", ["--momentum", "{momentum}"], "--epochs", "{budget}"],
  report: { pattern: "epoch (?<step>\\d+).*val_loss (?<loss>\\S+)" },
};

/** The issues of a document, as people read them. */
export const check = (document: unknown): string[] => checkSpec(document).map(formatIssue);
/** The example with other parameters. */
export const withParameters = (parameters: Record<string, unknown>): unknown => {
  const { enqueue: _, ...rest } = EXAMPLE;
  return { ...rest, parameters };
};
/** The example with other keys. */
export const withRoot = (change: Record<string, unknown>): unknown => ({ ...EXAMPLE, ...change });
/** The example with a command objective. */
export const withCommand = (command: unknown, report?: unknown): unknown =>
  withRoot({ objective: report === undefined ? { command } : { command, report } });

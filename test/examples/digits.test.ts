import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { tf } from "hpo/tfjs";
import type { StudySpec } from "../../src/space/spec.ts";
import { example, runModule, temporaryFolder } from "./module.ts";

interface Part {
  readonly rows: number;
  readonly images: Float32Array;
  readonly labels: Float32Array;
}

const { CLASSES, loadDigits, PIXELS } = (await import(example("digits/data.js"))) as {
  readonly CLASSES: number;
  readonly PIXELS: number;
  readonly loadDigits: () => { readonly training: Part; readonly validation: Part };
};
const { HORIZON, learningRate } = (await import(example("digits/schedule.js"))) as {
  readonly HORIZON: number;
  readonly learningRate: (params: Readonly<Record<string, unknown>>, epoch: number) => number;
};
const { optimizer } = (await import(example("digits/optimizers.js"))) as {
  readonly optimizer: (params: { readonly optimizer: string; readonly momentum: number }) => {
    readonly slots: number;
    readonly update: (
      gradient: tf.Tensor,
      slots: readonly tf.Tensor[],
      rate: number,
      step: number,
    ) => { readonly slots: tf.Tensor[]; readonly change: tf.Tensor };
  };
};

const TRAIN = example("digits/train.js");
const spec = JSON.parse(readFileSync(example("digits/space.json"), "utf8")) as StudySpec;

/** Everything that could make a resumed training differ: dropout, momenta, a schedule, a last batch that is not full. */
const BUSY = {
  learningRate: 0.01,
  batchSize: 64,
  layers: 2,
  units: 24,
  initialisation: "heNormal",
  dropout: 0.2,
  l2: 1e-4,
};
const OPTIMIZERS = [
  { ...BUSY, optimizer: "sgd", schedule: "cosine" },
  { ...BUSY, optimizer: "momentum", momentum: 0.9, schedule: "exponential", finalFraction: 0.1 },
  { ...BUSY, optimizer: "rmsprop", schedule: "constant" },
  { ...BUSY, optimizer: "adam", schedule: "cosine", initialisation: "glorotUniform" },
];

describe("data", () => {
  const { training, validation } = loadDigits();
  const perClass = (labels: Float32Array): number[] =>
    Array.from({ length: CLASSES }, (_, digit) => labels.filter((one, i) => one === 1 && i % CLASSES === digit).length);

  test("has the counts that UCI states", () => {
    const counts = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180];
    expect(perClass(training.labels).map((count, digit) => count + (perClass(validation.labels)[digit] ?? 0))).toEqual(
      counts,
    );
    expect(training.rows + validation.rows).toBe(1797);
  });

  test("holds out a third of every class", () => {
    perClass(validation.labels).forEach((count, digit) => {
      expect(count / (count + (perClass(training.labels)[digit] ?? 0))).toBeCloseTo(1 / 3, 2);
    });
  });

  test("is in [0, 1], with no image in both parts", () => {
    for (const part of [training, validation]) {
      expect(part.images.length).toBe(part.rows * PIXELS);
      expect(part.images.every((pixel) => pixel >= 0 && pixel <= 1)).toBe(true);
      expect(part.labels.reduce((a, b) => a + b, 0)).toBe(part.rows);
    }
    const key = (images: Float32Array, row: number): string => images.slice(row * PIXELS, (row + 1) * PIXELS).join();
    const seen = new Set(Array.from({ length: training.rows }, (_, row) => key(training.images, row)));
    expect(
      Array.from({ length: validation.rows }, (_, row) => key(validation.images, row)).some((k) => seen.has(k)),
    ).toBe(false);
  });
});

describe("learning rate", () => {
  const params = { learningRate: 0.1, finalFraction: 0.01 };

  test.each(["constant", "cosine", "exponential"])("%s starts at the given rate", (schedule) => {
    expect(learningRate({ ...params, schedule }, 1)).toBe(0.1);
  });

  test("ends where the schedule says", () => {
    expect(learningRate({ ...params, schedule: "cosine" }, HORIZON)).toBeCloseTo(0.001, 12);
    expect(learningRate({ ...params, schedule: "exponential" }, HORIZON)).toBeCloseTo(0.001, 12);
  });

  test("has the budget's maximum as its horizon", () => {
    expect(spec.budget?.max).toBe(HORIZON);
  });
});

describe("training", () => {
  test("gives the same numbers in every process, and others for another seed", () => {
    const params = OPTIMIZERS[3] ?? {};
    const first = runModule(TRAIN, { params, budget: 2, checkpoints: temporaryFolder() });
    const again = runModule(TRAIN, { params, budget: 2, checkpoints: temporaryFolder() });
    const other = runModule(TRAIN, { params, budget: 2, seed: 8, checkpoints: temporaryFolder() });
    expect(again.reports).toEqual(first.reports);
    expect(other.reports[0]?.loss).not.toBe(first.reports[0]?.loss);
  });

  test.each(OPTIMIZERS)("resumed with $optimizer it goes on bit for bit", (params) => {
    const checkpoints = temporaryFolder();
    const whole = runModule(TRAIN, { params, budget: 5, checkpoints: temporaryFolder() });
    const start = runModule(TRAIN, { params, budget: 2, checkpoints });
    const rest = runModule(TRAIN, { params, budget: 5, startStep: 3, checkpoints });
    expect([...start.reports, ...rest.reports]).toEqual(whole.reports);
    expect(rest.result).toEqual(whole.result);
  });

  test("9 epochs and then 18 more are the 27 of one run, for the default configuration", () => {
    const params = spec.enqueue?.[0] as Record<string, number | string>;
    const checkpoints = temporaryFolder();
    const whole = runModule(TRAIN, { params, budget: 27, checkpoints: temporaryFolder() });
    const start = runModule(TRAIN, { params, budget: 9, checkpoints });
    const rest = runModule(TRAIN, { params, budget: 27, startStep: 10, checkpoints });
    expect([...start.reports, ...rest.reports]).toEqual(whole.reports);
    expect(whole.result["accuracy"]).toBeGreaterThan(0.95);
  });

  test("saves its last epoch and every third, and keeps no tensor", () => {
    const params = OPTIMIZERS[3] ?? {};
    const run = runModule(TRAIN, { params, budget: 4, checkpoints: temporaryFolder() });
    expect(run.saved).toEqual([3, 4]);
    expect(new Set(run.tensors).size).toBe(1);
    expect(run.tensorsAfter).toBe(0);
  });
});

describe("optimizers", () => {
  /** Steps on the same gradients as tfjs's own optimizer, from the same start. */
  const cases = [
    { name: "sgd", reference: () => tf.train.sgd(0.1) },
    { name: "momentum", reference: () => tf.train.momentum(0.1, 0.9) },
    { name: "rmsprop", reference: () => tf.train.rmsprop(0.1, 0.9, 0, 1e-7) },
    { name: "adam", reference: () => tf.train.adam(0.1, 0.9, 0.999, 1e-7) },
  ];

  test.each(cases)("$name moves as tfjs's does", ({ name, reference }) => {
    const rule = optimizer({ optimizer: name, momentum: 0.9 });
    const start = [1, -2, 3];
    const variable = tf.variable(tf.tensor1d(start));
    const theirs = reference();
    let weights: tf.Tensor = tf.tensor1d(start);
    let slots: tf.Tensor[] = Array.from({ length: rule.slots }, () => tf.zeros([3]));
    for (let step = 1; step <= 20; step++) {
      const gradient = tf.tensor1d([Math.sin(step), Math.cos(step), 2]);
      const move = rule.update(gradient, slots, 0.1, step);
      weights = tf.sub(weights, move.change);
      slots = move.slots;
      theirs.applyGradients([{ name: variable.name, tensor: gradient }]);
    }
    const [mine, other] = [weights.dataSync(), variable.dataSync()];
    // Four digits: tfjs's Adam takes 1 − 0.999^t in single precision, which has no more at first.
    start.forEach((_, i) => expect(mine[i]).toBeCloseTo(other[i] ?? NaN, 4));
  });
});

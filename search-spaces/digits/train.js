import { tf } from "hpo/tfjs";
import { loadVectors, saveVectors } from "./checkpoint.js";
import { CLASSES, loadDigits, PIXELS, reordered } from "./data.js";
import { crossEntropy, initialWeights, kernelMask, layout, logits, split } from "./network.js";
import { optimizer } from "./optimizers.js";
import { permutation, stream } from "./random.js";
import { learningRate } from "./schedule.js";

/**
 * Trains a perceptron on handwritten digits and reports its cross-entropy (`loss`, in nats) and `accuracy` on the
 * held-out third after every epoch. The same parameters and seed give the same numbers, bit for bit, in one run or in
 * several that go on from checkpoints.
 */
export default async function train(params, trial) {
  const digits = loadDigits();
  const shape = layout([PIXELS, ...Array(params.layers).fill(params.units), CLASSES]);
  const rule = optimizer(params);
  const validation = toTensors(digits.validation);
  const mask = tf.tensor1d(kernelMask(shape));
  let state = (await startingVectors(params, trial, shape, rule)).map((vector) => tf.tensor1d(vector));
  let result;

  try {
    for (let epoch = trial.startStep; epoch <= trial.budget && !trial.signal.aborted; epoch++) {
      state = trainEpoch(state, { params, seed: trial.seed, epoch, digits: digits.training, shape, rule, mask });
      result = evaluate(state[0], validation, shape);
      // Saved before it is reported: whoever promotes the trial on this report finds the checkpoint.
      if (epoch === trial.budget || epoch % CHECKPOINT_EVERY === 0) {
        await trial.checkpoint.save(epoch, async (directory) => saveVectors(directory, await readAll(state)));
      }
      const decision = await trial.report({ step: epoch, ...result });
      if (decision.action === "stop") break;
    }
  } finally {
    tf.dispose([state, validation, mask]);
  }
  return result;
}

/** Epochs; after a crash at most two are done again. */
const CHECKPOINT_EVERY = 3;

/** The weights and the optimizer's slots: from the checkpoint, or new. */
async function startingVectors(params, trial, shape, rule) {
  const first = initialWeights(shape, params.initialisation, trial.seed);
  if (trial.startStep > 1) return await loadVectors(trial.checkpoint.directory, 1 + rule.slots, first.length);
  return [first, ...Array.from({ length: rule.slots }, () => new Float32Array(first.length))];
}

/** One pass over the training images in this epoch's order; disposes the old state. */
function trainEpoch(state, { params, seed, epoch, digits, shape, rule, mask }) {
  const order = permutation(digits.rows, stream(seed, "order", epoch));
  const { images, labels } = toTensors(reordered(digits, order));
  const rate = learningRate(params, epoch);
  const steps = Math.ceil(digits.rows / params.batchSize);
  let current = state;

  for (let i = 0; i < steps; i++) {
    const start = i * params.batchSize;
    const rows = Math.min(params.batchSize, digits.rows - start);
    const step = (epoch - 1) * steps + i + 1;
    const next = tf.tidy(() => {
      const [weights, ...slots] = current;
      const batch = tf.slice(images, [start, 0], [rows, PIXELS]);
      const targets = tf.slice(labels, [start, 0], [rows, CLASSES]);
      const masks = dropoutMasks(params, rows, stream(seed, "dropout", step));
      const loss = (...pieces) => crossEntropy(targets, logits(batch, pieces, masks));
      const gradients = tf
        .grads(loss)(split(weights, shape))
        .map((gradient) => tf.reshape(gradient, [-1]));
      // The gradient of the penalty l2/2 · ‖kernels‖².
      const penalised = tf.add(tf.concat(gradients), tf.mul(tf.mul(weights, mask), params.l2));
      const { slots: nextSlots, change } = rule.update(penalised, slots, rate, step);
      return [tf.sub(weights, change), ...nextSlots];
    });
    tf.dispose(current);
    current = next;
  }
  tf.dispose([images, labels]);
  return current;
}

/** Inverted dropout: what is kept is scaled up, so that nothing changes at evaluation (Srivastava et al. 2014). */
function dropoutMasks({ dropout, layers, units }, rows, uniform) {
  if (dropout === 0) return [];
  return Array.from({ length: layers }, () => {
    const kept = Float32Array.from({ length: rows * units }, () => (uniform() < dropout ? 0 : 1 / (1 - dropout)));
    return tf.tensor2d(kept, [rows, units]);
  });
}

function evaluate(weights, { images, labels }, shape) {
  return tf.tidy(() => {
    const outputs = logits(images, split(weights, shape), []);
    const correct = tf.equal(tf.argMax(outputs, 1), tf.argMax(labels, 1));
    return {
      loss: crossEntropy(labels, outputs).dataSync()[0],
      accuracy: tf.mean(tf.cast(correct, "float32")).dataSync()[0],
    };
  });
}

function toTensors({ rows, images, labels }) {
  return { images: tf.tensor2d(images, [rows, PIXELS]), labels: tf.tensor2d(labels, [rows, CLASSES]) };
}

function readAll(tensors) {
  return Promise.all(tensors.map((tensor) => tensor.data()));
}

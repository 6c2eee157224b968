import { tf } from "hpo/tfjs";
import { normal, stream } from "./random.js";

/**
 * A multilayer perceptron whose weights are one vector: kernel, bias, kernel, bias, … from the first layer to the last.
 * So an optimizer is a formula on vectors, and a checkpoint is a few arrays.
 */

/** The standard deviation of each initialisation, for a layer with `inputs` and `outputs`. */
const DEVIATIONS = {
  glorotUniform: (inputs, outputs) => Math.sqrt(2 / (inputs + outputs)), // Glorot and Bengio 2010
  heNormal: (inputs) => Math.sqrt(2 / inputs), // He et al. 2015
  lecunNormal: (inputs) => Math.sqrt(1 / inputs), // LeCun et al. 1998
};

/** @param {number[]} sizes of the layers, from the inputs to the classes */
export function layout(sizes) {
  const shapes = sizes.slice(1).flatMap((outputs, i) => [[sizes[i], outputs], [outputs]]);
  return { shapes, lengths: shapes.map((shape) => shape.reduce((a, b) => a * b, 1)) };
}

/** @returns {Float32Array} the first weights: kernels by `initialisation`, biases 0 */
export function initialWeights({ shapes, lengths }, initialisation, seed) {
  const weights = new Float32Array(lengths.reduce((a, b) => a + b, 0));
  let start = 0;
  shapes.forEach((shape, layer) => {
    if (shape.length === 2) {
      const deviation = DEVIATIONS[initialisation](...shape);
      const uniform = stream(seed, "weights", layer);
      // A uniform number in ±√3 has standard deviation 1.
      const unit = initialisation.endsWith("Uniform") ? () => (2 * uniform() - 1) * Math.sqrt(3) : normal(uniform);
      for (let i = 0; i < lengths[layer]; i++) weights[start + i] = deviation * unit();
    }
    start += lengths[layer];
  });
  return weights;
}

/** @returns {Float32Array} 1 where the weight belongs to a kernel, 0 where to a bias: biases are not penalised */
export function kernelMask({ shapes, lengths }) {
  return Float32Array.from(shapes.flatMap((shape, i) => Array(lengths[i]).fill(shape.length === 2 ? 1 : 0)));
}

/** The weight vector as kernels and biases. */
export function split(weights, { shapes, lengths }) {
  let start = 0;
  return shapes.map((shape, i) => {
    const piece = tf.slice(weights, start, lengths[i]);
    start += lengths[i];
    return tf.reshape(piece, shape);
  });
}

/**
 * Logits of a batch.
 * @param {tf.Tensor[]} pieces from {@link split}
 * @param {tf.Tensor2D[]} masks one for each hidden layer, 0 or 1/(1 − rate); none: no dropout
 */
export function logits(images, pieces, masks) {
  let signal = images;
  for (let i = 0; i < pieces.length; i += 2) {
    const last = i === pieces.length - 2;
    signal = tf.fused.matMul({ a: signal, b: pieces[i], bias: pieces[i + 1], activation: last ? "linear" : "relu" });
    if (!last && masks.length > 0) signal = tf.mul(signal, masks[i / 2]);
  }
  return signal;
}

/** Mean cross-entropy of a batch, in nats. */
export function crossEntropy(labels, outputs) {
  return tf.neg(tf.mean(tf.sum(tf.mul(labels, tf.logSoftmax(outputs)), 1)));
}

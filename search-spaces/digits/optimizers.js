import { tf } from "hpo/tfjs";

/**
 * The update rules as plain formulas. (tfjs has them too, but its Adam accumulates powers of beta in single precision and
 * recomputes them on `setWeights`: close, yet not the same training after a resume.)
 *
 * Each has `slots`, how many vectors it remembers, and `update(gradient, slots, rate, step)`: the slots' new values and
 * what to subtract from the weights. `step` counts from 1.
 */
export function optimizer({ optimizer: name, momentum }) {
  return { sgd, momentum: heavyBall(momentum), rmsprop, adam }[name];
}

const sgd = {
  slots: 0,
  update: (gradient, _slots, rate) => ({ slots: [], change: tf.mul(gradient, rate) }),
};

/** Polyak 1964. */
const heavyBall = (momentum) => ({
  slots: 1,
  update(gradient, [velocity], rate) {
    const next = tf.add(tf.mul(velocity, momentum), gradient);
    return { slots: [next], change: tf.mul(next, rate) };
  },
});

/** Tieleman and Hinton 2012, with their decay of 0.9. */
const rmsprop = {
  slots: 1,
  update(gradient, [square], rate) {
    const next = tf.add(tf.mul(square, 0.9), tf.mul(tf.square(gradient), 0.1));
    return { slots: [next], change: tf.mul(tf.div(gradient, tf.add(tf.sqrt(next), EPSILON)), rate) };
  },
};

/** Kingma and Ba 2015, in the form at the end of its section 2; beta1 = 0.9, beta2 = 0.999. */
const adam = {
  slots: 2,
  update(gradient, [first, second], rate, step) {
    const mean = tf.add(tf.mul(first, 0.9), tf.mul(gradient, 0.1));
    const square = tf.add(tf.mul(second, 0.999), tf.mul(tf.square(gradient), 0.001));
    const corrected = (rate * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
    return { slots: [mean, square], change: tf.mul(tf.div(mean, tf.add(tf.sqrt(square), EPSILON)), corrected) };
  },
};

/** Keeps the quotient finite where a gradient is 0. */
const EPSILON = 1e-7;

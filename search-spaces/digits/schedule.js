/**
 * The horizon of the learning-rate schedules in epochs: the whole training, `budget.max` of space.json. Never the budget
 * of one run: a run to 9 epochs must be the first third of the run to 27, or going on from its checkpoint would be
 * another training than the one that was promoted.
 */
export const HORIZON = 27;

/**
 * The learning rate of an epoch.
 * @param {{ learningRate: number, schedule: string, finalFraction?: number }} params
 * @param {number} epoch 1 … 27
 */
export function learningRate({ learningRate: initial, schedule, finalFraction }, epoch) {
  const progress = (epoch - 1) / (HORIZON - 1);
  switch (schedule) {
    case "constant":
      return initial;
    case "cosine":
      // Down to a hundredth (Loshchilov and Hutter 2017, without restarts).
      return initial * (0.01 + 0.99 * 0.5 * (1 + Math.cos(Math.PI * progress)));
    case "exponential":
      return initial * finalFraction ** progress;
    default:
      throw new Error(`schedule: expected constant, cosine or exponential, received ${schedule}`);
  }
}

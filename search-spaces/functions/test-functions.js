/** Two classic test functions of global optimisation, each with its known optimum. */

/**
 * Branin's function, which has three global minima of 0.397887: at (−π, 12.275), (π, 2.275) and (9.42478, 2.475).
 * @param {number} x1 in [−5, 10]
 * @param {number} x2 in [0, 15]
 * @see Dixon and Szegő, Towards Global Optimisation 2, 1978
 */
export function branin(x1, x2) {
  const valley = x2 - (5.1 / (4 * Math.PI ** 2)) * x1 ** 2 + (5 / Math.PI) * x1 - 6;
  return valley ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x1) + 10;
}

/**
 * Hartmann's function in six dimensions: six local minima, of which the global one is −3.32237 at
 * (0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573).
 * @param {number[]} x six numbers in [0, 1]
 * @see Dixon and Szegő, Towards Global Optimisation 2, 1978
 */
export function hartmann6(x) {
  return -HEIGHTS.reduce((sum, height, i) => {
    const distance = x.reduce((total, value, j) => total + WIDTHS[i][j] * (value - CENTRES[i][j]) ** 2, 0);
    return sum + height * Math.exp(-distance);
  }, 0);
}

const HEIGHTS = [1, 1.2, 3, 3.2];

const WIDTHS = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];

const CENTRES = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];

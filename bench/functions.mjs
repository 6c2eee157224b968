// Standard test functions for optimisers, each with its box and its minimum.
// Branin: Dixon and Szegö 1978. Hartmann-6: Hartman 1973, with the constants of Surjanovic and Bingham's virtual library.

const HARTMANN_A = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const HARTMANN_P = [
  [1312, 1696, 5569, 124, 8283, 5886],
  [2329, 4135, 8307, 3736, 1004, 9991],
  [2348, 1451, 3522, 2883, 3047, 6650],
  [4047, 8828, 8732, 5743, 1091, 381],
];
const HARTMANN_ALPHA = [1, 1.2, 3, 3.2];

const box = (names, low, high) => Object.fromEntries(names.map((name) => [name, { type: "float", low, high }]));

export const FUNCTIONS = {
  branin: {
    parameters: { x: { type: "float", low: -5, high: 10 }, y: { type: "float", low: 0, high: 15 } },
    minimum: 0.397887,
    evaluate: ({ x, y }) => {
      const valley = y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6;
      return valley * valley + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
    },
  },
  hartmann6: {
    parameters: box(["x0", "x1", "x2", "x3", "x4", "x5"], 0, 1),
    minimum: -3.32237,
    evaluate: (params) => {
      const x = [0, 1, 2, 3, 4, 5].map((index) => params[`x${index}`]);
      return -HARTMANN_ALPHA.reduce((sum, alpha, row) => {
        const distance = x.reduce(
          (total, value, column) => total + HARTMANN_A[row][column] * (value - 1e-4 * HARTMANN_P[row][column]) ** 2,
          0,
        );
        return sum + alpha * Math.exp(-distance);
      }, 0);
    },
  },
};

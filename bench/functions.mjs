// Standard test functions for optimisers, each with its box.
import { branin, hartmann6 } from "../search-spaces/functions/test-functions.js";

const box = (names, low, high) => Object.fromEntries(names.map((name) => [name, { type: "float", low, high }]));
const AXES = ["x0", "x1", "x2", "x3", "x4", "x5"];

export const FUNCTIONS = {
  branin: {
    parameters: { x: { type: "float", low: -5, high: 10 }, y: { type: "float", low: 0, high: 15 } },
    evaluate: ({ x, y }) => branin(x, y),
  },
  hartmann6: {
    parameters: box(AXES, 0, 1),
    evaluate: (params) => hartmann6(AXES.map((axis) => params[axis])),
  },
};

import { hartmann6 } from "./test-functions.js";

/** For `hpo study start`: no training, one value. */
export default function objective({ x1, x2, x3, x4, x5, x6 }) {
  return { value: hartmann6([x1, x2, x3, x4, x5, x6]) };
}

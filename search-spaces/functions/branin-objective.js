import { branin } from "./test-functions.js";

/** For `hpo study start`: no training, one value. */
export default function objective({ x1, x2 }) {
  return { value: branin(x1, x2) };
}

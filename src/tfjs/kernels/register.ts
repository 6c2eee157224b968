import type { TensorFlow } from "../api.ts";
import { batchMatMul } from "./batchMatMul.ts";

/** Makes the wasm backend, which was built for inference, fit for training. */
export function registerTrainingKernels(tf: TensorFlow): void {
  const plainMatMul = tf.getKernel("BatchMatMul", "wasm");
  tf.unregisterKernel("BatchMatMul", "wasm");
  tf.registerKernel(batchMatMul(tf, plainMatMul));
}

import type { KernelConfig } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../api.ts";
import { batchMatMul } from "./batch-mat-mul.ts";
import { conv2dBackpropFilter } from "./conv2d-backprop-filter.ts";
import { conv2dBackpropInput } from "./conv2d-backprop-input.ts";
import { depthwiseBackpropFilter } from "./depthwise-backprop-filter.ts";
import { depthwiseBackpropInput } from "./depthwise-backprop-input.ts";
import { unsortedSegmentSum } from "./unsorted-segment-sum.ts";

/** Makes the wasm backend, which was built for inference, fit for training. */
export function registerTrainingKernels(tf: TensorFlow): void {
  const missing = [
    conv2dBackpropFilter(tf),
    depthwiseBackpropFilter(tf),
    depthwiseBackpropInput(tf),
    unsortedSegmentSum,
  ];
  for (const kernel of missing) {
    // A later version of tfjs may bring it.
    if (tf.getKernel(kernel.kernelName, "wasm") === undefined) tf.registerKernel(kernel);
  }
  replace(tf, batchMatMul(tf, tf.getKernel("BatchMatMul", "wasm")));
  replace(tf, conv2dBackpropInput(tf));
}

/** Takes a slow kernel's place; without the first line tfjs warns. */
function replace(tf: TensorFlow, kernel: KernelConfig): void {
  tf.unregisterKernel(kernel.kernelName, kernel.backendName);
  tf.registerKernel(kernel);
}

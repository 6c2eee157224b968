import type { KernelConfig, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../api.ts";

/** Runs one of the backend's kernels, given by its name or as it was before it was replaced. */
export type Call = (kernel: string | KernelConfig, inputs: NamedTensorInfoMap, attributes: object) => TensorInfo;

/** What a kernel here computes: its output, from its inputs and attributes. */
export type Compute = (call: Call, inputs: NamedTensorInfoMap, attributes: NamedAttrMap) => TensorInfo;

/**
 * A wasm kernel that computes with other kernels: whatever `compute` makes through `call` is freed, but for what it
 * returns. It works on tensor infos and not on tensors, so that nothing of it lands on the gradient tape or in the
 * caller's `tidy`.
 */
export function composed(tf: TensorFlow, kernelName: string, compute: Compute): KernelConfig {
  return {
    kernelName,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs, backend }) => {
      const made: TensorInfo[] = [];
      const call: Call = (kernel, operands, attributes) => {
        const { kernelFunc } = typeof kernel === "string" ? tf.getKernel(kernel, "wasm") : kernel;
        const output = kernelFunc({ inputs: operands, attrs: attributes as NamedAttrMap, backend }) as TensorInfo;
        made.push(output);
        return output;
      };
      let result: TensorInfo | undefined;
      try {
        result = compute(call, inputs, attrs ?? {});
        return result;
      } finally {
        for (const tensor of made) if (tensor !== result) (backend as Freeing).disposeData(tensor.dataId);
      }
    },
  };
}

interface Freeing {
  disposeData(dataId: object): boolean;
}

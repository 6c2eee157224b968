import type { KernelConfig, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../api.ts";

/** What these kernels use of the wasm backend. */
export interface WasmBackend {
  disposeData(dataId: object): boolean;
  makeOutput(shape: number[], dtype: TensorInfo["dtype"]): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): ArrayLike<number> & { [index: number]: number };
}

/** Runs one of the backend's kernels, given by its name or as it was before it was replaced. */
export type Call = (kernel: string | KernelConfig, inputs: NamedTensorInfoMap, attributes: object) => TensorInfo;

/**
 * A kernel that computes with others: whatever `compute` makes through `call` is freed, but for what it returns. It works
 * on tensor infos and not on tensors, so that nothing of it lands on the gradient tape or in the caller's `tidy`.
 */
export function composed(
  tf: TensorFlow,
  kernelName: string,
  compute: (call: Call, inputs: NamedTensorInfoMap, attributes: NamedAttrMap) => TensorInfo,
): KernelConfig {
  return {
    kernelName,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs, backend }) => {
      const made: TensorInfo[] = [];
      const call: Call = (name, operands, attributes) => {
        const kernel = typeof name === "string" ? tf.getKernel(name, "wasm") : name;
        const output = kernel.kernelFunc({
          inputs: operands,
          attrs: attributes as NamedAttrMap,
          backend,
        }) as TensorInfo;
        made.push(output);
        return output;
      };
      const result = compute(call, inputs, attrs ?? {});
      for (const tensor of made) if (tensor !== result) (backend as WasmBackend).disposeData(tensor.dataId);
      return result;
    },
  };
}

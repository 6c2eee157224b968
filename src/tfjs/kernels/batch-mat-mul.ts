import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../api.ts";
import { composed, type Call } from "./call.ts";

/**
 * Matrix product for wasm in place of the backend's own `plain`, which hands products to XNNPACK only where no factor is
 * transposed. Those that are (the gradients of every product) it computes in a simple loop: to transpose first is
 * 5 to 10 times faster.
 */
export function batchMatMul(tf: TensorFlow, plain: KernelConfig): KernelConfig {
  return composed(tf, plain.kernelName, (call, inputs, { transposeA, transposeB }) => {
    const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
    const product = (left: TensorInfo, right: TensorInfo) =>
      call(plain, { a: left, b: right }, { transposeA: false, transposeB: false });
    if (transposeA !== true && transposeB === true && size(b) > size(a) + rows(a) * rows(b)) {
      // a·bᵀ = (b·aᵀ)ᵀ. So a layer's large kernel stays as it is, and only a batch of its signals is transposed.
      return transposed(call, product(b, transposed(call, a)));
    }
    return product(transposeA === true ? transposed(call, a) : a, transposeB === true ? transposed(call, b) : b);
  });
}

/** The last two axes exchanged. */
function transposed(call: Call, x: TensorInfo): TensorInfo {
  const rank = x.shape.length;
  const outer = [...x.shape.keys()].slice(0, rank - 2);
  return call("Transpose", { x }, { perm: [...outer, rank - 1, rank - 2] });
}

/** Elements of one matrix. */
const size = (x: TensorInfo): number => rows(x) * (x.shape.at(-1) ?? 0);

const rows = (x: TensorInfo): number => x.shape.at(-2) ?? 0;

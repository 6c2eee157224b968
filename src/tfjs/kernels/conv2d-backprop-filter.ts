import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../api.ts";
import { composed } from "./call.ts";
import { after, correlate, geometry } from "./convolution.ts";

/**
 * The filter's gradient: dW[i, j, c, k] = Σ x[b, s·p + i − top, s·q + j − left, c] · dy[b, p, q, k] over b, p and q. That
 * is a convolution in which the batch plays the channels, dy the filter, and the stride its dilation.
 */
export function conv2dBackpropFilter(tf: TensorFlow): KernelConfig {
  return composed(tf, "Conv2DBackpropFilter", (call, inputs, attributes) => {
    const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
    const sizes = geometry(tf, x.shape, attributes["filterShape"] as number[], attributes, false);
    const { strideHeight, strideWidth, top, left } = sizes;
    const gradient = correlate(call, {
      image: call("Transpose", { x }, { perm: [3, 1, 2, 0] }),
      filter: call("Transpose", { x: dy }, { perm: [1, 2, 0, 3] }),
      depthwise: false,
      dilations: [strideHeight, strideWidth],
      top,
      left,
      bottom: after(top, sizes.height, sizes.outHeight, strideHeight, sizes.filterHeight),
      right: after(left, sizes.width, sizes.outWidth, strideWidth, sizes.filterWidth),
    });
    return call("Transpose", { x: gradient }, { perm: [1, 2, 0, 3] });
  });
}

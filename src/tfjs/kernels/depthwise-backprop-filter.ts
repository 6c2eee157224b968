import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../api.ts";
import { composed } from "./call.ts";
import { after, correlate, geometry } from "./convolution.ts";

/**
 * The filter's gradient of a depthwise convolution: dW[i, j, c, m] = Σ x[b, s·p + i − top, s·q + j − left, c] ·
 * dy[b, p, q, c·M + m] over b, p and q. A depthwise convolution in which every image of the batch has channels of its own
 * gives the sum over p and q.
 */
export function depthwiseBackpropFilter(tf: TensorFlow): KernelConfig {
  return composed(tf, "DepthwiseConv2dNativeBackpropFilter", (call, inputs, attributes) => {
    const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
    const sizes = geometry(tf, x.shape, attributes["filterShape"] as number[], attributes, true);
    const { batch, channels, outHeight, outWidth, strideHeight, strideWidth, top, left } = sizes;
    const multiplier = sizes.outChannels / channels;
    const images = call("Transpose", { x }, { perm: [1, 2, 0, 3] });
    const signals = call("Transpose", { x: dy }, { perm: [1, 2, 0, 3] });
    const each = correlate(call, {
      image: call("Reshape", { x: images }, { shape: [1, sizes.height, sizes.width, batch * channels] }),
      filter: call("Reshape", { x: signals }, { shape: [outHeight, outWidth, batch * channels, multiplier] }),
      depthwise: true,
      dilations: [strideHeight, strideWidth],
      top,
      left,
      bottom: after(top, sizes.height, outHeight, strideHeight, sizes.filterHeight),
      right: after(left, sizes.width, outWidth, strideWidth, sizes.filterWidth),
    });
    const { filterHeight, filterWidth } = sizes;
    const perImage = [filterHeight * filterWidth, batch, channels * multiplier];
    const summed = call("Sum", { x: call("Reshape", { x: each }, { shape: perImage }) }, { axis: 1, keepDims: false });
    return call("Reshape", { x: summed }, { shape: [filterHeight, filterWidth, channels, multiplier] });
  });
}

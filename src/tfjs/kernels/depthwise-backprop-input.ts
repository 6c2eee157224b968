import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../api.ts";
import { composed } from "./call.ts";
import { backIntoImage, geometry } from "./convolution.ts";

/** The image's gradient of a depthwise convolution: each output channel by itself, then summed over those of one input. */
export function depthwiseBackpropInput(tf: TensorFlow): KernelConfig {
  return composed(tf, "DepthwiseConv2dNativeBackpropInput", (call, inputs, attributes) => {
    const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
    const sizes = geometry(tf, attributes["inputShape"] as number[], filter.shape, attributes, true);
    const { batch, height, width, channels, outChannels, filterHeight, filterWidth } = sizes;
    const reversed = call("Reverse", { x: filter }, { dims: [0, 1] });
    const turned = call("Reshape", { x: reversed }, { shape: [filterHeight, filterWidth, outChannels, 1] });
    const each = backIntoImage(call, dy, turned, sizes, true);
    const grouped = call("Reshape", { x: each }, { shape: [batch * height * width, channels, outChannels / channels] });
    const summed = call("Sum", { x: grouped }, { axis: 2, keepDims: false });
    return call("Reshape", { x: summed }, { shape: [batch, height, width, channels] });
  });
}

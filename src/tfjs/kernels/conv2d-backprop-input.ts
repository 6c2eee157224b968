import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../api.ts";
import { composed } from "./call.ts";
import { backIntoImage, geometry } from "./convolution.ts";

/** The image's gradient, in place of the backend's own simple loop; also the forward pass of a transposed convolution. */
export function conv2dBackpropInput(tf: TensorFlow): KernelConfig {
  return composed(tf, "Conv2DBackpropInput", (call, inputs, attributes) => {
    const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
    const sizes = geometry(tf, attributes["inputShape"] as number[], filter.shape, attributes, false);
    const reversed = call("Reverse", { x: filter }, { dims: [0, 1] });
    const turned = call("Transpose", { x: reversed }, { perm: [0, 1, 3, 2] });
    return backIntoImage(call, dy, turned, sizes, false);
  });
}

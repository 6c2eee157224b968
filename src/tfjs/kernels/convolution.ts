import type { NamedAttrMap, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../api.ts";
import type { Call } from "./call.ts";

/**
 * Gradients of a convolution as convolutions, which wasm has in XNNPACK's fast form. Images are [batch, height, width,
 * channels], filters [height, width, in, out]; wasm knows no other order, and tfjs no gradient of a dilated convolution.
 */

export type Size4 = [number, number, number, number];

export interface Geometry {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  /** Rows and columns of zeros before the first of the image. */
  readonly top: number;
  readonly left: number;
}

/** The sizes of the forward convolution that `attributes` belong to. */
export function geometry(
  tf: TensorFlow,
  input: readonly number[],
  filter: readonly number[],
  { strides, pad, dimRoundingMode, dataFormat }: NamedAttrMap,
  depthwise: boolean,
): Geometry {
  if (dataFormat !== undefined && dataFormat !== "NHWC") {
    throw new Error(
      `the wasm backend has convolutions of channels-last images only, received ${JSON.stringify(dataFormat)}`,
    );
  }
  const info = tf.backend_util.computeConv2DInfo(
    input as Size4,
    filter as Size4,
    strides as number | [number, number],
    1,
    pad as "valid" | "same" | number,
    dimRoundingMode as "floor" | "round" | "ceil",
    depthwise,
  );
  return {
    batch: info.batchSize,
    height: info.inHeight,
    width: info.inWidth,
    channels: info.inChannels,
    filterHeight: info.filterHeight,
    filterWidth: info.filterWidth,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    outChannels: info.outChannels,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    top: info.padInfo.top,
    left: info.padInfo.left,
  };
}

export interface Correlation {
  readonly image: TensorInfo;
  readonly filter: TensorInfo;
  /** Zeros around the image; a negative number cuts rows or columns off. */
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
  readonly dilations: readonly [number, number];
  readonly depthwise: boolean;
}

/** A forward convolution with stride 1. */
export function correlate(call: Call, { image, filter, depthwise, dilations, ...margins }: Correlation): TensorInfo {
  const { top, bottom, left, right } = margins;
  const cut = (margin: number): number => Math.max(0, -margin);
  const pad = (margin: number): number => Math.max(0, margin);
  const [batch, height, width, channels] = image.shape as Size4;
  const [rows, columns] = [height - cut(top) - cut(bottom), width - cut(left) - cut(right)];
  const size = [batch, rows, columns, channels];
  if (rows <= 0 || columns <= 0) {
    // The filter meets nothing but padding; XNNPACK refuses an image without pixels.
    const [filterHeight, filterWidth, inputs, outputs] = filter.shape as Size4;
    const outHeight = height + top + bottom - (filterHeight - 1) * dilations[0];
    const outWidth = width + left + right - (filterWidth - 1) * dilations[1];
    const shape = [batch, outHeight, outWidth, depthwise ? inputs * outputs : outputs];
    return call("Fill", {}, { shape, value: 0, dtype: "float32" });
  }
  const whole = rows === height && columns === width;
  const x = whole ? image : call("Slice", { x: image }, { begin: [0, cut(top), cut(left), 0], size });
  return call(
    depthwise ? "DepthwiseConv2dNative" : "Conv2D",
    { x, filter },
    {
      strides: 1,
      dilations,
      dataFormat: "NHWC",
      pad: [
        [0, 0],
        [pad(top), pad(bottom)],
        [pad(left), pad(right)],
        [0, 0],
      ],
    },
  );
}

/** The margin after an image of so many rows (or columns) with which the dilated filter gives `result` of them. */
export function after(before: number, image: number, filter: number, dilation: number, result: number): number {
  return result + (filter - 1) * dilation - image - before;
}

/**
 * What flows back into the image: `dy`, with zeros between its rows and columns where the stride was above 1, correlated
 * with the filter turned by 180°.
 * @param turned the filter as [height, width, channels of dy, …], rows and columns reversed
 */
export function backIntoImage(
  call: Call,
  dy: TensorInfo,
  turned: TensorInfo,
  sizes: Geometry,
  depthwise: boolean,
): TensorInfo {
  const image = spread(call, dy, sizes.strideHeight, sizes.strideWidth);
  const [, height, width] = image.shape as Size4;
  const top = sizes.filterHeight - 1 - sizes.top;
  const left = sizes.filterWidth - 1 - sizes.left;
  return correlate(call, {
    image,
    filter: turned,
    depthwise,
    dilations: [1, 1],
    top,
    left,
    bottom: after(top, height, sizes.filterHeight, 1, sizes.height),
    right: after(left, width, sizes.filterWidth, 1, sizes.width),
  });
}

/** Every row followed by `rows` − 1 rows of zeros, and columns alike; by padding an axis that stands for one row. */
function spread(call: Call, x: TensorInfo, rows: number, columns: number): TensorInfo {
  const [batch, height, width, channels] = x.shape as Size4;
  let wide = x;
  if (columns > 1) wide = padded(call, wide, [batch * height, width, 1, channels], columns - 1);
  if (rows > 1) wide = padded(call, wide, [batch, height, 1, width * columns * channels], rows - 1);
  return call("Reshape", { x: wide }, { shape: [batch, height * rows, width * columns, channels] });
}

/** Zeros at the end of the third axis, once `x` has that shape. */
function padded(call: Call, x: TensorInfo, shape: Size4, zeros: number): TensorInfo {
  const reshaped = call("Reshape", { x }, { shape });
  const paddings = [
    [0, 0],
    [0, 0],
    [0, zeros],
    [0, 0],
  ];
  return call("PadV2", { x: reshaped }, { paddings, constantValue: 0 });
}

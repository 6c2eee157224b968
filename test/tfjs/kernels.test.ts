import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { TensorFlow } from "../../src/tfjs/api.ts";
import type * as core from "@tensorflow/tfjs-core";
import { loadTensorFlow } from "../../src/tfjs/load.ts";
import { installedPackages } from "../../src/tfjs/packages.ts";

/** Every kernel is held against tfjs's own cpu backend: on random shapes, with nothing left alive afterwards. */

let tf: TensorFlow;

beforeAll(async () => {
  tf = await loadTensorFlow({
    packages: installedPackages,
    environment: { HPO_TFJS_BACKEND: "wasm" },
    say: () => {},
  });
  installedPackages.load("@tensorflow/tfjs-backend-cpu");
  tf.env().set("PROD", true); // without the cpu backend's advice
});

interface Input {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Numbers in ±1 that follow from the shape, so that a failing case says all. */
function input(shape: readonly number[]): Input {
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, values: Float32Array.from({ length: size }, (_, i) => Math.sin(12.9898 * (i + 1)) % 1) };
}

type Outputs = readonly { readonly shape: readonly number[]; readonly values: ArrayLike<number> }[];

/** What `compute` gives on a backend, from tensors of the inputs; asserts that it leaves no tensor and no buffer behind. */
function on(backend: string, inputs: readonly Input[], compute: (...tensors: core.Tensor[]) => core.Tensor[]): Outputs {
  void tf.setBackend(backend); // both are there: it takes effect at once
  const before = { tensors: tf.memory().numTensors, buffers: tf.memory().numDataBuffers, own: held() };
  const outputs = tf.tidy(() =>
    compute(...inputs.map(({ shape, values }) => tf.tensor(values, [...shape]))).map((tensor) => ({
      shape: tensor.shape,
      values: tensor.dataSync(),
    })),
  );
  const after = { tensors: tf.memory().numTensors, buffers: tf.memory().numDataBuffers, own: held() };
  expect(after).toEqual(before);
  return outputs;
}

/** Buffers that the backend itself holds: those that kernels make on the way are not counted by tfjs. */
function held(): number {
  return tf.backend().numDataIds();
}

function expectSame(inputs: readonly Input[], compute: (...tensors: core.Tensor[]) => core.Tensor[]): void {
  const [wasm, cpu] = [on("wasm", inputs, compute), on("cpu", inputs, compute)];
  expect(wasm.map(({ shape }) => shape)).toEqual(cpu.map(({ shape }) => shape));
  wasm.forEach(({ values }, i) => {
    const expected = Array.from(cpu[i]?.values ?? []);
    const scale = Math.max(1e-3, ...expected.map(Math.abs));
    expected.forEach((value, j) => expect(Math.abs((values[j] ?? NaN) - value) / scale).toBeLessThan(1e-4));
  });
}

const size = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
type Pair = [number, number];

interface Convolution {
  readonly batch: number;
  readonly channels: number;
  readonly outputs: number;
  readonly image: Pair;
  readonly filter: Pair;
  readonly strides: Pair;
  readonly pad: "same" | "valid" | number;
}

const depths = { batch: size(4), channels: size(4), outputs: size(3) };

/** Filters and strides of different height and width, padded by name. */
const named: fc.Arbitrary<Convolution> = fc.record({
  ...depths,
  image: fc.tuple(size(9), size(9)),
  filter: fc.tuple(size(5), size(5)),
  strides: fc.tuple(size(3), size(3)),
  pad: fc.constantFrom<("same" | "valid")[]>("same", "valid"),
});

/** Padded by a number: tfjs then takes the filter's height and the vertical stride for both axes, so they are square. */
const numbered: fc.Arbitrary<Convolution> = fc
  .record({ ...depths, image: fc.tuple(size(9), size(9)), side: size(5), stride: size(3), pad: fc.nat(3) })
  .map(({ side, stride, ...rest }) => ({ ...rest, filter: [side, side], strides: [stride, stride] }));

const convolution = fc.oneof(named, numbered).filter(({ image, filter, pad }) => {
  const margin = typeof pad === "number" ? 2 * pad : 0;
  return pad === "same" || (image[0] + margin >= filter[0] && image[1] + margin >= filter[1]);
});

/** A stride so large that the filter's last column sees nothing but padding. */
const beyond: Convolution = {
  batch: 1,
  channels: 3,
  outputs: 3,
  image: [2, 1],
  pad: 1,
  filter: [1, 1],
  strides: [3, 3],
};

type Convolve = typeof tf.conv2d | typeof tf.depthwiseConv2d;

/** Both gradients of a convolution for a given `dy`: the forward pass, which is tfjs's own, has no part in them. */
function expectSameGradients(
  { batch, channels, outputs, image, filter, strides, pad }: Convolution,
  convolve: Convolve,
): void {
  const inputs = [input([batch, ...image, channels]), input([...filter, channels, outputs])];
  const rounding = typeof pad === "number" ? "floor" : undefined;
  expectSame(inputs, (x, kernel) => {
    const forward = (a: core.Tensor, b: core.Tensor): core.Tensor =>
      convolve(a as core.Tensor4D, b as core.Tensor4D, strides, pad, "NHWC", 1, rounding);
    const { shape } = forward(x, kernel);
    const dy = tf.tensor(input(shape).values, shape);
    return tf.grads(forward)([x, kernel], dy);
  });
}

test("the gradients of a convolution", () => {
  fc.assert(
    fc.property(convolution, (sizes) => expectSameGradients(sizes, tf.conv2d)),
    { numRuns: 200, examples: [[beyond]] },
  );
});

test("the gradients of a depthwise convolution", () => {
  const evenly = convolution.map((sizes): Convolution => ({ ...sizes, strides: [sizes.strides[0], sizes.strides[0]] }));
  fc.assert(
    fc.property(evenly, (sizes) => expectSameGradients(sizes, tf.depthwiseConv2d)),
    { numRuns: 200, examples: [[beyond]] },
  );
});

test("a transposed convolution", () => {
  fc.assert(
    fc.property(named, ({ batch, image, channels, filter, outputs, strides, pad }) => {
      const side = (axis: 0 | 1): number =>
        pad === "same" ? image[axis] * strides[axis] : (image[axis] - 1) * strides[axis] + filter[axis];
      const shape: core.Tensor4D["shape"] = [batch, side(0), side(1), channels];
      expectSame([input([batch, ...image, outputs]), input([...filter, channels, outputs])], (x, kernel) => [
        tf.conv2dTranspose(x as core.Tensor4D, kernel as core.Tensor4D, shape, strides, pad),
      ]);
    }),
    { numRuns: 100 },
  );
});

test("matrix products, transposed and batched in every way", () => {
  const sizes = fc.record({
    outer: fc.constantFrom<[number[], number[]][]>(
      [[], []],
      [[3], [3]],
      [[1], [4]],
      [
        [2, 1],
        [2, 3],
      ],
    ),
    rows: size(12),
    inner: size(12),
    columns: size(12),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
  });
  fc.assert(
    fc.property(sizes, ({ outer, rows, inner, columns, transposeA, transposeB }) => {
      const a = input([...outer[0], ...(transposeA ? [inner, rows] : [rows, inner])]);
      const b = input([...outer[1], ...(transposeB ? [columns, inner] : [inner, columns])]);
      expectSame([a, b], (x, y) => [tf.matMul(x, y, transposeA, transposeB)]);
    }),
    { numRuns: 200 },
  );
});

test("the gradient of a gather", () => {
  const gathers = fc.record({
    rows: size(6),
    length: size(5),
    ids: fc.array(fc.nat(), { minLength: 1, maxLength: 12 }),
  });
  fc.assert(
    fc.property(gathers, ({ rows, length, ids }) => {
      const indices = ids.map((id) => id % rows);
      expectSame([input([rows, length])], (x) => [
        tf.grad((table) => tf.square(tf.gather(table, tf.tensor1d(indices, "int32"))))(x),
      ]);
    }),
    { numRuns: 100 },
  );
});

test("a segment sum drops the ids that are out of range, and keeps whole numbers whole", () => {
  const [sums] = on("wasm", [], () => [
    tf.unsortedSegmentSum(
      tf.tensor2d(
        [
          [1, 2],
          [3, 4],
          [5, 6],
          [7, 8],
        ],
        [4, 2],
        "int32",
      ),
      tf.tensor1d([2, -1, 2, 9], "int32"),
      3,
    ),
  ]);
  expect(Array.from(sums?.values ?? [])).toEqual([0, 0, 0, 0, 6, 8]);
});

test("trains a small convolutional network", async () => {
  await tf.setBackend("wasm");
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 1 });
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [6, 6, 1], filters: 4, kernelSize: 3, activation: "relu", kernelInitializer }),
      tf.layers.depthwiseConv2d({ kernelSize: 3, padding: "same", depthwiseInitializer: kernelInitializer }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2, activation: "softmax", kernelInitializer }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.02), loss: "categoricalCrossentropy" });
  // Class 1 is lit on its left half.
  const images = Float32Array.from({ length: 20 * 36 }, (_, i) =>
    Math.floor(i / 36) % 2 === 1 && i % 6 < 3 ? 1 : 0.5 * Math.sin(i) ** 2,
  );
  const x = tf.tensor4d(images, [20, 6, 6, 1]);
  const y = tf.oneHot(
    tf.tensor1d(
      Array.from({ length: 20 }, (_, i) => i % 2),
      "int32",
    ),
    2,
  );
  const { history } = await model.fit(x, y, { epochs: 15, shuffle: false });
  const losses = history["loss"] as number[];
  expect(losses.at(-1)).toBeLessThan(0.5 * (losses[0] ?? NaN));
});

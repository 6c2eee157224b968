import type * as core from "@tensorflow/tfjs-core";
import type * as layers from "@tensorflow/tfjs-layers";
import type { TensorFlow } from "./api.ts";
import { loadTensorFlow } from "./load.ts";
import { installedPackages } from "./packages.ts";

export type { TensorFlow } from "./api.ts";

/**
 * TensorFlow.js, ready to train: `import { tf } from "hpo/tfjs"`. It holds the core and the layers API of whichever
 * backend was taken: native (`@tensorflow/tfjs-node-gpu`, then `@tensorflow/tfjs-node`) where it is installed and loads,
 * else WebAssembly. `HPO_TFJS_BACKEND=native|wasm|cpu` asks for one by name.
 *
 * One line on stderr says which it is. TensorFlow.js is an optional peer: nothing else in the package needs it.
 */
export const tf: TensorFlow = await loadTensorFlow({
  packages: installedPackages,
  environment: process.env,
  say: (line) => process.stderr.write(`${line}\n`),
});

/** The types that programs name most often, as `tf.Tensor2D`; every other one is in `@tensorflow/tfjs-core` and `-layers`. */
export declare namespace tf {
  export type DataType = core.DataType;
  export type LayersModel = layers.LayersModel;
  export type Optimizer = core.Optimizer;
  export type Rank = core.Rank;
  export type Scalar = core.Scalar;
  export type Sequential = layers.Sequential;
  export type Tensor<R extends core.Rank = core.Rank> = core.Tensor<R>;
  export type Tensor1D = core.Tensor1D;
  export type Tensor2D = core.Tensor2D;
  export type Tensor3D = core.Tensor3D;
  export type Tensor4D = core.Tensor4D;
  export type TensorLike = core.TensorLike;
  export type Variable<R extends core.Rank = core.Rank> = core.Variable<R>;
}

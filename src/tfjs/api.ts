import type * as core from "@tensorflow/tfjs-core";
import type * as layers from "@tensorflow/tfjs-layers";

/** The core and the layers API as one object. (CommonJS adds a `default` to each namespace's type; there is none here.) */
export type TensorFlow = Omit<typeof core, "default"> & Omit<typeof layers, "default">;

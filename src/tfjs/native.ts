import nodeUtil from "node:util";
import type { TensorFlow } from "./api.ts";
import type { Packages } from "./packages.ts";

/** Fastest first; `-gpu` runs on the CPU where it finds no device. */
export const NATIVE_PACKAGES = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"] as const;

/** What tfjs-node's backend says of itself, as far as it is used here. */
interface NativeBackend {
  readonly binding?: { readonly TF_Version?: string };
  readonly isUsingGpuDevice?: boolean;
}

export interface LoadedBackend {
  readonly tf: TensorFlow;
  /** For people: what runs, without the tfjs version. */
  readonly label: string;
}

type Environment = Record<string, string | undefined>;

/** libtensorflow reads these when it is loaded, not later; what the user has set stays. */
export function setNativeDefaults(environment: Environment): void {
  // Without it TensorFlow takes all memory of the GPU, and a second trial on the same one dies.
  environment["TF_FORCE_GPU_ALLOW_GROWTH"] ??= "true";
  // Errors only: at the default level TensorFlow tells about each CPU feature and device.
  environment["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
}

/**
 * tfjs-node 4.22.0 calls two functions that Node 23 removed from `util`; the fix is merged (tensorflow/tfjs#8425) and
 * was never released.
 */
export function restoreRemovedUtilities(util: Record<string, unknown>): void {
  util["isNullOrUndefined"] ??= (value: unknown) => value === null || value === undefined;
  util["isArray"] ??= Array.isArray;
}

/** Loads one native package. Throws its own error when it is broken, for instance without its binding. */
export async function loadNative(name: string, packages: Packages, environment: Environment): Promise<LoadedBackend> {
  setNativeDefaults(environment);
  restoreRemovedUtilities(nodeUtil);
  const tf = packages.load(name) as TensorFlow;
  if (!(await tf.setBackend("tensorflow"))) throw new Error(`${name} registered no usable "tensorflow" backend`);
  await tf.ready();
  const backend = tf.backend() as NativeBackend;
  const version = backend.binding?.TF_Version ?? "of unknown version";
  return { tf, label: `native backend (TensorFlow ${version}, ${backend.isUsingGpuDevice === true ? "GPU" : "CPU"})` };
}
